using System.Globalization;
using System.Net;
using System.Text.Json;
using WebDav.Operations;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>The page <c>…/events</c>: server-sent events (HTML Living Standard 9.2).</summary>
public sealed class EventsTests
{
    [Fact]
    public async Task Their_ids_rise_and_the_last_one_is_done()
    {
        await using OperationServer server = await StartAsync();
        Stall first = server.Store.Stall(StoreCall.StagedCopyFile, path: null, nth: 1);
        Stall second = server.Store.Stall(StoreCall.StagedCopyFile, path: null, nth: 6);
        string page = (await server.AskAsync("COPY", "Prefer: respond-async"))["Location"]!;
        await first.ReachedAsync();
        using HttpResponseMessage response = await OpenAsync(server, page);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());

        List<(string Name, long Id, JsonElement Data)> events = [await NextAsync(reader)];
        first.Release();
        await second.ReachedAsync();
        events.Add(await NextAsync(reader));
        second.Release();
        while (events[^1].Name != "done")
        {
            events.Add(await NextAsync(reader));
        }

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal((true, "no"), (response.Headers.CacheControl!.NoStore, response.Headers.GetValues("X-Accel-Buffering").Single()));
        Assert.Null(await reader.ReadLineAsync().WaitAsync(RawConnection.Patience));
        Assert.All(events.SkipLast(1), one => Assert.Equal(("progress", "running"), (one.Name, one.Data.GetProperty("state").GetString())));
        Assert.True(events.Zip(events.Skip(1)).All(pair => pair.First.Id < pair.Second.Id), string.Join(' ', events.Select(one => one.Id)));
        Assert.True(events.Zip(events.Skip(1)).All(pair => Items(pair.First.Data) <= Items(pair.Second.Data)));
        Assert.Equal(("succeeded", 201), (events[^1].Data.GetProperty("state").GetString(), events[^1].Data.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Who_comes_back_hears_only_what_is_new()
    {
        await using OperationServer server = await StartAsync();
        Stall first = server.StallAt("COPY");
        string page = (await server.AskAsync("COPY", "Prefer: respond-async"))["Location"]!;
        await first.ReachedAsync();
        long last;
        using (HttpResponseMessage response = await OpenAsync(server, page))
        using (StreamReader reader = new(await response.Content.ReadAsStreamAsync()))
        {
            last = (await NextAsync(reader)).Id;
        }

        using (HttpResponseMessage response = await OpenAsync(server, page, last))
        using (StreamReader reader = new(await response.Content.ReadAsStreamAsync()))
        {
            Task<(string, long Id, JsonElement)> next = NextAsync(reader);
            first.Release();
            Assert.True((await next).Id > last);
        }

        await server.EndOfAsync(page);
        long done;
        using (HttpResponseMessage response = await OpenAsync(server, page, last))
        using (StreamReader reader = new(await response.Content.ReadAsStreamAsync()))
        {
            (string name, done, _) = await NextAsync(reader);
            Assert.Equal("done", name);
        }

        Assert.True(done > last);
        using HttpResponseMessage nothing = await OpenAsync(server, page, done);
        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode); // 9.2.3: so that it does not come back again
    }

    [Fact]
    public async Task The_end_is_told_after_a_restart_too()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        string page = (await server.AskAsync("COPY", "Prefer: respond-async"))["Location"]!;
        await server.EndOfAsync(page);
        await using OperationServer next = await server.RestartAsync();

        using HttpResponseMessage response = await OpenAsync(next, page);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());
        (string name, long id, JsonElement data) = await NextAsync(reader);

        Assert.Equal(("done", "succeeded"), (name, data.GetProperty("state").GetString()));
        Assert.True(id > 0);
        Assert.Null(await reader.ReadLineAsync().WaitAsync(RawConnection.Patience));
    }

    [Fact]
    public async Task Nothing_new_is_said_by_a_comment_now_and_then()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");
        string page = (await server.AskAsync("COPY", "Prefer: respond-async"))["Location"]!;
        await stall.ReachedAsync();
        server.Time.Advance(TimeSpan.FromSeconds(2)); // the operation's own timers
        await OperationServer.WaitAsync(() => server.Registry.All[0].Progress.Snapshot.TotalItems is not null && server.Time.Timers == 0);
        using HttpResponseMessage response = await OpenAsync(server, page);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());
        await NextAsync(reader);

        Task<string?> comment = reader.ReadLineAsync();
        for (int i = 0; i < 61 && !comment.IsCompleted; i++)
        {
            await server.Inner.AdvanceAsync(TimeSpan.FromMilliseconds(250)); // 61 times are more than 15 seconds
        }

        Assert.StartsWith(":", await comment.WaitAsync(RawConnection.Patience), StringComparison.Ordinal);
        stall.Release();
        Assert.Equal("", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task An_end_is_never_told_by_halves()
    {
        // However the reader comes between, "done" has the status, and comes.
        for (int i = 0; i < 200; i++)
        {
            await using OperationBench bench = new();
            Operation operation = await bench.StartAsync(OperationBench.Steps(5));
            while (OperationRecord.Of(operation) is var record)
            {
                Assert.Equal(record.Ended is null, record.Status is null);
                Assert.Equal(record.Ended is null, record.State is OperationState.Running);
                if (record.Ended is not null)
                {
                    Assert.Equal(operation.Now.Version, record.Version);
                    Assert.Equal(5, record.Items);
                    break;
                }
            }
        }
    }

    private static async Task<OperationServer> StartAsync()
    {
        TempTree tree = new();
        for (int i = 0; i < 10; i++)
        {
            tree.AddFile($"a/{i}", "content");
        }

        tree.AddFile("a/f", "content");
        return await OperationServer.StartAsync(realTime: true, tree: tree);
    }

    private static async Task<HttpResponseMessage> OpenAsync(OperationServer server, string page, long? last = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, page + "/events");
        if (last is { } id)
        {
            request.Headers.Add("Last-Event-ID", id.ToString(CultureInfo.InvariantCulture));
        }

        return await server.Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<(string Name, long Id, JsonElement Data)> NextAsync(StreamReader reader)
    {
        Dictionary<string, string> fields = [];
        while (await reader.ReadLineAsync().WaitAsync(RawConnection.Patience) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            fields.Add(line[..colon], line[(colon + 2)..]);
        }

        Assert.Equal(["data", "event", "id"], fields.Keys.Order(StringComparer.Ordinal));
        return (fields["event"], long.Parse(fields["id"], CultureInfo.InvariantCulture), JsonDocument.Parse(fields["data"]).RootElement);
    }

    private static int Items(JsonElement data) => data.GetProperty("progress").GetProperty("items").GetInt32();
}
