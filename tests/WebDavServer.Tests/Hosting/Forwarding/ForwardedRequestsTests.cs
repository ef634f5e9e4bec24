using System.Text.Json;
using Microsoft.Extensions.Logging;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Forwarding;

/// <summary>Requests that a proxy passes on. The test is the proxy, at 127.0.0.1; others that are trusted are in 10.0.0.0/8.</summary>
public sealed class ForwardedRequestsTests
{
    private const string Lock =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    [Theory]
    [InlineData("192.0.2.1", "X-Forwarded-For: 192.0.2.1")]
    [InlineData("192.0.2.1", "X-Forwarded-For: 6.6.6.6, 192.0.2.1")] // the first was written by the client
    [InlineData("192.0.2.1", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 192.0.2.1")]
    [InlineData("192.0.2.1", "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.0.0.1, 10.0.0.2")]
    [InlineData("192.0.2.1", "X-Forwarded-For: \"6.6.6.6, 192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 10.0.0.1")]
    [InlineData("10.0.0.2", "X-Forwarded-For: 6.6.6.6, unknown, 10.0.0.2")] // a proxy that does not tell; what stands before is anybody's
    [InlineData("127.0.0.1", "X-Forwarded-For: 6.6.6.6, unknown")]
    [InlineData("2001:db8::1", "X-Forwarded-For: 2001:DB8::1")]
    [InlineData("2001:db8::1", "X-Forwarded-For: [2001:db8::1]:4711")]
    [InlineData("192.0.2.1", "X-Forwarded-For: 192.0.2.1:4711")]
    [InlineData("127.0.0.1", "X-Forwarded-For:")]
    [InlineData("127.0.0.1", "X-Forwarded-Proto: https")]
    [InlineData("127.0.0.1", "X-Real-IP: 192.0.2.1")]
    [InlineData("192.0.2.1", "Forwarded: for=192.0.2.1")]
    [InlineData("192.0.2.1", "Forwarded: for=6.6.6.6, for=192.0.2.1;proto=https, for=\"10.0.0.1:80\"")]
    [InlineData("2001:db8::1", "Forwarded: for=\"[2001:db8::1]\"", "X-Forwarded-Prefix: /dav")]
    [InlineData("127.0.0.1", "Forwarded: for=6.6.6.6, for=_hidden")]
    [InlineData("127.0.0.1", "Forwarded: for=6.6.6.6, proto=https")]
    [InlineData("192.0.2.1", "Forwarded: for=6.6.6.6", "X-Forwarded-For: 192.0.2.1")] // what the proxy left as it came
    public async Task The_log_has_the_nearest_address_that_is_no_trusted_proxy(string address, params string[] fields)
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(200, await server.StatusAsync("GET", "/", fields));

        Assert.EndsWith($", from {address}", Assert.Single(await server.Log.WaitForRequestsAsync()).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData("X-Forwarded-For: nobody", "nobody")]
    [InlineData("X-Forwarded-For: 127.1", "127.1")]
    [InlineData("X-Forwarded-For: 192.0.2.1:99999", "192.0.2.1:99999")]
    [InlineData("X-Forwarded-Proto: gopher", "gopher")]
    [InlineData("X-Forwarded-Host: a/b", "a/b")]
    [InlineData("X-Forwarded-Host: a:b:c", "a:b:c")]
    [InlineData("X-Forwarded-Host: ü..example", "ü..example")] // no name that IDN could write
    [InlineData("X-Forwarded-Prefix: dav", "dav")]
    [InlineData("X-Forwarded-Prefix: /%2f", "/%2f")]
    [InlineData("X-Forwarded-Prefix: /%zz", "/%zz")]
    [InlineData("Forwarded: for=\"", "for=\"")]
    [InlineData("Forwarded: for=1;for=2", "for=1;for=2")]
    public async Task What_cannot_be_understood_is_ignored_with_a_line_in_the_log(string field, string text)
    {
        await using ServerFixture server = await StartAsync();
        server.Tree.AddFile("file");

        RawResponse moved = await server.AskAsync("MOVE", "/file", [field, "Destination: http://localhost/new"]);

        Assert.Equal(201, moved.Status);
        Assert.EndsWith(", from 127.0.0.1", Assert.Single(await server.Log.WaitForRequestsAsync()).Text, StringComparison.Ordinal);
        LogLine warning = Assert.Single(server.Log.Lines, line => line.Level >= LogLevel.Warning);
        Assert.Equal($"The proxy 127.0.0.1 says \"{text}\" of a request: that cannot be understood and is ignored", warning.Text);
    }

    [Fact]
    public async Task Who_is_not_trusted_is_not_believed_and_the_log_says_so_once()
    {
        await using ServerFixture server = await StartAsync(("WebDav:TrustedProxies:0", "192.0.2.1"));
        server.Tree.AddFile("file");
        string[] fields = ["X-Forwarded-For: 6.6.6.6", "X-Forwarded-Host: public.example", "X-Forwarded-Prefix: /dav", "Forwarded: for=6.6.6.6"];

        RawResponse listed = await server.AskAsync("PROPFIND", "/", [.. fields, "Depth: 1"]);
        int moved = await server.StatusAsync("MOVE", "/file", [.. fields, "Destination: https://public.example/new"]);

        Assert.Equal(["/", "/file"], MultiStatus.Of(listed).Hrefs);
        Assert.Equal(502, moved);
        Assert.All(await server.Log.WaitForRequestsAsync(2), line => Assert.Contains(", from 127.0.0.1", line.Text, StringComparison.Ordinal));
        Assert.Equal(
            "127.0.0.1 sends X-Forwarded-For, which is ignored, now and later: WebDav:TrustedProxies does not list it",
            Assert.Single(server.Log.Lines, line => line.Text.Contains("TrustedProxies", StringComparison.Ordinal)).Text);
    }

    [Theory]
    [InlineData("https://public.example/new", "X-Forwarded-Host: public.example", "X-Forwarded-Proto: https")]
    [InlineData("https://public.example:8443/new", "X-Forwarded-Host: public.example:8443")]
    [InlineData("https://public.example:8443/new", "X-Forwarded-Host: public.example")] // a proxy that leaves out the port
    [InlineData("https://public.example/new", "X-Forwarded-Host: evil.example, public.example", "X-Forwarded-For: 192.0.2.1")]
    [InlineData("https://public.example/new", "X-Forwarded-Host: public.example, inner.example", "X-Forwarded-For: 192.0.2.1, 10.0.0.1")]
    [InlineData("https://public.example/new", "Forwarded: host=public.example;proto=https")]
    [InlineData("https://named.example/new", "X-Forwarded-For: 192.0.2.1")] // WebDav:HostNames
    [InlineData("https://named.example:8443/new")]
    [InlineData("https://port.example:444/new")]
    [InlineData("http://localhost/new", "X-Forwarded-Host: public.example")] // a proxy that rewrites it
    [InlineData("/new", "X-Forwarded-Host: public.example")]
    public async Task A_destination_may_have_every_name_of_the_server(string destination, params string[] fields)
    {
        await using ServerFixture server = await StartAsync(("WebDav:HostNames:0", "named.example"), ("WebDav:HostNames:1", "port.example:444"));
        server.Tree.AddFile("file", "content");

        Assert.Equal(201, await server.StatusAsync("MOVE", "/file", [.. fields, $"Destination: {destination}"]));

        Assert.Equal(["new=content"], server.Tree.List());
    }

    [Theory]
    [InlineData("https://evil.example/new", "X-Forwarded-Host: evil.example, public.example", "X-Forwarded-For: 192.0.2.1")]
    [InlineData("https://public.example:444/new", "X-Forwarded-Host: public.example:8443")]
    [InlineData("https://port.example/new")]
    [InlineData("https://public.example/new", "X-Forwarded-Host: public.example", "X-Forwarded-Prefix: /dav")] // outside of what is served
    [InlineData("/new", "X-Forwarded-Prefix: /dav")]
    public async Task And_no_other(string destination, params string[] fields)
    {
        await using ServerFixture server = await StartAsync(("WebDav:HostNames:0", "port.example:444"));
        server.Tree.AddFile("file", "content");

        Assert.Equal(502, await server.StatusAsync("COPY", "/file", [.. fields, $"Destination: {destination}"]));

        Assert.Equal(["file=content"], server.Tree.List());
    }

    [Theory]
    [InlineData("/my%20dav", "", "X-Forwarded-Prefix: /my%20dav")] // taken away by the proxy
    [InlineData("/my%20dav", "", "X-Forwarded-Prefix: /my dav/")]
    [InlineData("/my%20dav", "/my dav")] // kept by the proxy
    [InlineData("/a/b", "/b", "X-Forwarded-Prefix: /a")] // a part of it taken away
    [InlineData("/a/b", "", "X-Forwarded-Prefix: /a, /b", "X-Forwarded-For: 192.0.2.1, 10.0.0.1")] // by two proxies
    [InlineData("/b", "", "X-Forwarded-Prefix: /evil, /b", "X-Forwarded-For: 192.0.2.1")]
    [InlineData("", "", "X-Forwarded-Prefix: /")]
    public async Task Everything_comes_back_under_the_prefix(string prefix, string pathBase, params string[] fields)
    {
        await using ServerFixture server = await StartAsync(("WebDav:PathBase", pathBase));
        server.Tree.AddFile("dir/file", "content");
        string kept = pathBase.Replace(" ", "%20", StringComparison.Ordinal); // what the request line still has of it
        Task<RawResponse> AskAsync(string method, string path, string[] header, string? body = null) =>
            server.AskAsync(method, kept + path, [.. fields, .. header], body);

        RawResponse listed = await AskAsync("PROPFIND", "/dir", ["Depth: 1"]);
        Assert.Equal([$"{prefix}/dir/", $"{prefix}/dir/file"], MultiStatus.Of(listed).Hrefs);
        Assert.Equal($"{prefix}/dir/", listed["Content-Location"]);
        Assert.Contains($"href=\"{prefix}/dir/file\"", (await AskAsync("GET", "/dir/", [])).Text, StringComparison.Ordinal);

        RawResponse locked = await AskAsync("LOCK", "/dir/file", [], Lock);
        Assert.Contains($"<D:lockroot><D:href>{prefix}/dir/file</D:href>", locked.Text, StringComparison.Ordinal);
        RawResponse refused = await AskAsync("DELETE", "/dir", []);
        Assert.Equal(207, refused.Status);
        Assert.Equal([$"{prefix}/dir/file"], MultiStatus.Of(refused).Hrefs);

        string to = $"Destination: https://localhost{prefix}/new";
        Assert.Equal(412, (await AskAsync("MOVE", "/dir", [to, $"If: <{prefix}/elsewhere/file> ({locked["Lock-Token"]})"])).Status);
        Assert.Equal(201, (await AskAsync("MOVE", "/dir", [to, $"If: <http://localhost{prefix}/dir/file> ({locked["Lock-Token"]})"])).Status);
        Assert.Equal("content", (await AskAsync("GET", "/new/file", [])).Text);

        RawResponse accepted = await AskAsync("COPY", "/new", [$"Destination: {prefix}/copy", "Prefer: respond-async"]);
        Assert.StartsWith($"{prefix}/.webdav/operations/", accepted["Location"], StringComparison.Ordinal);
        string page = accepted["Location"]![prefix.Length..];
        using JsonDocument view = JsonDocument.Parse((await AskAsync("GET", page, [])).Text);
        Assert.Equal($"{prefix}/new", view.RootElement.GetProperty("source").GetString());
        Assert.Equal(accepted["Location"] + "/events", view.RootElement.GetProperty("links").GetProperty("events").GetString());
    }

    [Fact]
    public async Task Who_guesses_passwords_bars_nobody_else_behind_the_proxy()
    {
        string[] guesser = ["X-Forwarded-For: 192.0.2.1"];
        string[] other = ["X-Forwarded-For: 192.0.2.2"];
        await using ServerFixture server = await StartAsync([.. TestUsers.Settings("anna").Select(pair => (pair.Key, pair.Value!))]);
        int status = 401;
        for (int i = 0; i < 1000 && status == 401; i++)
        {
            status = await server.StatusAsync("PROPFIND", "/", [.. guesser, TestUsers.Basic("anna", $"guess {i}")]);
        }

        Assert.Equal(429, status);
        Assert.Equal(429, await server.StatusAsync("PROPFIND", "/", [.. guesser, TestUsers.Basic("anna")]));
        Assert.Equal(207, await server.StatusAsync("PROPFIND", "/", [.. other, TestUsers.Basic("anna")]));
    }

    [Theory]
    [InlineData("/dav/notes/", "https://public.example/dav/new", "X-Forwarded-Prefix: /dav", "X-Forwarded-Host: public.example")]
    [InlineData("/notes/", "https://localhost/new", "X-Forwarded-For: 192.0.2.1")]
    public async Task The_prefix_comes_before_what_a_user_finds_at_the_root(string href, string destination, params string[] fields)
    {
        Dictionary<string, string?> settings = TestUsers.Settings("anna Root=/homes/anna");
        settings["WebDav:TrustedProxies:0"] = "127.0.0.1";
        TempTree tree = new();
        tree.AddFile("homes/anna/notes/f", "content");
        await using ServerFixture server = await ServerFixture.StartAsync(settings, tree: tree);
        string[] all = [.. fields, TestUsers.Basic("anna")];

        Assert.Equal([href], MultiStatus.Of(await server.AskAsync("PROPFIND", "/notes/", [.. all, "Depth: 0"])).Hrefs);
        Assert.Equal(201, await server.StatusAsync("MOVE", "/notes/", [.. all, $"Destination: {destination}"]));

        Assert.True(server.Tree.Has("homes/anna/new/f"));
    }

    [Theory]
    [InlineData("https://public.example", "X-Forwarded-Host: public.example")]
    [InlineData("https://named.example:8443")]
    public async Task A_page_of_the_public_host_may_watch_over_a_socket(string origin, params string[] fields)
    {
        await using ServerFixture server = await StartAsync(("WebDav:HostNames:0", "named.example"));
        server.Tree.AddFile("dir/file");
        string page = (await server.AskAsync("COPY", "/dir", ["Destination: /new", "Prefer: respond-async"]))["Location"]!;
        string[] upgrade =
        [
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", .. fields,
        ];

        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync("GET", page + "/socket", [.. upgrade, $"Origin: {origin}"]);

        Assert.Matches("^HTTP/1.1 (101|409) ", await connection.ReadStatusLineAsync()); // 409: it has ended already
        Assert.Equal(403, await server.StatusAsync("GET", page + "/socket", [.. upgrade, "Origin: https://evil.example"]));
    }

    private static Task<ServerFixture> StartAsync(params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> all = new(StringComparer.Ordinal)
        {
            ["WebDav:TrustedProxies:0"] = "127.0.0.1", ["WebDav:TrustedProxies:1"] = "10.0.0.0/8",
        };
        foreach ((string key, string value) in settings)
        {
            all[key] = value;
        }

        return ServerFixture.StartAsync(all);
    }
}
