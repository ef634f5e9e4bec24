using Microsoft.Extensions.DependencyInjection;
using WebDav.Operations;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.State;
using WebDav.State.Shared;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.State.Shared;

/// <summary>Servers on one directory, each asked for what another has done.</summary>
public sealed class ServerGroupTests(PostgresFixture postgres)
{
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lock_of_one_is_a_lock_of_all()
    {
        await using ServerGroup group = await StartAsync();
        RawResponse granted = await group[0].AskAsync("LOCK", "/file", ["Timeout: Second-100"], LockInfo);
        string token = granted["Lock-Token"]!;

        Assert.Equal(201, granted.Status);
        Assert.Equal(423, await group[1].StatusAsync("PUT", "/file", body: "x"));
        Assert.Equal(423, await group[1].StatusAsync("LOCK", "/file", body: LockInfo));
        Assert.Equal(423, await group[1].StatusAsync("DELETE", "/file"));
        Assert.Equal(204, await group[1].StatusAsync("PUT", "/file", [$"If: ({token})"], "x"));
        Assert.Equal(200, await group[1].StatusAsync("LOCK", "/file", [$"If: ({token})"]));
        Assert.Contains(token.Trim('<', '>'), (await group[1].AskAsync("PROPFIND", "/", ["Depth: 1"])).Text, StringComparison.Ordinal);
        Assert.Equal(204, await group[1].StatusAsync("UNLOCK", "/file", [$"Lock-Token: {token}"]));
        Assert.Equal(204, await group[0].StatusAsync("PUT", "/file", body: "y"));
    }

    [Fact]
    public async Task An_If_that_names_another_resource_is_asked_for_the_locks_there()
    {
        await using ServerGroup group = await StartAsync();
        string token = (await group[0].AskAsync("LOCK", "/locked", body: LockInfo))["Lock-Token"]!;

        Assert.Equal(201, await group[1].StatusAsync("PUT", "/a", [$"If: </locked> ({token})"], "x"));
        Assert.Equal(412, await group[1].StatusAsync("PUT", "/b", [$"If: </a> ({token})"], "x"));
    }

    [Fact]
    public async Task A_property_of_one_is_a_property_of_all_and_goes_with_its_resource()
    {
        await using ServerGroup group = await StartAsync();
        Assert.Equal(201, await group[0].StatusAsync("MKCOL", "/a/"));
        Assert.Equal(201, await group[1].StatusAsync("PUT", "/a/f", body: "x"));
        await group[0].SetNoteAsync("/a/f", "kept");

        Assert.Equal("kept", await group[1].NoteOfAsync("/a/f"));
        Assert.Equal(201, await group[1].StatusAsync("MOVE", "/a/", ["Destination: /b/"]));
        Assert.Equal("kept", await group[0].NoteOfAsync("/b/f"));
        Assert.Equal(201, await group[0].StatusAsync("COPY", "/b/", ["Destination: /c/"]));
        Assert.Equal("kept", await group[1].NoteOfAsync("/c/f"));
        Assert.Equal(204, await group[1].StatusAsync("DELETE", "/c/"));
        Assert.Equal(201, await group[0].StatusAsync("MKCOL", "/c/"));
        Assert.Equal(201, await group[0].StatusAsync("PUT", "/c/f", body: "x"));
        Assert.Null(await group[0].NoteOfAsync("/c/f"));
    }

    [Fact]
    public async Task A_retry_at_another_server_joins_the_copy_and_others_watch_and_steer_it()
    {
        await using ServerGroup group = await StartAsync(3, services => StoreWrapper.AddTo(services, store => new GatedStore(store, members: 0)));
        group[0].Tree.AddFile("a/f", "content");
        Task<RawResponse> first = group[0].AskAsync("COPY", "/a/", ["Destination: /b/"]);
        await WaitAsync(() => Task.FromResult(All(group[0]).Count == 1));
        Guid id = All(group[0]).Single().Id;
        Task<RawResponse> second = group[1].AskAsync("COPY", "/a/", ["Destination: /b/"]);
        await WaitAsync(() => Task.FromResult(All(group[1]).Any(operation => operation.Id == id)));

        await WaitAsync(async () => await group[2].StatusAsync("GET", $"/.webdav/operations/{id}") == 200);
        Task<RawResponse> watched = group[2].AskAsync("GET", $"/.webdav/operations/{id}/events");
        group[0].Services.GetRequiredService<GatedStore>().Open();

        Assert.Equal([201, 201], (await Task.WhenAll(first, second)).Select(answer => answer.Status));
        Assert.Contains("\"state\":\"succeeded\"", (await watched).Text, StringComparison.Ordinal);
        Assert.Equal("content", group.Tree.Read("b/f"));
    }

