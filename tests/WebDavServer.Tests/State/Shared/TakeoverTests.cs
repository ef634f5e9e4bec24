using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.State;
using WebDav.State.Shared;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.State.Shared;

/// <summary>What becomes of the work of a server that has died at some moment of it, as another finds it in the database and on the disk.</summary>
public sealed class TakeoverTests(PostgresFixture postgres)
{
    private const string Dead = "dead";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_leases_hold_until_it_is_dead_and_no_longer()
    {
        await using ServerGroup group = await StartAsync();
        await DieAsync(group, "INSERT INTO lease (id, path, kind, server) VALUES ('00000000-0000-0000-0000-000000000001', '/held', 0, 'dead')");

        Assert.Equal(201, await group[0].StatusAsync("PUT", "/other", body: "x"));
        Assert.Equal(201, await group[0].StatusAsync("PUT", "/held", body: "x"));

        Assert.Equal(0, await CountAsync(group, $"server WHERE id = '{Dead}'"));
        Assert.False(group.Tree.Has($".webdav/servers/{Dead}"));
    }

    [Fact]
    public async Task A_move_that_was_done_gets_its_properties()
    {
        await using ServerGroup group = await StartAsync();
        await PutWithNoteAsync(group, "/a");
        ulong inode = await InodeAsync(group, "/a");
        File.Move(group.Tree.At("a"), group.Tree.At("b"));

        await DieAsync(group, Intent("move", "/a", "/b", inode));
        await GoneAsync(group);

        Assert.Equal("note", await group[0].NoteOfAsync("/b"));
        Assert.Equal(0, await CountAsync(group, "intent"));
    }

    [Fact]
    public async Task A_move_that_was_not_done_leaves_all_as_it_was()
    {
        await using ServerGroup group = await StartAsync();
        await PutWithNoteAsync(group, "/a");
        Assert.Equal(201, await group[0].StatusAsync("PUT", "/b", body: "another"));

        await DieAsync(group, Intent("move", "/a", "/b", await InodeAsync(group, "/a")));
        await GoneAsync(group);

        Assert.Equal("note", await group[0].NoteOfAsync("/a"));
        Assert.Null(await group[0].NoteOfAsync("/b"));
        Assert.Equal(0, await CountAsync(group, "intent"));
    }

    [Fact]
    public async Task What_lay_between_its_two_names_is_found_under_the_first()
    {
        await using ServerGroup group = await StartAsync();
        await PutWithNoteAsync(group, "/a");
        ulong inode = await InodeAsync(group, "/a");
        group.Tree.AddDirectory($".webdav/servers/{Dead}");
        File.Move(group.Tree.At("a"), group.Tree.At($".webdav/servers/{Dead}/between"));

        await DieAsync(group, Intent("move", "/a", "/b", inode));
        await GoneAsync(group);

        Assert.Equal(["a=x"], group.Tree.List());
        Assert.Equal("note", await group[0].NoteOfAsync("/a"));
    }

    [Fact]
    public async Task Its_operations_were_interrupted_and_its_staging_is_cleared()
    {
        await using ServerGroup group = await StartAsync();
        group.Tree.AddFile($".webdav/servers/{Dead}/half/a", "half");
        Guid id = Guid.NewGuid();
        string record = $$"""{"Id":"{{id}}","Method":"COPY","Source":"/a","Destination":"/b","Depth":"Infinity","State":"Running","Items":3,"Bytes":0,"Failed":0,"Failures":[],"Version":1,"Started":"{{DateTime.UtcNow:O}}"}""";

        await DieAsync(
            group,
            $"INSERT INTO operation (id, principal, running, started, record, server) VALUES ('{id}', '', 1, {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}, '{record}', 'dead')");
        await GoneAsync(group);

        RawResponse page = await group[0].AskAsync("GET", $"/.webdav/operations/{id}");
        Assert.Contains("\"state\":\"interrupted\"", page.Text, StringComparison.Ordinal);
        Assert.Empty(group.Staged);
    }

    [Fact]
    public async Task A_server_that_was_taken_for_dead_begins_anew()
    {
        await using ServerGroup group = await StartAsync(2);
        string before = group[1].Services.GetRequiredService<Seat>().Name;
        await PostgresCluster.ExecuteAsync(group.ConnectionString, $"UPDATE server SET taker = 'another' WHERE id = '{before}'");

        await WaitAsync(async () => await group[1].StatusAsync("PUT", "/file", body: "x") is 201 or 204);

        Assert.NotEqual(before, group[1].Services.GetRequiredService<Seat>().Name);
        await WaitAsync(async () => await CountAsync(group, $"server WHERE id = '{before}'") == 0);
    }

    [Fact]
    public async Task A_server_does_not_begin_anew_while_something_is_at_work_that_it_began_before()
    {
        await using ServerGroup group = await StartAsync();
        Seat seat = group[0].Services.GetRequiredService<Seat>();
        string before = seat.Name;
        using (await group[0].Services.GetRequiredService<IWriteLeases>().AcquireAsync(
            [new LeaseClaim(DavPath.Root, LeaseKind.Tree)], [], work: null, Cancellation))
        {
            await PostgresCluster.ExecuteAsync(group.ConnectionString, "UPDATE server SET taker = 'another'");
            await Task.Delay(ServerGroup.Heartbeat, Cancellation);
            Assert.Equal(before, seat.Name);
        }

        await WaitAsync(() => Task.FromResult(seat.Name != before));
    }

    [Fact]
    public async Task What_a_dead_server_was_taking_over_is_taken_over_after_it()
    {
        await using ServerGroup group = await StartAsync();
        group.Tree.AddFile(".webdav/servers/first/half", "half");
        await DieAsync(group, "INSERT INTO server (id, host, seen, taker) VALUES ('first', 'test', 0, 'dead')");

        await WaitAsync(async () => await CountAsync(group, "server") == 1);

        Assert.False(group.Tree.Has(".webdav/servers/first"));
    }

    private static string Intent(string kind, string source, string destination, ulong inode) => string.Create(
        CultureInfo.InvariantCulture,
        $"INSERT INTO intent (id, kind, source, destination, identity, created, server) VALUES ('{Guid.NewGuid()}', '{kind}', '{source}', '{destination}', '{inode}', 0, 'dead')");

    private static async Task PutWithNoteAsync(ServerGroup group, string path)
    {
        Assert.Equal(201, await group[0].StatusAsync("PUT", path, body: "x"));
        await group[0].SetNoteAsync(path, "note");
    }

    private static async Task<ulong> InodeAsync(ServerGroup group, string path) =>
        (await group[0].Services.GetRequiredService<IStore>().FindAsync(DavPath.FromValue(path), Cancellation))!.Identity.Number;

    // As a server leaves it that was killed a moment ago.
    private static async Task DieAsync(ServerGroup group, string work)
    {
        group.Tree.AddDirectory($".webdav/servers/{Dead}");
        await PostgresCluster.ExecuteAsync(
            group.ConnectionString, $"INSERT INTO server (id, host, seen) VALUES ('{Dead}', 'test', {SharedSchema.Now}); {work}");
    }

    private static Task GoneAsync(ServerGroup group) => WaitAsync(async () => await CountAsync(group, $"server WHERE id = '{Dead}'") == 0);

    private static Task<long> CountAsync(ServerGroup group, string what) =>
        PostgresCluster.ScalarAsync<long>(group.ConnectionString, $"SELECT count(*) FROM {what}");

    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            await Task.Delay(50, limit.Token);
        }
    }

    private async Task<ServerGroup> StartAsync(int count = 1) => await ServerGroup.StartAsync(await postgres.NewDatabaseAsync(), count);
}
