using System.Runtime.InteropServices;
using System.Text;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hostile;

/// <summary>While a directory is being swapped for a symbolic link, no request goes through the link that must not.</summary>
[Collection(AloneCollection.Name)]
public sealed class SwappedLinkTests : IDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20); // the race is what is tested: it must have time to be lost

    private readonly OutsideTheRoot _outside = new();

    public void Dispose() => _outside.Dispose();

    [Theory]
    [InlineData("InsideRoot")]
    [InlineData("Never")]
    public async Task A_directory_that_becomes_a_link_during_a_request_leads_nowhere(string policy)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(
            new Dictionary<string, string?> { ["WebDav:Root"] = _outside.Served, ["WebDav:Symlinks"] = policy });
        Directory.CreateDirectory(_outside.At("d/in"));
        await File.WriteAllTextAsync(_outside.At("d/file"), "inside");
        await File.WriteAllTextAsync(_outside.At("d/in/file"), "inside");

        // The link that takes the directory's place: to what lies outside, or, where none may be followed, to what lies inside.
        string target = policy == "Never" ? _outside.At("behind") : _outside.Beside("outside");
        if (policy == "Never")
        {
            Shell.Run(_outside.Served, $"cp -R '{_outside.Beside("outside")}' behind");
        }

        File.CreateSymbolicLink(_outside.At("link"), target);
        List<string> behind = Describe(target);

        using CancellationTokenSource end = new(Duration);
        Dictionary<int, int> statuses = [];
        long swaps = 0;
        Task swapping = Task.Factory.StartNew(
            () =>
            {
                while (!end.IsCancellationRequested)
                {
                    Exchange(_outside.At("d"), _outside.At("link"));
                    swaps++;
                }
            },
            TaskCreationOptions.LongRunning);
        string[] requests =
        [
            "GET /d/file HTTP/1.1",
            "GET /d/in/file HTTP/1.1",
            "PROPFIND /d/ HTTP/1.1\r\nDepth: 1",
            "PROPFIND / HTTP/1.1\r\nDepth: infinity",
            "PUT /d/new HTTP/1.1\r\nContent-Length: 3",
            "PUT /d/file HTTP/1.1\r\nContent-Length: 6",
            "COPY /in HTTP/1.1\r\nDestination: /d/copied",
            "COPY /d HTTP/1.1\r\nDestination: /copy",
            "GET /copy/file HTTP/1.1",
            "GET /copy/in/file HTTP/1.1",
            "MOVE /d/new HTTP/1.1\r\nDestination: /d/in/moved",
            "MKCOL /d/made HTTP/1.1",
            "DELETE /d/made HTTP/1.1",
            "DELETE /d/in/moved HTTP/1.1",
            "DELETE /d/copied HTTP/1.1",
            "PROPPATCH /d/file HTTP/1.1\r\nContent-Length: 0",
            "DELETE /copy HTTP/1.1",
        ];
        await Task.WhenAll(Enumerable.Range(0, 3).Select(first => AskAsync(first)));
        await swapping;

        // What lies behind the link was neither read, which each answer has shown, nor written.
        _outside.Check();
        Assert.Equal(behind, Describe(target));
        Assert.True(swaps > 1000, $"{swaps} swaps");
        Assert.True(statuses.GetValueOrDefault(200) > 10, "no file was read"); // both states were met
        Assert.True(statuses.Where(pair => pair.Key is 403 or 404 or 409).Sum(pair => pair.Value) > 10, "the link was never in the way");

        async Task AskAsync(int first)
        {
            await using KeptConnection connection = new(server);
            for (int i = first; !end.IsCancellationRequested; i++)
            {
                string head = requests[i % requests.Length];
                byte[] body = head.Contains("Content-Length: 3", StringComparison.Ordinal) ? "new"u8.ToArray()
                    : head.Contains("Content-Length: 6", StringComparison.Ordinal) ? "inside"u8.ToArray() : [];
                RawResponse? answer = await connection.AskAsync(head.Replace("HTTP/1.1", "HTTP/1.1\r\nHost: localhost", StringComparison.Ordinal), body);
                if (answer is null)
                {
                    continue; // a file that was cut short while it was sent
                }

                if (policy != "Never" || !head.StartsWith("PROPFIND / ", StringComparison.Ordinal))
                {
                    OutsideTheRoot.Check(answer, head); // else what lies behind the link is found in its own place, too
                }

                Assert.NotEqual(500, answer.Status);
                lock (statuses)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(statuses, answer.Status, out _)++;
                }
            }
        }
    }

    private static List<string> Describe(string directory) =>
    [
        .. Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path}={(File.Exists(path) ? File.ReadAllText(path) : "")}"),
    ];

    // In one step: both names are always there. The numbers are AT_FDCWD and RENAME_EXCHANGE of renameat2(2).
    private static void Exchange(string one, string other) =>
        Assert.Equal(0, RenameAt2(-100, Encoding.UTF8.GetBytes(one + "\0"), -100, Encoding.UTF8.GetBytes(other + "\0"), 2));

    [DllImport("libc", EntryPoint = "renameat2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameAt2(int oldDirectory, byte[] oldPath, int newDirectory, byte[] newPath, uint flags);
}
