using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>RFC 4918 9.1 of a tree that is larger than memory should be.</summary>
[Collection(AloneCollection.Name)]
public sealed class DeepPropFindTests
{
    private const int Collections = 200;
    private const int Files = 1000;
    private const int Total = Collections * (Files + 1);
    private const long MostGrowth = 16 * 1024 * 1024; // 200,000 entries, kept in any way, take several times that

    [Fact]
    public async Task The_first_entries_leave_before_the_walk_has_gone_far_and_memory_stays_flat()
    {
        const int Gate = 100;
        SyntheticStore store = new(Collections, Files);
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        long early = 0;
        long late = 0;
        store.Giving = async before =>
        {
            switch (before)
            {
                case Gate:
                    await opened.Task;
                    break;
                case Total / 10:
                    early = GC.GetTotalMemory(forceFullCollection: true);
                    break;
                case Total - 1:
                    late = GC.GetTotalMemory(forceFullCollection: true);
                    break;
            }
        };
        await using ServerFixture server = await ServerFixture.StartAsync(services: services => services.AddSingleton<IStore>(store));

        using HttpRequestMessage request = new(new HttpMethod("PROPFIND"), server.Address) { Headers = { { "Depth", "infinity" } } };
        using HttpResponseMessage response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.MultiStatus, response.StatusCode);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[64 * 1024];
        int count = 0;
        int matched = 0;
        while (count == 0)
        {
            count += Count(await ReadAsync());
        }

        Assert.True(store.Pulled <= Gate + 1, $"{store.Pulled} entries were pulled when the first came");
        opened.SetResult();
        for (ReadOnlyMemory<byte> some = await ReadAsync(); !some.IsEmpty; some = await ReadAsync())
        {
            count += Count(some);
        }

        Assert.Equal(Total + 1, count); // and the root
        Assert.Equal(Total, store.Pulled);
        Assert.True(late - early < MostGrowth, $"from {early} to {late} bytes");

        async Task<ReadOnlyMemory<byte>> ReadAsync() => buffer.AsMemory(0, await body.ReadAsync(buffer).AsTask().WaitAsync(RawConnection.Patience));

        int Count(ReadOnlyMemory<byte> bytes)
        {
            ReadOnlySpan<byte> tag = "<D:response>"u8;
            int found = 0;
            foreach (byte next in bytes.Span)
            {
                matched = next == tag[matched] ? matched + 1 : next == tag[0] ? 1 : 0;
                if (matched == tag.Length)
                {
                    found++;
                    matched = 0;
                }
            }

            return found;
        }
    }
}
