using System.Text.Json;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>The list and the pages: who sees what, and for how long.</summary>
public sealed class OperationPagesTests
{
    private const string Alice = "Test-User: alice";
    private const string Bob = "Test-User: bob";
    private const string Administrator = "Test-User: root";
    private const string Async = "Prefer: respond-async";

    [Theory]
    [InlineData("")]
    [InlineData("/result")]
    [InlineData("/events")]
    [InlineData("/socket")]
    [InlineData("/nothing")]
    public async Task Another_users_operation_looks_like_one_that_never_was(string page)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");
        string running = (await server.AskAsync("COPY", Alice, Async))["Location"]!;
        string ended = (await server.AskAsync("COPY", Alice, Async, "Destination: /c", "Depth: 0"))["Location"]!;
        await server.EndOfAsync(ended, Alice);
        string never = $"{OperationServer.List}/{Guid.NewGuid():D}";

        foreach (string method in (string[])["GET", "HEAD", "DELETE", "PUT"])
        {
            foreach (string user in (string[])[Bob, "X: anonymous"])
            {
                RawResponse unknown = await server.Server.AskAsync(method, never + page, [user]);
                Assert.Equal(404, unknown.Status);
                foreach (string address in (string[])[running, ended])
                {
                    RawResponse answer = await server.Server.AskAsync(method, address + page, [user]);
                    Assert.Equal(unknown.StatusLine, answer.StatusLine);
                    Assert.Equal(unknown.Text, answer.Text);
                    Assert.Equal(unknown.Fields.Where(field => field.Key != "Date"), answer.Fields.Where(field => field.Key != "Date"));
                }
            }
        }

