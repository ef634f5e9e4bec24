using FsCheck;
using FsCheck.Fluent;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hostile;

/// <summary>No path leads out of the root or to the reserved name, whatever it is sent as.</summary>
[Collection(AloneCollection.Name)]
public sealed class EscapingPathTests : IDisposable
{
    private const int Batches = 500;
    private const int PathsPerBatch = 40; // 20,000 in all, each asked for in four ways
    private const int Connections = 4;

    private readonly OutsideTheRoot _outside = new();

    public void Dispose() => _outside.Dispose();

    [Fact]
    public async Task No_path_reads_or_writes_outside_the_root()
    {
        _outside.AddReserved("kept");
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["WebDav:Root"] = _outside.Served });
        HashSet<string> reserved = [.. Reserved()];
        int asked = 0;
        int found = 0;
        int made = 0;

        await Task.Run(() => Prop.ForAll(HostilePath.Many(PathsPerBatch), paths =>
        {
            LayLinks();
            AskAllAsync(paths).GetAwaiter().GetResult();
            _outside.Check();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Batches)));

        Assert.True(asked >= 4 * Batches * PathsPerBatch, $"{asked} requests");
        Assert.True(found > 100 && made > 100, $"{found} were found and {made} made: the paths lead nowhere"); // or else the test would see nothing
        Assert.DoesNotContain(Reserved().Except(reserved), name => !name.StartsWith("state.db", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(_outside.At(".webdav/staging")));

        async Task AskAllAsync(string[] paths) => await Task.WhenAll(paths.Chunk((paths.Length + Connections - 1) / Connections).Select(async some =>
        {
            await using KeptConnection connection = new(server);
            foreach (string path in some)
            {
                await AskAsync(connection, $"GET {path} HTTP/1.1\r\nHost: localhost");
                await AskAsync(connection, $"PROPFIND {path} HTTP/1.1\r\nHost: localhost\r\nDepth: 1");
                await AskAsync(connection, $"PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3", "put"u8.ToArray());
                await AskAsync(connection, $"COPY /in/file HTTP/1.1\r\nHost: localhost\r\nDestination: {path}");
            }
        }));

        async Task AskAsync(KeptConnection connection, string head, byte[]? body = null)
        {
            Interlocked.Increment(ref asked);
            if (await connection.AskAsync(head, body) is not { } answer)
            {
                return;
            }

            OutsideTheRoot.Check(answer, head);
            Assert.True(answer.Status is not (500 or 507), $"{head}: {answer.StatusLine}"); // 502, 503 and 505 say what is wrong with the request
            Interlocked.Add(ref found, answer.Status is 200 or 207 ? 1 : 0);
            Interlocked.Add(ref made, answer.Status is 201 or 204 ? 1 : 0);
        }
    }

    // A PUT or COPY may have replaced them.
    private void LayLinks()
    {
        foreach ((string name, string target) in new[] { ("up", ".."), ("out", _outside.Beside("outside")), ("loop", "loop"), ("in/out", "../../outside/secret") })
        {
            if (new FileInfo(_outside.At(name)).LinkTarget is null)
            {
                File.Delete(_outside.At(name));
                File.CreateSymbolicLink(_outside.At(name), target);
            }
        }
    }

    private IEnumerable<string> Reserved() =>
        Directory.EnumerateFileSystemEntries(_outside.At(".webdav")).Select(path => Path.GetFileName(path));
}
