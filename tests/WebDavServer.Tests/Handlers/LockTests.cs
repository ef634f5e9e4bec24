using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Locking;
using WebDavServer.Tests.Locking;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Handlers.LockClient;

namespace WebDavServer.Tests.Handlers;

public sealed class LockTests : IAsyncLifetime
{
    private const string Unknown = "urn:uuid:00000000-0000-0000-0000-000000000000";
    private static readonly XNamespace Dav = "DAV:";
    private readonly ManualTime _time = new();
    private LockClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _client = await StartAsync(_time, new Dictionary<string, string?>
        {
            ["Locks:DefaultTimeout"] = "00:10:00",
            ["Locks:MaximumTimeout"] = "01:00:00",
        });
        _client.Tree.AddFile("file", "text");
        _client.Tree.AddFile("dir/sub/member", "text");
        _client.Tree.AddFile("dir/other", "text");
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Theory]
    [InlineData("exclusive", "0", "0", "/file", "/file")]
    [InlineData("shared", "0", "0", "/file", "/file")]
    [InlineData("exclusive", "infinity", "infinity", "/file", "/file")]
    [InlineData("exclusive", "Infinity", "infinity", "/dir/", "/dir/")]
    [InlineData("shared", "infinity", "infinity", "/dir", "/dir/")]
    [InlineData("exclusive", "0", "0", "/dir/", "/dir/")]
    [InlineData("exclusive", null, "infinity", "/dir/", "/dir/")] // RFC 4918 9.10.3: an absent Depth is infinity
    [InlineData("shared", null, "infinity", "/file", "/file")]
    [InlineData("exclusive", null, "infinity", "/", "/")]
    public async Task A_lock_is_granted_and_told_in_full(string scope, string? depth, string granted, string path, string root) // RFC 4918 9.10.1
    {
        var answer = await _client.SendAsync(
            "LOCK", path, LockInfo(scope, "<D:owner>me</D:owner>"), depth is null ? [] : [("Depth", depth)]);

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("application/xml", answer.Header["Content-Type"], StringComparison.Ordinal);
        Assert.Matches("^<urn:uuid:[0-9a-f-]{36}>$", answer.Header["Lock-Token"]); // RFC 4918 10.5: a Coded-URL
        Assert.Equal(Dav + "prop", answer.Xml.Name);
        Assert.Equal([Dav + "lockdiscovery"], answer.Xml.Elements().Select(element => element.Name));
        Assert.Equal(Active(scope, granted, "me", 600, answer.LockToken!, root), Describe(Assert.Single(answer.ActiveLocks)));
        Assert.Equal(Active(scope, granted, "me", 600, answer.LockToken!, root), Describe(Assert.Single((await _client.DiscoverAsync(path)).ActiveLocks)));
    }

    [Fact]
    public async Task A_lock_without_an_owner_has_none() // RFC 4918 14.1: owner?
    {
        var answer = await _client.SendAsync("LOCK", "/file", LockInfo());

        Assert.Empty(answer.ActiveLocks.Single().Elements(Dav + "owner"));
    }

    [Theory]
    [InlineData("1")] // RFC 4918 9.10.3: MUST NOT be used
    [InlineData("2")]
    [InlineData("all")]
    public async Task Other_depths_are_refused(string depth)
    {
        Assert.Equal(400, (await _client.SendAsync("LOCK", "/dir/", LockInfo(), ("Depth", depth))).Status);
        Assert.Equal(400, (await _client.SendAsync("LOCK", "/new", LockInfo(), ("Depth", depth))).Status);

        Assert.False(await _client.IsLockedAsync("/dir/"));
        Assert.False(_client.Tree.Has("new"));
    }

    [Theory]
    [InlineData("<nothing")]
    [InlineData("<D:other xmlns:D=\"DAV:\"/>")]
    [InlineData("<D:lockinfo xmlns:D=\"DAV:\"><D:lockscope><D:exclusive/></D:lockscope></D:lockinfo>")] // RFC 4918 14.11: no locktype
    [InlineData("<D:lockinfo xmlns:D=\"DAV:\"><D:locktype><D:write/></D:locktype></D:lockinfo>")]
    [InlineData("<D:lockinfo xmlns:D=\"DAV:\"><D:lockscope><D:some/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>")]
    public async Task A_body_that_asks_for_no_lock_gets_none(string body)
    {
        Assert.Equal(400, (await _client.SendAsync("LOCK", "/file", body)).Status);
        Assert.Equal(400, (await _client.SendAsync("LOCK", "/new", body)).Status);

        Assert.False(await _client.IsLockedAsync("/file"));
        Assert.False(_client.Tree.Has("new"));
    }

    [Fact]
    public async Task A_lock_on_an_unmapped_URL_makes_an_empty_locked_file() // RFC 4918 7.3, 9.10.4
    {
        var answer = await _client.SendAsync("LOCK", "/dir/new", LockInfo(), ("Depth", "0"));

        Assert.Equal(201, answer.Status);
        Assert.Equal(Active("exclusive", "0", owner: null, 600, answer.LockToken!, "/dir/new"), Describe(Assert.Single(answer.ActiveLocks)));
        Assert.Equal("", _client.Tree.Read("dir/new"));
        var content = await _client.SendAsync("GET", "/dir/new");
        Assert.Equal((200, ""), (content.Status, content.Text));
        Assert.Contains("/dir/new ", (await _client.SendAsync("PROPFIND", "/dir/", body: null, ("Depth", "1"))).Members);
        Assert.Equal(2, (await _client.DiscoverAsync("/dir/new")).Property(Dav + "supportedlock").Elements().Count());
        Assert.Equal(405, (await _client.SendAsync("MKCOL", "/dir/new", body: null, Submit(answer.LockToken!))).Status);
        Assert.Equal(423, (await _client.SendAsync("PUT", "/dir/new", "x")).Status);
        Assert.Equal(204, (await _client.SendAsync("PUT", "/dir/new", "content", ("If", $"(<{answer.LockToken}>)"))).Status);
        Assert.Equal("content", _client.Tree.Read("dir/new"));
    }

    [Theory]
    [InlineData("/missing/new")] // RFC 4918 9.10.6
    [InlineData("/file/new")]
    public async Task A_lock_below_what_is_no_collection_is_refused(string path)
    {
        Assert.Equal(409, (await _client.SendAsync("LOCK", path, LockInfo())).Status);

        Assert.Equal(["dir/", "dir/other=text", "dir/sub/", "dir/sub/member=text", "file=text"], _client.Tree.List());
    }

    [Theory]
    [InlineData(null, 600)]
    [InlineData("Second-30", 30)]
    [InlineData("Infinite", 3600)]
    [InlineData("Infinite, Second-4100000000", 3600)] // RFC 4918 9.10.7
    [InlineData("Second-4100000000", 3600)]
    [InlineData("Second-7200, Second-120", 120)]
    [InlineData("Second-0", 600)]
    [InlineData("nonsense", 600)]
    public async Task The_time_that_a_lock_lasts_is_asked_for_by_Timeout(string? timeout, int seconds) // RFC 4918 6.6, 10.7
    {
        var answer = await _client.SendAsync("LOCK", "/file", LockInfo(), timeout is null ? [] : [("Timeout", timeout)]);

        Assert.Equal($"Second-{seconds}", answer.Property(Dav + "timeout").Value);
        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Equal("Second-1", (await _client.DiscoverAsync("/file")).Property(Dav + "timeout").Value);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await _client.IsLockedAsync("/file"));
    }

    [Fact]
    public async Task The_owner_is_given_back_with_all_that_gives_it_its_meaning() // RFC 4918 9.10.1, 14.17
    {
        const string Body =
            """
            <L:lockinfo xmlns:L="DAV:" xmlns:x="urn:x" xml:lang="de"><L:lockscope><L:exclusive/></L:lockscope><L:locktype><L:write/></L:locktype>
            <L:owner x:kind="x:person">Zoë &amp; Söhne <x:who n='1'><y xmlns="urn:y">&lt;1&gt;</y></x:who><L:href>mailto:zoe@example.com</L:href> </L:owner></L:lockinfo>
            """;
        var sent = XElement.Parse(Body, LoadOptions.PreserveWhitespace).Element(Dav + "owner")!;

        var answer = await _client.SendAsync("LOCK", "/file", Body);

        foreach (var owner in new[] { answer.Property(Dav + "owner"), (await _client.DiscoverAsync("/file")).Property(Dav + "owner") })
        {
            Assert.Equal(Plain(sent).ToString(SaveOptions.DisableFormatting), Plain(owner).ToString(SaveOptions.DisableFormatting));
            Assert.Equal("urn:x", owner.GetNamespaceOfPrefix("x"));
            Assert.Equal("de", owner.AncestorsAndSelf().Select(element => element.Attribute(XNamespace.Xml + "lang")).First(lang => lang is not null)!.Value);
        }
    }

    [Fact]
    public async Task Every_resource_says_which_locks_it_can_have() // RFC 4918 6.7, 15.10
    {
        foreach (var path in new[] { "/file", "/dir/", "/" })
        {
            var supported = (await _client.DiscoverAsync(path)).Property(Dav + "supportedlock");

            Assert.Equal(
                ["exclusive write", "shared write"],
                supported.Elements(Dav + "lockentry").Select(entry => $"{Kind(entry, "lockscope")} {Kind(entry, "locktype")}"));
        }
    }

    [Fact]
    public async Task A_member_tells_of_the_lock_above_it_and_of_its_own() // RFC 4918 6.8, 7.4
    {
        var above = await _client.LockAsync("/dir/", "shared");
        var own = await _client.LockAsync("/dir/sub/member", "shared", "0");

        var answer = await _client.DiscoverAsync("/dir/sub/member");

        Assert.Equal(
            new HashSet<string>
            {
                Active("shared", "0", owner: null, 600, own, "/dir/sub/member"),
                Active("shared", "infinity", owner: null, 600, above, "/dir/"),
            },
            [.. answer.ActiveLocks.Select(Describe)]);
    }

    [Fact]
    public async Task Shared_locks_stand_beside_each_other_and_each_has_its_token() // RFC 4918 6.2
    {
        var tokens = new[] { await _client.LockAsync("/file", "shared"), await _client.LockAsync("/file", "shared") };

        var told = (await _client.DiscoverAsync("/file")).ActiveLocks.Select(active => active.Descendants(Dav + "locktoken").Single().Value);

        Assert.Equal(tokens.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/file", "exclusive", "infinity", "/file", "exclusive", "0", "/file")] // the table of RFC 4918 9.10.5
    [InlineData("/file", "exclusive", "infinity", "/file", "shared", "0", "/file")]
    [InlineData("/file", "shared", "infinity", "/file", "exclusive", "0", "/file")]
    [InlineData("/dir/", "exclusive", "infinity", "/dir/other", "exclusive", "0", "/dir/")] // RFC 4918 7.4: indirectly locked
    [InlineData("/dir/", "exclusive", "infinity", "/dir/sub/", "shared", "infinity", "/dir/")]
    [InlineData("/dir/", "shared", "infinity", "/dir/sub/member", "exclusive", "0", "/dir/")]
    [InlineData("/", "exclusive", "infinity", "/dir/sub/member", "exclusive", "0", "/")]
    [InlineData("/dir/", "exclusive", "0", "/dir/", "exclusive", "0", "/dir/")]
    public async Task A_conflicting_lock_is_refused_with_the_root_of_the_one_in_the_way(
        string there, string scope, string depth, string path, string wanted, string wantedDepth, string root)
    {
        var token = await _client.LockAsync(there, scope, depth);

        foreach (var header in new[] { ("X-None", ""), Submit(token) }) // RFC 4918 9.10.5: nor the same principal twice
        {
            var answer = await _client.SendAsync("LOCK", path, LockInfo(wanted), ("Depth", wantedDepth), header);

            Assert.Equal((423, $"no-conflicting-lock {root}"), (answer.Status, answer.Condition));
            Assert.Null(answer.LockToken);
        }

        Assert.Single((await _client.DiscoverAsync(path)).ActiveLocks);
    }

    [Fact]
    public async Task A_collection_of_depth_0_and_its_members_are_locked_apart() // RFC 4918 7.4
    {
        await _client.LockAsync("/dir/", depth: "0");
        await _client.LockAsync("/dir/other");
        await _client.LockAsync("/dir/sub/");

        Assert.Single((await _client.DiscoverAsync("/dir/other")).ActiveLocks);
    }

    [Fact]
    public async Task A_deep_lock_over_locked_members_names_them_and_is_not_granted() // RFC 4918 9.10.3, 9.10.9
    {
        var member = await _client.LockAsync("/dir/sub/member");
        await _client.LockAsync("/dir/other", "shared");

        var answer = await _client.SendAsync("LOCK", "/dir/", LockInfo(), ("Depth", "infinity"), Submit(member));

        Assert.Equal(207, answer.Status);
        Assert.Equal(
            ["/dir/ 424", "/dir/other 423 no-conflicting-lock /dir/other", "/dir/sub/member 423 no-conflicting-lock /dir/sub/member"],
            answer.Members);
        Assert.Null(answer.LockToken);
        Assert.False(await _client.IsLockedAsync("/dir/"));
        Assert.False(await _client.IsLockedAsync("/dir/sub/"));
        Assert.Equal(201, (await _client.SendAsync("PUT", "/dir/free", "x")).Status);
    }

    [Fact]
    public async Task A_locked_collection_below_is_named_once_as_a_collection_with_its_members()
    {
        await _client.LockAsync("/dir/sub/");

        var answer = await _client.SendAsync("LOCK", "/", LockInfo("shared"));

        Assert.Equal(207, answer.Status);
        Assert.Contains("/ 424", answer.Members);
        Assert.Contains("/dir/sub/ 423 no-conflicting-lock /dir/sub/", answer.Members);
        Assert.DoesNotContain(answer.Members, member => member.StartsWith("/dir/ ", StringComparison.Ordinal));
        Assert.False(await _client.IsLockedAsync("/file"));
    }

    [Fact]
    public async Task A_deep_shared_lock_is_granted_over_shared_ones() // RFC 4918 9.10.5
    {
        await _client.LockAsync("/dir/sub/member", "shared");

        Assert.Equal(200, (await _client.SendAsync("LOCK", "/dir/", LockInfo("shared"))).Status);
    }

    [Theory]
    [InlineData("/file", "/file", null, 600)]
    [InlineData("/file", "/file", "Second-60", 60)]
    [InlineData("/file", "/file", "Infinite, Second-4100000000", 3600)] // RFC 4918 9.10.8
    [InlineData("/dir/", "/dir", "Second-60", 60)]
    [InlineData("/dir/", "/dir/sub/member", "Second-60", 60)] // RFC 4918 9.10.2: any resource within the scope of the lock
    public async Task A_lock_is_refreshed_by_its_token_and_keeps_it(string root, string path, string? timeout, int seconds)
    {
        var token = await _client.LockAsync(root);
        _time.Advance(TimeSpan.FromMinutes(5));

        var answer = await _client.SendAsync(
            "LOCK", path, body: null, new[] { ("If", $"(<{token}>)") }.Concat(timeout is null ? [] : [("Timeout", timeout)]));

        Assert.Equal(200, answer.Status);
        Assert.Null(answer.LockToken); // RFC 4918 9.10.2: not returned in the response
        Assert.Equal(Active("exclusive", "infinity", owner: null, seconds, token, root), Describe(Assert.Single(answer.ActiveLocks)));
        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.True(await _client.IsLockedAsync(root));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await _client.IsLockedAsync(root));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("infinity")]
    public async Task Depth_is_ignored_by_a_refresh(string depth) // RFC 4918 9.10.2
    {
        var token = await _client.LockAsync("/dir/");

        var answer = await _client.SendAsync("LOCK", "/dir/", body: null, ("If", $"(<{token}>)"), ("Depth", depth));

        Assert.Equal(200, answer.Status);
        Assert.Equal("infinity", answer.Property(Dav + "depth").Value);
    }

    [Fact]
    public async Task A_refresh_names_one_of_several_shared_locks_and_leaves_the_others() // RFC 4918 9.10.2
    {
        var one = await _client.LockAsync("/file", "shared");
        var other = await _client.LockAsync("/file", "shared");
        _time.Advance(TimeSpan.FromMinutes(1));

        var answer = await _client.SendAsync("LOCK", "/file", body: null, ("If", $"(<{one}>)"));

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            new HashSet<string> { Active("shared", "infinity", owner: null, 600, one, "/file"), Active("shared", "infinity", owner: null, 540, other, "/file") },
            [.. (await _client.DiscoverAsync("/file")).ActiveLocks.Select(Describe)]);
        var both = await _client.SendAsync("LOCK", "/file", body: null, ("If", $"(<{one}> <{other}>)"));
        Assert.Equal((412, "lock-token-matches-request-uri"), (both.Status, both.Condition));
    }

    [Fact]
    public async Task A_refresh_without_If_is_no_request() // RFC 4918 9.10.2: MUST specify which lock
    {
        await _client.LockAsync("/file");

        Assert.Equal(400, (await _client.SendAsync("LOCK", "/file")).Status);
        Assert.Equal(400, (await _client.SendAsync("LOCK", "/new")).Status);
        Assert.False(_client.Tree.Has("new")); // RFC 4918 7.7: MUST NOT create a new lock
    }

    [Theory]
    [InlineData("/file", "(<{token}>)")] // its scope does not include the Request-URI
    [InlineData("/file", "</dir/> (<{token}>)")] // which holds, but names no lock of this resource
    [InlineData("/dir/", $"(<{Unknown}>)")] // the token is invalid
    [InlineData("/dir/", $"(<{Unknown}>) (Not <DAV:no-lock>)")]
    [InlineData("/dir/", "(Not <DAV:no-lock>)")]
    public async Task A_refresh_of_a_lock_that_the_resource_does_not_have_is_refused(string path, string field) // RFC 4918 9.10.6
    {
        var token = await _client.LockAsync("/dir/");

        var answer = await _client.SendAsync("LOCK", path, body: null, ("If", field.Replace("{token}", token, StringComparison.Ordinal)));

        Assert.Equal((412, "lock-token-matches-request-uri"), (answer.Status, answer.Condition));
    }

    [Fact]
    public async Task A_lock_that_expired_is_not_refreshed() // RFC 4918 9.10.6: the lock could have disappeared
    {
        var token = await _client.LockAsync("/file");
        _time.Advance(TimeSpan.FromMinutes(10));

        var answer = await _client.SendAsync("LOCK", "/file", body: null, ("If", $"(<{token}>)"));

        Assert.Equal((412, "lock-token-matches-request-uri"), (answer.Status, answer.Condition));
        Assert.False(await _client.IsLockedAsync("/file"));
    }

    [Fact]
    public async Task A_refresh_whose_other_condition_fails_says_nothing_of_the_token()
    {
        var token = await _client.LockAsync("/file");
        _time.Advance(TimeSpan.FromMinutes(1));

        var answer = await _client.SendAsync("LOCK", "/file", body: null, ("If", $"(<{token}> [\"other\"])"));

        Assert.Equal((412, ""), (answer.Status, answer.Condition));
        Assert.Equal("Second-540", (await _client.DiscoverAsync("/file")).Property(Dav + "timeout").Value);
    }

    [Fact]
    public async Task Another_users_lock_is_not_refreshed() // RFC 4918 6.4
    {
        var token = await _client.LockAsync("/file", user: "anna");

        Assert.Equal(412, (await _client.SendAsync("LOCK", "/file", body: null, ("If", $"(<{token}>)"), User("berta"))).Status);
        Assert.Equal(412, (await _client.SendAsync("LOCK", "/file", body: null, ("If", $"(<{token}>)"))).Status);
        Assert.Equal(200, (await _client.SendAsync("LOCK", "/file", body: null, ("If", $"(<{token}>)"), User("anna"))).Status);
    }

    [Fact]
    public async Task Nothing_but_a_refresh_makes_a_lock_last_longer() // RFC 4918 6.6
    {
        var token = await _client.LockAsync("/file");
        _time.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal(204, (await _client.SendAsync("PUT", "/file", "x", ("If", $"(<{token}>)"))).Status);

        Assert.Equal("Second-60", (await _client.DiscoverAsync("/file")).Property(Dav + "timeout").Value);
    }

    [Fact]
    public async Task A_lock_that_cannot_be_kept_is_not_granted_and_makes_no_file()
    {
        var store = new MemoryLockStore { Fails = true };
        await using var client = await StartAsync(services: services => services.AddSingleton<ILockStore>(store));
        client.Tree.AddFile("file", "text");

        Assert.Equal(500, (await client.SendAsync("LOCK", "/file", LockInfo())).Status);
        Assert.Equal(500, (await client.SendAsync("LOCK", "/new", LockInfo())).Status);

        Assert.Equal(["file=text"], client.Tree.List());
        Assert.Equal(204, (await client.SendAsync("PUT", "/file", "new")).Status);
    }

    [Fact]
    public async Task The_root_of_a_lock_is_told_with_its_prefix_and_escapes() // RFC 4918 8.3, 14.12
    {
        await using var client = await StartAsync(settings: new Dictionary<string, string?> { ["WebDav:PathBase"] = "/dav" });
        client.Tree.AddDirectory("Grüße & co");

        var answer = await client.SendAsync("LOCK", "/dav/Gr%C3%BC%C3%9Fe%20%26%20co", LockInfo());

        Assert.Equal("/dav/Gr%C3%BC%C3%9Fe%20%26%20co/", answer.Property(Dav + "lockroot").Value);
        var refused = await client.SendAsync("PUT", "/dav/Gr%C3%BC%C3%9Fe%20%26%20co/x", "x");
        Assert.Equal((423, "lock-token-submitted /dav/Gr%C3%BC%C3%9Fe%20%26%20co/"), (refused.Status, refused.Condition));
    }

    private static string Active(string scope, string depth, string? owner, int seconds, string token, string root) =>
        $"write {scope} {depth} owner={owner} Second-{seconds} {token} {root}";

    private static string Describe(XElement active)
    {
        Assert.Equal(Dav + "activelock", active.Name);
        return $"{Kind(active, "locktype")} {Kind(active, "lockscope")} {active.Element(Dav + "depth")!.Value} owner={active.Element(Dav + "owner")?.Value} "
            + $"{active.Element(Dav + "timeout")!.Value} {Href(active, "locktoken")} {Href(active, "lockroot")}";
    }

    private static string Kind(XElement parent, string name) => parent.Element(Dav + name)!.Elements().Single().Name.LocalName;

    private static string Href(XElement parent, string name) => parent.Element(Dav + name)!.Elements(Dav + "href").Single().Value;

    // Without declarations and prefixes, which may differ while the names are the same.
    private static XElement Plain(XElement element) => new(
        element.Name,
        element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration && attribute.Name != XNamespace.Xml + "lang"),
        element.Nodes().Select(node => node is XElement child ? Plain(child) : node));
}
