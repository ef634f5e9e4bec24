using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebDav.Properties;
using WebDav.Protocol;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>A state database that another program holds, or that is damaged: files are served all the same.</summary>
public sealed class StateFaultTests
{
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What can have happened to a database while no server ran.</summary>
    public static TheoryData<string> Damages => ["random", "truncated", "a stump", "another header"];

    [Fact]
    public async Task A_database_that_another_program_holds_makes_clients_come_back_later()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "old");
        server.Tree.AddFile("gone", "old");
        await server.SetNoteAsync("/file", "kept");
        await server.SetNoteAsync("/gone", "of what is gone");
        using (await HeldDatabase.TakeAsync(server.Tree.At(".webdav/state.db")))
        {
            RawResponse[] refused = await Task.WhenAll(
                server.AskAsync("LOCK", "/file", body: LockInfo),
                server.AskAsync("COPY", "/file", ["Destination: /copy"]),
                server.AskAsync("MOVE", "/file", ["Destination: /moved"]));
            Assert.All(refused, answer => Assert.Equal((503, "1"), (answer.Status, answer["Retry-After"])));
            Assert.False(server.Tree.Has("copy") || server.Tree.Has("moved"));
            Assert.Equal("kept", await server.NoteOfAsync("/file"));
            Assert.Equal("old", (await server.AskAsync("GET", "/file")).Text);
            Assert.Equal(204, await server.StatusAsync("PUT", "/file", body: "new"));
            Assert.Equal(204, await server.StatusAsync("DELETE", "/gone"));
        }

        Assert.Equal(200, await server.StatusAsync("LOCK", "/file", body: LockInfo));
        Assert.Equal(201, await server.StatusAsync("COPY", "/file", ["Destination: /copy"]));
        Assert.Equal("kept", await server.NoteOfAsync("/copy"));
        Assert.Equal(201, await server.StatusAsync("PUT", "/gone", body: "another"));
        Assert.Null(await server.NoteOfAsync("/gone"));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_database_that_is_damaged_at_the_start_is_set_aside_with_a_clear_word(string damage)
    {
        ServerFixture first = await ServerFixture.StartAsync();
        first.Tree.AddFile("file", "content");
        await FillAsync(first);
        TempTree tree = await first.HandOnAsync();
        string database = tree.At(".webdav/state.db");
        byte[] bytes = Damage(damage, await File.ReadAllBytesAsync(database, Cancellation));
        await File.WriteAllBytesAsync(database, bytes, Cancellation);

        await using ServerFixture server = await ServerFixture.StartAsync(tree: tree);

        string aside = Assert.Single(Directory.GetFiles(tree.At(".webdav"), "state.db.damaged-*"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(aside, Cancellation));
        LogLine line = Assert.Single(server.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Contains(aside, line.Text, StringComparison.Ordinal);
        Assert.Equal("content", (await server.AskAsync("GET", "/file")).Text);
        await server.SetNoteAsync("/file", "fresh");
        Assert.Equal(200, await server.StatusAsync("LOCK", "/file", body: LockInfo));
    }

    [Fact]
    public async Task A_database_that_becomes_damaged_is_told_once_and_files_are_served_until_the_next_start_sets_it_aside()
    {
        ServerFixture first = await ServerFixture.StartAsync();
        first.Tree.AddFile("file", "content");
        await FillAsync(first, count: 12_000); // more than a connection keeps in memory
        ServerFixture second = await ServerFixture.StartAsync(tree: await first.HandOnAsync());
        await using (FileStream file = new(second.Tree.At(".webdav/state.db"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, (int)(file.Length - 4096)).ToArray(), Cancellation);
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(500, await second.StatusAsync("PROPFIND", "/file", ["Depth: 0"]));
        }

        LogLine line = Assert.Single(second.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Contains("state.db has become damaged", line.Text, StringComparison.Ordinal);
        Assert.Equal("content", (await second.AskAsync("GET", "/file")).Text);
        Assert.Equal(204, await second.StatusAsync("PUT", "/file", body: "new"));
        Assert.Equal(201, await second.StatusAsync("PUT", "/other", body: "new"));
        Assert.Equal(204, await second.StatusAsync("DELETE", "/other"));

        await using ServerFixture third = await ServerFixture.StartAsync(tree: await second.HandOnAsync());
        Assert.Single(Directory.GetFiles(third.Tree.At(".webdav"), "state.db.damaged-*"));
        await third.SetNoteAsync("/file", "fresh");
    }

    // So many that they fill some pages.
    private static async Task FillAsync(ServerFixture server, int count = 1000) =>
        await server.Services.GetRequiredService<IDeadProperties>().ApplyAsync(
            DavPath.FromValue("/file"),
            [.. Enumerable.Range(0, count).Select(i => Change($"p{i}"))],
            Cancellation);

    private static PropertyChange Change(string name)
    {
        PropertyName property = new("urn:test", name);
        return new(property, new DeadProperty(property, $"<{name} xmlns=\"urn:test\">{new string('x', 400)}</{name}>"));
    }

    private static byte[] Damage(string how, byte[] bytes)
    {
        switch (how)
        {
            case "random":
                new Random(1).NextBytes(bytes);
                return bytes;
            case "truncated":
                return bytes[..(bytes.Length / 2)];
            case "a stump":
                return bytes[..50];
            default:
                "Some other format"u8[..16].CopyTo(bytes);
                return bytes;
        }
    }

    /// <summary>The program sqlite3, within a transaction that writes.</summary>
    private sealed class HeldDatabase(Process process) : IDisposable
    {
        public static async Task<HeldDatabase> TakeAsync(string database)
        {
            Process process = Process.Start(new ProcessStartInfo("sqlite3", [database])
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
            })!;
            await process.StandardInput.WriteLineAsync("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE; SELECT 'held';");
            await process.StandardInput.FlushAsync(Cancellation);
            Assert.Equal("5000", await process.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
            Assert.Equal("held", await process.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
            return new(process);
        }

        public void Dispose()
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