    [Fact]
    public async Task While_the_database_is_away_files_are_read_and_the_rest_is_503_until_it_is_back()
    {
        await using PostgresCluster cluster = await PostgresCluster.MakeAsync();
        await using ServerGroup group = await ServerGroup.StartAsync(await cluster.NewDatabaseAsync());
        Assert.Equal(201, await group[0].StatusAsync("PUT", "/file", body: "content"));
        string token = (await group[0].AskAsync("LOCK", "/file", body: LockInfo))["Lock-Token"]!;

        await cluster.CrashAsync();

        Assert.Equal("content", (await group[1].AskAsync("GET", "/file")).Text);
        Assert.Equal(200, await group[1].StatusAsync("OPTIONS", "/file"));
        Assert.Equal(207, await group[1].StatusAsync(
            "PROPFIND", "/file", body: "<D:propfind xmlns:D='DAV:'><D:prop><D:getcontentlength/><D:getetag/></D:prop></D:propfind>"));
        foreach (string method in (string[])["PUT", "DELETE", "MKCOL", "LOCK", "PROPFIND"])
        {
            RawResponse answer = await group[1].AskAsync(method, method == "MKCOL" ? "/new/" : "/file", body: method switch { "PUT" => "x", "LOCK" => LockInfo, _ => null });
            Assert.True(answer.Status == 503 && answer["Retry-After"] is not null, $"{method}: {answer.Status}");
        }

        await cluster.StartAsync();

        await WaitAsync(async () => await group[1].StatusAsync("PUT", "/again", body: "x") is 201 or 204);
        Assert.Equal(423, await group[1].StatusAsync("PUT", "/file", body: "passed"));
        Assert.Equal(204, await group[0].StatusAsync("PUT", "/file", [$"If: ({token})"], "new"));
        Assert.Empty(group.Staged);
    }

    [Fact]
    public async Task What_could_not_be_noted_while_the_database_was_away_is_noted_though_no_request_comes()
    {
        await using PostgresCluster cluster = await PostgresCluster.MakeAsync();
        string connection = await cluster.NewDatabaseAsync();
        await using ServerGroup group = await ServerGroup.StartAsync(connection);
        Assert.Equal(201, await group[0].StatusAsync("PUT", "/file", body: "content"));
        await group[0].SetNoteAsync("/file", "kept");
        IStateDatabase state = group[0].Services.GetRequiredService<IStateDatabase>();
        IDeadProperties properties = group[0].Services.GetRequiredService<IDeadProperties>();

        await cluster.CrashAsync();
        await state.OweAsync(DavPath.Root, session => PropertyRows.Delete(session, DavPath.Of("file")), Cancellation);
        Assert.True(state.Owes);
        await cluster.StartAsync();

        await WaitAsync(() => Task.FromResult(!state.Owes));
        Assert.Empty(await properties.ReadAsync(DavPath.Of("file"), Cancellation));
    }

    [Fact]
    public async Task A_server_with_a_state_of_its_own_is_kept_away()
    {
        await using ServerGroup group = await StartAsync(1);

        Exception? refused = await Record.ExceptionAsync(() => ServerFixture.StartAsync(tree: group.Tree));

        Assert.Contains("server.lock", refused?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_stops_leaves_nothing_behind()
    {
        string connection = await postgres.NewDatabaseAsync();
        await using ServerGroup group = await ServerGroup.StartAsync(connection, 2);
        Assert.Equal(201, await group[0].StatusAsync("PUT", "/file", body: "x"));

        await group[0].StopAsync();

        Assert.Equal(1, await PostgresCluster.ScalarAsync<long>(connection, "SELECT count(*) FROM server"));
        Assert.Single(Directory.GetDirectories(group.Tree.At(".webdav/servers")));
        Assert.Equal(204, await group[1].StatusAsync("PUT", "/file", body: "y"));
    }

    [Fact]
    public async Task Who_stops_in_the_middle_of_something_leaves_it_to_the_others()
    {
        await using ServerGroup group = await StartAsync();
        group.Tree.AddFile("a", "content");
        string seat = group[0].Services.GetRequiredService<Seat>().Name;
        await PostgresCluster.ExecuteAsync(
            group.ConnectionString,
            $"INSERT INTO intent (id, kind, source, destination, identity, created, server) VALUES ('{Guid.NewGuid()}', 'move', '/a', '/b', '1', 0, '{seat}')");

        await group[0].StopAsync();

        Assert.True(Directory.Exists(group.Tree.At($".webdav/servers/{seat}")));
        await WaitAsync(async () =>
            await PostgresCluster.ScalarAsync<long>(group.ConnectionString, $"SELECT count(*) FROM server WHERE id = '{seat}'") == 0);
        Assert.Equal(0, await PostgresCluster.ScalarAsync<long>(group.ConnectionString, "SELECT count(*) FROM intent"));
        Assert.False(Directory.Exists(group.Tree.At($".webdav/servers/{seat}")));
    }

    private static IReadOnlyList<Operation> All(ServerFixture server) => server.Services.GetRequiredService<OperationRegistry>().All;

    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            await Task.Delay(50, limit.Token);
        }
    }

    private async Task<ServerGroup> StartAsync(int count = 2, Action<IServiceCollection>? services = null) =>
        await ServerGroup.StartAsync(await postgres.NewDatabaseAsync(), count, services);
}
