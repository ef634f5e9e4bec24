using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Handlers.LockClient;

namespace WebDavServer.Tests.Handlers;

/// <summary>RFC 4918 7: what is locked is written by nobody who does not submit the token, by whatever method.</summary>
public sealed class LockEnforcementTests(EnforcementServer server) : IClassFixture<EnforcementServer>
{
    private const string Unknown = "urn:uuid:00000000-0000-0000-0000-000000000000";

    private const string Proppatch =
        """<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><x xmlns="urn:x">1</x></D:prop></D:set></D:propertyupdate>""";

    // The lock (its root, its depth), the request (method, resource, destination), the status without the token, what is in the way,
    // and the status with it.
    public static TheoryData<string, string, string, string, string, int, string, int> Guarded => new()
    {
        { "/file", "0", "PUT", "/file", "", 423, "/file", 204 },
        { "/dir/", "infinity", "PUT", "/dir/member", "", 423, "/dir/", 204 },
        { "/dir/", "infinity", "PUT", "/dir/sub/deep", "", 423, "/dir/", 204 },
        { "/dir/", "infinity", "PUT", "/dir/new", "", 423, "/dir/", 201 },
        { "/dir/", "infinity", "PUT", "/dir/sub/new", "", 423, "/dir/", 201 },
        { "/dir/", "0", "PUT", "/dir/new", "", 423, "/dir/", 201 },

        { "/file", "0", "DELETE", "/file", "", 423, "/file", 204 },
        { "/dir/", "0", "DELETE", "/dir/", "", 423, "/dir/", 204 },
        { "/dir/", "0", "DELETE", "/dir/member", "", 423, "/dir/", 204 },
        { "/dir/", "0", "DELETE", "/dir/sub/", "", 423, "/dir/", 204 },
        { "/dir/", "infinity", "DELETE", "/dir/sub/deep", "", 423, "/dir/", 204 },
        { "/", "0", "DELETE", "/dir/", "", 423, "/", 204 },
        { "/dir/member", "0", "DELETE", "/dir/", "", 207, "/dir/member", 204 },
        { "/dir/sub/", "0", "DELETE", "/dir/", "", 207, "/dir/sub/", 204 },
        { "/dir/sub/deep", "0", "DELETE", "/dir/", "", 207, "/dir/sub/deep", 204 },

        { "/dir/", "0", "MKCOL", "/dir/new", "", 423, "/dir/", 201 },
        { "/dir/", "infinity", "MKCOL", "/dir/sub/new/", "", 423, "/dir/", 201 },

        { "/other", "0", "COPY", "/file", "/other", 423, "/other", 204 },
        { "/dir/", "0", "COPY", "/file", "/dir/", 423, "/dir/", 204 },
        { "/dir/", "0", "COPY", "/file", "/dir/new", 423, "/dir/", 201 },
        { "/dir/", "infinity", "COPY", "/file", "/dir/sub/new", 423, "/dir/", 201 },
        { "/dir/", "infinity", "COPY", "/file", "/dir/member", 423, "/dir/", 204 },
        { "/dir/", "0", "COPY", "/from/", "/dir/new/", 423, "/dir/", 201 },
        { "/dir/member", "0", "COPY", "/from/", "/dir/", 207, "/dir/member", 204 },
        { "/dir/sub/deep", "0", "COPY", "/file", "/dir", 207, "/dir/sub/deep", 204 },

        { "/file", "0", "MOVE", "/file", "/new", 423, "/file", 201 },
        { "/dir/", "0", "MOVE", "/dir/member", "/new", 423, "/dir/", 201 },
        { "/dir/", "0", "MOVE", "/dir/member", "/dir/renamed", 423, "/dir/", 201 },
        { "/dir/", "infinity", "MOVE", "/dir/sub/deep", "/new", 423, "/dir/", 201 },
        { "/dir/", "0", "MOVE", "/dir/", "/new/", 423, "/dir/", 201 },
        { "/dir/member", "0", "MOVE", "/dir/", "/new/", 207, "/dir/member", 201 },
        { "/dir/sub/", "infinity", "MOVE", "/dir/", "/new/", 207, "/dir/sub/", 201 },
        { "/other", "0", "MOVE", "/file", "/other", 423, "/other", 204 },
        { "/dir/", "infinity", "MOVE", "/from/", "/dir/", 423, "/dir/", 204 },
        { "/dir/", "0", "MOVE", "/file", "/dir/new", 423, "/dir/", 201 },
        { "/dir/", "0", "MOVE", "/file", "/dir/member", 423, "/dir/", 204 }, // 7: the name identifies a different resource then
        { "/dir/", "infinity", "MOVE", "/file", "/dir/sub/new", 423, "/dir/", 201 },
        { "/dir/member", "0", "MOVE", "/from/", "/dir/", 207, "/dir/member", 204 },

        { "/file", "0", "PROPPATCH", "/file", "", 423, "/file", 207 },
        { "/dir/", "0", "PROPPATCH", "/dir/", "", 423, "/dir/", 207 },
        { "/dir/", "infinity", "PROPPATCH", "/dir/sub/deep", "", 423, "/dir/", 207 },

        { "/dir/", "0", "LOCK", "/dir/new", "", 423, "/dir/", 201 },
    };

