using WebDav.Protocol;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

public sealed class ListTests
{
    private const int Many = 20_000;

    [Fact]
    public async Task Memory_does_not_grow_with_the_number_of_members()
    {
        await using var served = new ServedDirectory();
        Fill(served, Many);
        var (seen, early) = (0, 0L);
        await foreach (var entry in served.Store.ListAsync(P("/d"), Cancellation))
        {
            Assert.Equal(0, entry.Length);
            if (++seen == 100)
            {
                early = GC.GetTotalMemory(forceFullCollection: true);
            }
            else if (seen == Many - 100)
            {
                // 20,000 entries with their paths would be several megabytes.
                Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - early, long.MinValue, 500_000);
            }
        }

        Assert.Equal(Many, seen);
    }

    [Fact]
    public async Task Members_can_be_removed_while_they_are_listed()
    {
        await using var served = new ServedDirectory();
        Fill(served, 3000);
        await foreach (var entry in served.Store.ListAsync(P("/d"), Cancellation))
        {
            await served.Remove(entry.Path);
        }

        Assert.Empty(await served.List("/d"));
        await served.Remove(P("/d"));
    }

    [Fact]
    public async Task Listing_ends_when_it_is_cancelled()
    {
        await using var served = new ServedDirectory();
        Fill(served, 10);
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in served.Store.ListAsync(P("/d"), source.Token))
            {
                await source.CancelAsync();
            }
        });
    }

    [Fact]
    public async Task No_operation_leaves_a_descriptor_open()
    {
        await using var served = new ServedDirectory();
        Fill(served, 100);
        served.Link("/l", "d");
        served.Pipe("/pipe");
        await Everything(served); // what the runtime opens once
        var before = Descriptors(served);
        for (var round = 0; round < 5; round++)
        {
            await Everything(served);
        }

        // Of this store only: other tests run in the same process.
        Assert.Equal(before, Descriptors(served));
    }

    private static async Task Everything(ServedDirectory served)
    {
        await foreach (var _ in served.Store.ListAsync(P("/l"), Cancellation))
        {
            break; // left early
        }

        await served.List("/d");
        await served.Find("/l/f0000");
        await served.Find("/none/none");
        await served.Read("/l/f0000");
        await served.Put("/l/new");
        await served.Put("/d/new");
        await served.Copy("/d/new", "/l/copy");
        await served.Store.SpaceAsync(P("/d/x/y"), Cancellation);
        await served.Store.CheckWritableAsync((await served.Find("/l/new"))!, Cancellation);
        await served.Store.MakeCollectionAsync(P("/d/sub"), Cancellation);
        await served.Store.MakeCollectionAsync(P("/d/other"), Cancellation);
        await served.Put("/d/other/f");
        await FaultOf(() => served.Remove(P("/d/other")));
        await FaultOf(() => served.Put("/pipe"));
        await FaultOf(() => served.Put("/none/none"));
        await FaultOf(() => served.Put("/d", replace: false));
        await FaultOf(() => served.Read("/pipe"));
        await FaultOf(() => served.Copy("/none", "/d/none"));
        var displaced = await served.Store.RenameAsync(P("/d/sub"), P("/l/other"), replace: true, Cancellation);
        await foreach (var _ in displaced!.RemoveAsync(Cancellation))
        {
            // to the end
        }

        await served.Remove(P("/d/other"));
        await served.Remove(P("/l/copy"));
    }

    private static int Descriptors(ServedDirectory served) => Directory.GetFiles("/proc/self/fd")
        .Concat(Directory.GetDirectories("/proc/self/fd"))
        .Select(fd => new FileInfo(fd).LinkTarget)
        .Count(target => target?.StartsWith(Path.GetDirectoryName(served.Root)!, StringComparison.Ordinal) == true);

    private static void Fill(ServedDirectory served, int count)
    {
        served.Folder("/d");
        for (var i = 0; i < count; i++)
        {
            File.WriteAllBytes(served.OnDisk($"/d/f{i:D4}"), []);
        }
    }
}