        Assert.Equal("running", (await server.PageAsync(running, Alice)).GetProperty("state").GetString());
        stall.Release();
    }

    [Fact]
    public async Task An_administrator_sees_all_and_may_stop_them()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        server.StallAt("COPY");
        string page = (await server.AskAsync("COPY", Alice, Async))["Location"]!;

        Assert.Equal("alice", (await server.PageAsync(page, Administrator)).GetProperty("user").GetString());
        Assert.Equal([page], await server.ListedAsync(Administrator));
        Assert.Equal(204, await server.Server.StatusAsync("DELETE", page, [Administrator]));

        Assert.Equal("cancelled", (await server.EndOfAsync(page, Alice)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_list_shows_ones_own_the_newest_first_running_and_kept()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        List<string> alices = [];
        for (int i = 0; i < 3; i++)
        {
            alices.Insert(0, (await server.AskAsync("COPY", Alice, Async, $"Destination: /c{i}"))["Location"]!);
            await server.EndOfAsync(alices[0], Alice);
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Stall stall = server.Store.Stall(StoreCall.StagedPublish);
        string bobs = (await server.AskAsync("COPY", Bob, Async, "Destination: /d"))["Location"]!;
        server.Time.Advance(TimeSpan.FromSeconds(1));
        alices.Insert(0, (await server.AskAsync("COPY", Alice, Async, "Destination: /e"))["Location"]!);

        Assert.Equal(alices, await server.ListedAsync(Alice));
        Assert.Equal([bobs], await server.ListedAsync(Bob));
        Assert.Empty(await server.ListedAsync());
        Assert.Equal([alices[0], bobs, .. alices[1..]], await server.ListedAsync(Administrator));
        JsonElement first = (await server.PageAsync(OperationServer.List, Alice)).GetProperty("operations")[0];
        Assert.Equal(("running", "/e"), (first.GetProperty("state").GetString(), first.GetProperty("destination").GetString()));
        Assert.False(first.TryGetProperty("failures", out _));
        stall.Release();
    }

    [Theory]
    [InlineData("LOCK")]
    [InlineData("PROPFIND")]
    public async Task What_walks_a_tree_is_in_the_list_as_long_as_it_walks(string method)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt(method);
        await using RawConnection connection = await server.SendAsync(method, Alice, "Depth: infinity");
        await stall.ReachedAsync();

        string page = Assert.Single(await server.ListedAsync(Alice));
        JsonElement shown = await server.PageAsync(page, Alice);
        Assert.Equal((method, "/a", "running"), (shown.GetProperty("method").GetString(), shown.GetProperty("source").GetString(), shown.GetProperty("state").GetString()));
        Assert.InRange(shown.GetProperty("progress").GetProperty("items").GetInt32(), 1, 3);
        stall.Release();

        Assert.Equal(OperationServer.StatusOf(method), (await connection.ReadAsync()).Status);
        await OperationServer.WaitAsync(async () => (await server.ListedAsync(Alice)).Count == 0);
    }

    [Fact]
    public async Task HEAD_is_like_GET_without_the_body()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");
        string running = (await server.AskAsync("COPY", Async))["Location"]!;
        string ended = (await server.AskAsync("COPY", Async, "Destination: /c", "Depth: 0"))["Location"]!;
        await server.EndOfAsync(ended);

        foreach (string page in (string[])[OperationServer.List, running, ended, running + "/result", ended + "/result", ended + "/events", ended + "/nothing"])
        {
            RawResponse get = await server.Server.AskAsync("GET", page);
            RawResponse head = await server.Server.AskAsync("HEAD", page);
            Assert.Equal(get.StatusLine, head.StatusLine);
            Assert.Equal(get["Content-Type"], head["Content-Type"]);
            Assert.Equal(get["Cache-Control"], head["Cache-Control"]);
        }

        Assert.Equal(200, await server.Server.StatusAsync("HEAD", running + "/events")); // and does not wait for its end
        stall.Release();
    }

    [Theory]
    [InlineData("", "PUT", "GET, HEAD")]
    [InlineData("", "DELETE", "GET, HEAD")]
    [InlineData("/{id}", "PUT", "GET, HEAD, DELETE")]
    [InlineData("/{id}/result", "DELETE", "GET, HEAD")]
    [InlineData("/{id}/events", "POST", "GET, HEAD")]
    [InlineData("/{id}/socket", "PROPFIND", "GET")]
    public async Task Other_methods_are_405(string page, string method, string allow)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        string location = (await server.AskAsync("COPY", Async))["Location"]!;

        RawResponse answer = await server.Server.AskAsync(method, OperationServer.List + page.Replace("{id}", location[(location.LastIndexOf('/') + 1)..], StringComparison.Ordinal));

        Assert.Equal((405, allow), (answer.Status, answer["Allow"]));
    }

    [Theory]
    [InlineData("/nonsense")]
    [InlineData("/{id}/nothing")]
    [InlineData("/{id}/result/more")]
    public async Task Other_pages_are_404(string page)
    {
        await using OperationServer server = await OperationServer.StartAsync();
        string location = (await server.AskAsync("COPY", Async))["Location"]!;

        Assert.Equal(404, await server.Server.StatusAsync("GET", page.Replace("/{id}", location, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_finished_operation_can_be_asked_for_as_long_as_the_settings_say()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["Operations:Retention"] = "00:30:00" });
        string page = (await server.AskAsync("COPY", Async))["Location"]!;
        await server.EndOfAsync(page);

        server.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("succeeded", (await server.PageAsync(page)).GetProperty("state").GetString());
        Assert.Equal([page], await server.ListedAsync());
        server.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(404, await server.Server.StatusAsync("GET", page));
        Assert.Empty(await server.ListedAsync());
    }

    [Fact]
    public async Task What_takes_long_is_kept_though_nobody_asked_for_it()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        Stall stall = server.StallAt("COPY");
        await using RawConnection connection = await server.SendAsync("COPY");
        await stall.ReachedAsync();
        await server.Time.WaitForTimersAsync(2);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        stall.Release();
        Assert.Equal(201, (await connection.ReadAsync()).Status);

        await using OperationServer next = await server.RestartAsync();

        string page = Assert.Single(await next.ListedAsync());
        Assert.Equal("succeeded", (await next.PageAsync(page)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_the_end_of_the_server_stopped_is_told_as_interrupted_after_the_restart()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["Operations:ShutdownWait"] = "00:00:05" });
        server.StallAt("COPY");
        string page = (await server.AskAsync("COPY", Async))["Location"]!;
        Task<OperationServer> restarting = server.RestartAsync();
        await server.Time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        server.Time.Advance(TimeSpan.FromSeconds(5));
        await using OperationServer next = await restarting;

        JsonElement shown = await next.PageAsync(page);
        RawResponse result = await next.Server.AskAsync("GET", page + "/result");

        Assert.Equal(("interrupted", 503), (shown.GetProperty("state").GetString(), shown.GetProperty("status").GetInt32()));
        Assert.Equal((503, "the server stopped before the operation was done; the destination is as it was\n"), (result.Status, result.Text));
        Assert.False(next.Tree.Has("b"));
        Assert.Empty(next.Staging);
    }

    [Fact]
    public async Task Links_have_the_prefix_of_the_server()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["WebDav:PathBase"] = "/dav" });

        RawResponse accepted = await server.Server.AskAsync("COPY", "/dav/a", ["Destination: /dav/b", Async]);
        JsonElement end = await server.EndOfAsync(accepted["Location"]!);

        Assert.StartsWith("/dav/.webdav/operations/", accepted["Location"], StringComparison.Ordinal);
        Assert.Equal(("/dav/a", accepted["Location"] + "/result"), (end.GetProperty("source").GetString(), end.GetProperty("links").GetProperty("result").GetString()));
    }
}