    // What a lock is no obstacle to.
    public static TheoryData<string, string, string, string, string, int> Free => new()
    {
        { "/file", "0", "GET", "/file", "", 200 }, // 7: all other methods function independently of a write lock
        { "/file", "0", "HEAD", "/file", "", 200 },
        { "/file", "0", "OPTIONS", "/file", "", 200 },
        { "/dir/", "infinity", "PROPFIND", "/dir/", "", 207 },
        { "/file", "0", "COPY", "/file", "/new", 201 }, // 7.5.1: the source is not modified
        { "/dir/", "infinity", "COPY", "/dir/", "/new/", 201 },
        { "/dir/member", "0", "COPY", "/dir/", "/new/", 201 },
        { "/dir/", "0", "PUT", "/dir/member", "", 204 }, // 7.4: depth 0 protects no member's content or properties
        { "/dir/", "0", "PROPPATCH", "/dir/member", "", 207 },
        { "/dir/", "0", "COPY", "/file", "/dir/member", 204 }, // 9.8.4: the same member, with other content
        { "/dir/", "0", "PUT", "/dir/sub/new", "", 201 },
        { "/dir/", "0", "DELETE", "/dir/sub/deep", "", 204 },
        { "/dir/", "0", "MKCOL", "/dir/sub/new", "", 201 },
        { "/dir/", "0", "MOVE", "/dir/sub/deep", "/new", 201 },
        { "/dir/", "0", "LOCK", "/dir/member", "", 200 },
        { "/dir/member", "0", "PUT", "/dir/new", "", 201 },
        { "/dir/member", "0", "DELETE", "/dir/sub/", "", 204 },
        { "/dir/", "infinity", "PUT", "/from/member", "", 204 },
        { "/file", "0", "MKCOL", "/file", "", 405 }, // 9.3.1: whatever the lock
        { "/dir/", "infinity", "MKCOL", "/dir/sub/", "", 405 },
        { "/file", "0", "DELETE", "/new", "", 404 },
    };

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task A_write_needs_the_token(
        string locked, string depth, string method, string path, string destination, int refusal, string inTheWay, int success)
    {
        var home = server.AddCollection();
        var token = await server.Client.LockAsync(home + locked, depth: depth);
        var before = server.Client.Tree.List(home[1..]);

        // Without a token; with one that stands for nothing, which alone makes a condition that does not hold; with one that is
        // submitted and holds, but opens another lock.
        var other = await server.Client.LockAsync(server.AddCollection() + "/file");
        foreach (var header in new[] { ("X-None", "-"), Submit(Unknown), Submit(other) })
        {
            var refused = await SendAsync(header);

            Assert.Equal(refusal, refused.Status);
            Assert.Equal(refusal == 423 ? $"lock-token-submitted {home}{inTheWay}" : "", refused.Condition);
            if (refusal == 207)
            {
                Assert.Equal([$"{home}{inTheWay} 423 lock-token-submitted {home}{inTheWay}"], refused.Members);
            }
        }

        Assert.Equal(412, (await SendAsync(("If", $"(<{Unknown}>)"))).Status);
        Assert.Equal(412, (await SendAsync(("If", $"(<{other}>)"))).Status);
        Assert.Equal(refusal, (await SendAsync(("If", $"<{home}{locked}> (<{token}>)"), User("berta"))).Status); // RFC 4918 6.4
        Assert.Equal(before, server.Client.Tree.List(home[1..]));

        Assert.Equal(success, (await SendAsync(("If", $"<{server.Client.Address}{home}{locked}> (<{token}>)"))).Status);

        Task<Answer> SendAsync(params IEnumerable<(string, string)> header) => this.SendAsync(home, method, path, destination, header);
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Any_list_that_holds_submits_the_token(
        string locked, string depth, string method, string path, string destination, int refusal, string inTheWay, int success) // RFC 4918 7.5.2
    {
        Assert.True(refusal is 423 or 207, inTheWay);
        var home = server.AddCollection();
        var token = await server.Client.LockAsync(home + locked, "shared", depth);

        Assert.Equal(success, (await SendAsync(home, method, path, destination, [Submit(token)], "shared")).Status);
    }

    [Theory]
    [MemberData(nameof(Free))]
    public async Task What_changes_nothing_that_is_locked_needs_no_token(
        string locked, string depth, string method, string path, string destination, int status)
    {
        var home = server.AddCollection();
        await server.Client.LockAsync(home + locked, depth: depth);

        Assert.Equal(status, (await SendAsync(home, method, path, destination, [])).Status);
    }

    [Fact]
    public async Task Source_and_destination_need_a_token_each() // RFC 4918 7.5
    {
        var home = server.AddCollection();
        string[] tokens = [await server.Client.LockAsync(home + "/file"), await server.Client.LockAsync(home + "/other")];

        var first = await SendAsync(home, "MOVE", "/file", "/other", [Submit(tokens[0])]);
        var second = await SendAsync(home, "MOVE", "/file", "/other", [Submit(tokens[1])]);

        Assert.Equal((423, $"lock-token-submitted {home}/other"), (first.Status, first.Condition));
        Assert.Equal((423, $"lock-token-submitted {home}/file"), (second.Status, second.Condition));
        Assert.Equal(204, (await SendAsync(home, "MOVE", "/file", "/other", [Submit(tokens)])).Status);
    }

    [Fact]
    public async Task A_locked_member_of_a_locked_collection_needs_both_tokens() // RFC 4918 7.4
    {
        var home = server.AddCollection();
        string[] tokens = [await server.Client.LockAsync(home + "/dir/", depth: "0"), await server.Client.LockAsync(home + "/dir/member")];

        Assert.Equal(423, (await SendAsync(home, "DELETE", "/dir/member", "", [Submit(tokens[0])])).Status);
        Assert.Equal(423, (await SendAsync(home, "DELETE", "/dir/member", "", [Submit(tokens[1])])).Status);
        Assert.Equal(204, (await SendAsync(home, "DELETE", "/dir/member", "", [Submit(tokens)])).Status);
    }

    [Fact]
    public async Task Every_locked_member_is_named() // RFC 4918 9.6.1, 9.9.6
    {
        var home = server.AddCollection();
        await server.Client.LockAsync(home + "/dir/member");
        var deep = await server.Client.LockAsync(home + "/dir/sub/deep", "shared", user: "anna");
        await server.Client.LockAsync(home + "/dir/sub/deep", "shared", user: "berta");

        var answer = await SendAsync(home, "DELETE", "/dir/", "", [Submit(deep)]);

        Assert.Equal(
            [
                $"{home}/dir/member 423 lock-token-submitted {home}/dir/member",
                $"{home}/dir/sub/deep 423 lock-token-submitted {home}/dir/sub/deep",
            ],
            answer.Members);
    }

    [Theory]
    [InlineData("anna", true)] // RFC 4918 6.2
    [InlineData("berta", true)]
    [InlineData("carla", false)]
    [InlineData(null, false)]
    public async Task Who_has_a_shared_lock_may_write(string? user, bool may)
    {
        var home = server.AddCollection();
        string[] tokens =
        [
            await server.Client.LockAsync(home + "/file", "shared", user: "anna"), await server.Client.LockAsync(home + "/file", "shared", user: "berta"),
        ];

        var answer = await SendAsync(home, "PUT", "/file", "", [Submit(tokens), .. user is null ? [] : new[] { User(user) }]);

        Assert.Equal(may ? 204 : 423, answer.Status);
    }

    [Fact]
    public async Task A_refused_upload_is_not_asked_for() // RFC 9110 10.1.1
    {
        var home = server.AddCollection();
        await server.Client.LockAsync(home + "/file");
        await using var connection = await server.Client.Server.ConnectAsync();

        await connection.SendAsync($"PUT {home}/file HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 10000000000\r\n\r\n");
        var (interim, final) = await connection.ReadFinalAsync();

        Assert.Empty(interim);
        Assert.Equal(423, final.Status);
    }

    [Fact]
    public async Task A_lock_that_is_taken_during_an_upload_counts_when_the_upload_ends()
    {
        var home = server.AddCollection();
        await using var connection = await server.Client.Server.ConnectAsync();
        await connection.SendAsync($"PUT {home}/file HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        Assert.Equal(100, (await connection.ReadAsync()).Status); // it was admitted, and its body is being received

        await server.Client.LockAsync(home + "/file");
        await connection.SendAsync("new");

        Assert.Equal(423, (await connection.ReadAsync()).Status);
        Assert.Equal("file", server.Client.Tree.Read(home[1..] + "/file"));
    }

    [Theory]
    [InlineData("/file", "/file")]
    [InlineData("/dir/", "/dir/")]
    [InlineData("/dir/sub/deep", "/dir/")]
    public async Task Locks_go_with_DELETE(string locked, string deleted) // RFC 4918 6.1, 9.6
    {
        var home = server.AddCollection();
        var token = await server.Client.LockAsync(home + locked);
        Assert.Equal(204, (await SendAsync(home, "DELETE", deleted, "", [Submit(token)])).Status);

        server.Client.Tree.AddFile($"{home[1..]}{locked.TrimEnd('/')}", "again");

        Assert.False(await server.Client.IsLockedAsync(home + locked.TrimEnd('/')));
        Assert.Equal(204, (await SendAsync(home, "PUT", locked.TrimEnd('/'), "", [])).Status);
        Assert.Equal(409, (await server.Client.SendAsync("UNLOCK", home + locked.TrimEnd('/'), body: null, ("Lock-Token", $"<{token}>"))).Status);
    }

    [Fact]
    public async Task Locks_of_neighbours_that_begin_with_the_same_name_stay() // RFC 4918 9.6
    {
        var home = server.AddCollection();
        string[] neighbours = ["/dir0", "/dir!", "/dir-", "/dirx", "/di"];
        foreach (var neighbour in neighbours)
        {
            await server.Client.LockAsync(home + neighbour);
        }

        Assert.Equal(201, (await SendAsync(home, "COPY", "/dir/", "/copy/", [])).Status);
        Assert.Equal(204, (await SendAsync(home, "COPY", "/from/", "/dir/", [])).Status);
        Assert.Equal(201, (await SendAsync(home, "MOVE", "/dir/", "/moved/", [])).Status);
        Assert.Equal(201, (await SendAsync(home, "MOVE", "/moved/", "/dir/", [])).Status);
        Assert.Equal(204, (await SendAsync(home, "DELETE", "/dir/", "", [])).Status);

        foreach (var neighbour in neighbours)
        {
            Assert.True(await server.Client.IsLockedAsync(home + neighbour), neighbour);
        }
    }

    [Fact]
    public async Task A_lock_does_not_go_with_MOVE() // RFC 4918 7.6
    {
        var home = server.AddCollection();
        string[] tokens = [await server.Client.LockAsync(home + "/dir/sub/deep"), await server.Client.LockAsync(home + "/dir/", depth: "0")];

        Assert.Equal(201, (await SendAsync(home, "MOVE", "/dir/", "/moved/", [Submit(tokens)])).Status);

        Assert.False(await server.Client.IsLockedAsync(home + "/moved/"));
        Assert.False(await server.Client.IsLockedAsync(home + "/moved/sub/deep"));
        server.Client.Tree.AddFile($"{home[1..]}/dir/sub/deep");
        Assert.False(await server.Client.IsLockedAsync(home + "/dir/"));
        Assert.False(await server.Client.IsLockedAsync(home + "/dir/sub/deep"));
    }

    [Fact]
    public async Task A_lock_does_not_go_with_COPY() // RFC 4918 7.6
    {
        var home = server.AddCollection();
        await server.Client.LockAsync(home + "/dir/");

        Assert.Equal(201, (await SendAsync(home, "COPY", "/dir/", "/copy/", [])).Status);

        Assert.True(await server.Client.IsLockedAsync(home + "/dir/member"));
        Assert.False(await server.Client.IsLockedAsync(home + "/copy/"));
        Assert.False(await server.Client.IsLockedAsync(home + "/copy/member"));
    }

    [Theory]
    [InlineData("MOVE")]
    [InlineData("COPY")]
    public async Task A_lock_survives_that_its_file_is_replaced_with_its_token(string method) // RFC 4918 7.6
    {
        var home = server.AddCollection();
        var token = await server.Client.LockAsync(home + "/other");

        Assert.Equal(204, (await SendAsync(home, method, "/file", "/other", [Submit(token)])).Status);

        Assert.Equal("file", server.Client.Tree.Read(home[1..] + "/other"));
        Assert.Equal(423, (await SendAsync(home, "PUT", "/other", "", [])).Status);
        Assert.Equal(204, (await SendAsync(home, "PUT", "/other", "", [("If", $"(<{token}>)")])).Status);
        Assert.Equal(204, (await server.Client.SendAsync("UNLOCK", home + "/other", body: null, ("Lock-Token", $"<{token}>"))).Status);
    }

    [Theory]
    [InlineData("MOVE")]
    [InlineData("COPY")]
    public async Task The_lock_of_a_replaced_collection_stays_and_those_of_its_members_go(string method) // RFC 4918 7.6, 9.8.4, 9.9.3
    {
        var home = server.AddCollection();
        string[] tokens = [await server.Client.LockAsync(home + "/dir/", depth: "0"), await server.Client.LockAsync(home + "/dir/member")];

        Assert.Equal(204, (await SendAsync(home, method, "/from/", "/dir/", [Submit(tokens)])).Status);

        Assert.Equal("from/member", server.Client.Tree.Read(home[1..] + "/dir/member"));
        Assert.False(await server.Client.IsLockedAsync(home + "/dir/member"));
        Assert.True(await server.Client.IsLockedAsync(home + "/dir/"));
    }

    [Theory]
    [InlineData("MOVE")]
    [InlineData("COPY")]
    public async Task What_comes_into_a_deeply_locked_collection_is_locked_with_it(string method) // RFC 4918 7.4, 7.6
    {
        var home = server.AddCollection();
        var token = await server.Client.LockAsync(home + "/dir/");

        Assert.Equal(201, (await SendAsync(home, method, "/from/", "/dir/from/", [Submit(token)])).Status);

        Assert.Equal(423, (await SendAsync(home, "PUT", "/dir/from/member", "", [])).Status);
        Assert.Equal(204, (await SendAsync(home, "PUT", "/dir/from/member", "", [("If", $"(<{token}>)")])).Status);
    }

    [Fact]
    public async Task What_leaves_a_deeply_locked_collection_is_free() // RFC 4918 7.4
    {
        var home = server.AddCollection();
        var token = await server.Client.LockAsync(home + "/dir/");

        Assert.Equal(201, (await SendAsync(home, "MOVE", "/dir/sub/", "/sub/", [Submit(token)])).Status);

        Assert.Equal(204, (await SendAsync(home, "PUT", "/sub/deep", "", [])).Status);
        Assert.Equal(423, (await SendAsync(home, "PUT", "/dir/member", "", [])).Status);
    }

    [Fact]
    public async Task What_moves_within_a_deeply_locked_collection_stays_locked() // RFC 4918 7.6
    {
        var home = server.AddCollection();
        var token = await server.Client.LockAsync(home + "/dir/");

        Assert.Equal(201, (await SendAsync(home, "MOVE", "/dir/sub/deep", "/dir/deep", [Submit(token)])).Status);

        Assert.Equal(423, (await SendAsync(home, "PUT", "/dir/deep", "", [])).Status);
        Assert.Equal(204, (await SendAsync(home, "PUT", "/dir/deep", "", [("If", $"(<{token}>)")])).Status);
    }

    [Fact]
    public async Task What_is_created_in_a_deeply_locked_collection_is_locked_with_it() // RFC 4918 7.4
    {
        var home = server.AddCollection();
        var token = await server.Client.LockAsync(home + "/dir/");

        Assert.Equal(201, (await SendAsync(home, "MKCOL", "/dir/new/", "", [("If", $"(<{token}>)")])).Status);
        Assert.Equal(201, (await SendAsync(home, "PUT", "/dir/new/file", "", [("If", $"(<{token}>)")])).Status);

        Assert.Equal(423, (await SendAsync(home, "PUT", "/dir/new/file", "", [])).Status);
        Assert.Equal(423, (await SendAsync(home, "DELETE", "/dir/new/", "", [])).Status);
    }

    [Fact]
    public async Task A_file_that_is_locked_when_it_is_new_is_guarded_within_a_deep_lock() // RFC 4918 7.4, 9.10.5
    {
        var home = server.AddCollection();
        var token = await server.Client.LockAsync(home + "/dir/");

        var without = await SendAsync(home, "LOCK", "/dir/new", "", []);
        var with = await SendAsync(home, "LOCK", "/dir/new", "", [Submit(token)]);

        Assert.Equal((423, $"lock-token-submitted {home}/dir/"), (without.Status, without.Condition));
        Assert.Equal((423, $"no-conflicting-lock {home}/dir/"), (with.Status, with.Condition));
        Assert.False(server.Client.Tree.Has(home[1..] + "/dir/new"));
    }

    [Fact]
    public async Task An_expired_lock_guards_nothing_and_its_token_opens_nothing() // RFC 4918 6.6
    {
        var time = new ManualTime();
        await using var client = await StartAsync(time);
        client.Tree.AddFile("file", "old");
        var token = await client.LockAsync("/file", header: [("Timeout", "Second-60")]);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(423, (await client.SendAsync("PUT", "/file", "new")).Status);

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(412, (await client.SendAsync("PUT", "/file", "new", ("If", $"(<{token}>)"))).Status);
        Assert.Equal(204, (await client.SendAsync("PUT", "/file", "new")).Status);
        Assert.Equal(409, (await client.SendAsync("UNLOCK", "/file", body: null, ("Lock-Token", $"<{token}>"))).Status);
        await client.LockAsync("/file");
    }

    [Fact]
    public async Task Locks_and_properties_outlive_the_server() // RFC 4918 6.6
    {
        using var tree = new TempTree();
        tree.AddFile("dir/member", "text");
        tree.AddFile("file", "text");
        var settings = new Dictionary<string, string?> { ["WebDav:Root"] = tree.Root };
        var time = new ManualTime();
        string deep;
        await using (var first = await StartAsync(time, settings))
        {
            deep = (await first.SendAsync("LOCK", "/dir/", LockInfo(owner: "<D:owner>Zoë</D:owner>"), User("anna"), ("Timeout", "Second-60"))).LockToken!;
            await first.LockAsync("/file", header: [("Timeout", "Second-10")]);
            await first.LockAsync("/gone");
            Assert.Equal(207, (await first.SendAsync("PROPPATCH", "/dir/member", Proppatch, ("If", $"(<{deep}>)"), User("anna"))).Status);
            var unlocked = await first.LockAsync("/unlocked");
            Assert.Equal(204, (await first.SendAsync("UNLOCK", "/unlocked", body: null, ("Lock-Token", $"<{unlocked}>"))).Status);
        }

        time.Advance(TimeSpan.FromSeconds(20));
        File.Delete(tree.At("gone"));
        await using var second = await StartAsync(time, settings);

        var active = Assert.Single((await second.DiscoverAsync("/dir/")).ActiveLocks);
        Assert.Equal(
            ["write", "exclusive", "infinity", "Zoë", "Second-40", deep, "/dir/"],
            active.Elements().Select(element => element.Value.Length > 0 ? element.Value : element.Elements().Single().Name.LocalName));
        Assert.Equal(423, (await second.SendAsync("PUT", "/dir/new", "x")).Status);
        Assert.Equal(423, (await second.SendAsync("PUT", "/dir/new", "x", ("If", $"(<{deep}>)"))).Status);
        Assert.Equal(201, (await second.SendAsync("PUT", "/dir/new", "x", ("If", $"(<{deep}>)"), User("anna"))).Status);
        Assert.Equal(204, (await second.SendAsync("PUT", "/file", "x")).Status); // expired while no server ran
        Assert.Equal(201, (await second.SendAsync("PUT", "/gone", "x")).Status); // its resource was removed meanwhile
        Assert.False(await second.IsLockedAsync("/unlocked"));
        var found = await second.SendAsync(
            "PROPFIND", "/dir/member", """<D:propfind xmlns:D="DAV:"><D:prop><x xmlns="urn:x"/></D:prop></D:propfind>""", ("Depth", "0"));
        Assert.Equal("1", found.Property("{urn:x}x").Value);
    }

    private Task<Answer> SendAsync(
        string home, string method, string path, string destination, IEnumerable<(string Name, string Value)> header, string scope = "exclusive")
    {
        var body = method switch { "PUT" => "new", "PROPPATCH" => Proppatch, "LOCK" => LockInfo(scope), _ => null };
        return server.Client.SendAsync(
            method, home + path, body, destination.Length > 0 ? header.Append(("Destination", home + destination)) : header);
    }
}
