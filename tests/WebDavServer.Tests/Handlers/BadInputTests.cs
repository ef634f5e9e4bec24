using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class BadInputTests
{
    private const string Entity = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>";
    private const string Laughs = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>";

    [Theory] // RFC 4918 8.2, 8.1.3, 9.1, 9.2, 9.10; 16 for the condition
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'>")]
    [InlineData("PROPFIND", "no XML at all")]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'/>")]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><allprop/><propname/></propfind>")]
    [InlineData("PROPFIND", "<propfind xmlns='urn:other'><allprop/></propfind>")]
    [InlineData("PROPFIND", "<p:propfind><p:allprop/></p:propfind>")] // a prefix without a namespace
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><prop><a:b xmlns:a=''/></prop></propfind>")] // Namespaces in XML 2
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><allprop/></propfind><more/>")]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><prop><a>&#1;</a></prop></propfind>")]
    [InlineData("PROPPATCH", "")]
    [InlineData("PROPPATCH", "<propertyupdate xmlns='DAV:'/>")]
    [InlineData("PROPPATCH", "<propertyupdate xmlns='DAV:'><set/></propertyupdate>")]
    [InlineData("PROPPATCH", "<propertyupdate xmlns='DAV:'><set><prop><a>1</a></prop></set>")]
    [InlineData("LOCK", "")]
    [InlineData("LOCK", "<lockinfo xmlns='DAV:'><locktype><write/></locktype></lockinfo>")]
    [InlineData("LOCK", "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><read/></locktype></lockinfo>")]
    [InlineData("PROPFIND", Entity + "<propfind xmlns='DAV:'><prop><a>&e;</a></prop></propfind>", "no-external-entities")]
    [InlineData("PROPFIND", Laughs + "<propfind xmlns='DAV:'><prop><a>&c;</a></prop></propfind>", "no-external-entities")]
    [InlineData("PROPFIND", "<!DOCTYPE propfind><propfind xmlns='DAV:'><allprop/></propfind>", "no-external-entities")]
    [InlineData("PROPPATCH", Entity + "<propertyupdate xmlns='DAV:'><set><prop><a>&e;</a></prop></set></propertyupdate>", "no-external-entities")]
    [InlineData("LOCK", Entity + "<lockinfo xmlns='DAV:'><owner>&e;</owner></lockinfo>", "no-external-entities")]
    public async Task A_body_that_cannot_be_understood_is_refused(string method, string body, string? condition = null)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse response = await RefusedAsync(server, 400, method, "/file", ["Depth: 0"], body);

        Assert.Equal(condition, response.Condition());
        Assert.Equal(400, (await RefusedAsync(server, 400, method, "/missing", ["Depth: 0"], method == "LOCK" ? body : "<")).Status);
    }

    [Theory]
    [InlineData("PROPFIND", 413)]
    [InlineData("PROPPATCH", 413)]
    [InlineData("LOCK", 413)]
    public async Task A_body_of_many_megabytes_is_refused(string method, int status)
    {
        await using ServerFixture server = await StartAsync();

        await RefusedAsync(server, status, method, "/file", [], $"<a>{new string('x', 2_000_000)}</a>");
    }

    [Theory]
    [InlineData("PROPFIND")]
    [InlineData("PROPPATCH")]
    [InlineData("LOCK")]
    public async Task A_hundred_thousand_nested_elements_are_refused(string method)
    {
        await using ServerFixture server = await StartAsync();

        await RefusedAsync(server, 400, method, "/file", [], string.Concat(Enumerable.Repeat("<a>", 100_000)));
    }

    [Theory] // RFC 4918 10.2
    [InlineData("PROPFIND", "Depth: 2")]
    [InlineData("PROPFIND", "Depth: -1")]
    [InlineData("PROPFIND", "Depth:")]
    [InlineData("PROPFIND", "Depth: 0, 1")]
    [InlineData("PROPFIND", "Depth: infinite")]
    [InlineData("DELETE", "Depth: 2")]
    [InlineData("COPY", "Depth: 2")]
    [InlineData("COPY", "Depth: 1")]
    [InlineData("MOVE", "Depth: 2")]
    [InlineData("LOCK", "Depth: 1")] // 9.10.3
    public async Task An_unknown_depth_is_refused(string method, string depth)
    {
        await using ServerFixture server = await StartAsync();

        await RefusedAsync(server, 400, method, "/dir", [depth, "Destination: /new"]);
    }

    [Theory] // RFC 3986 2.1; a name that the disk and the URL would not agree on
    [InlineData("/dir%2Ffile")]
    [InlineData("/dir%2ffile")]
    [InlineData("/%2e%2e%2ffile")]
    [InlineData("/file%00")]
    [InlineData("/%00")]
    [InlineData("/%ff")]
    [InlineData("/%C3")]
    [InlineData("/%C0%AF")]
    [InlineData("/%ED%A0%80")] // a surrogate
    [InlineData("/%")]
    [InlineData("/%4")]
    [InlineData("/%zz")]
    public async Task A_path_that_is_none_is_refused(string target)
    {
        await using ServerFixture server = await StartAsync();
        foreach (string method in new[] { "OPTIONS", "GET", "HEAD", "PUT", "DELETE", "MKCOL", "PROPFIND", "PROPPATCH", "LOCK", "UNLOCK", "COPY", "MOVE" })
        {
            await RefusedAsync(server, 400, method, target, ["Destination: /new"], method == "PUT" ? "new" : null);
        }

        await RefusedAsync(server, 400, "COPY", "/file", [$"Destination: {target}"]);
        await RefusedAsync(server, 400, "MOVE", "/file", [$"Destination: {target}"]);
    }

    [Theory]
    [InlineData("/..", 207)]
    [InlineData("/../../etc/", 404)]
    [InlineData("/%2e%2e/%2e%2e/etc", 404)]
    [InlineData("/dir/../../file", 207)]
    [InlineData("/dir/%2e%2E/file", 207)]
    [InlineData("/..%5C..%5Cfile", 404)]
    public async Task Nothing_leads_above_the_root(string target, int status)
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(status, await server.StatusAsync("PROPFIND", target, ["Depth: 0"]));
    }

    [Theory]
    [InlineData("a", 256)]
    [InlineData("%C3%A4", 128)] // two bytes each
    [InlineData("%F0%9F%98%80", 64)] // four
    public async Task A_name_that_the_disk_cannot_take_is_too_long(string character, int count)
    {
        await using ServerFixture server = await StartAsync();
        string tooLong = "/" + string.Concat(Enumerable.Repeat(character, count));
        foreach (string method in new[] { "GET", "PUT", "DELETE", "MKCOL", "PROPFIND", "LOCK" })
        {
            await RefusedAsync(server, 414, method, tooLong, [], method == "PUT" ? "new" : null);
        }

        await RefusedAsync(server, 414, "GET", tooLong + "/member");
        await RefusedAsync(server, 414, "COPY", "/file", [$"Destination: {tooLong}"]);
        await RefusedAsync(server, 414, "MOVE", "/file", [$"Destination: {tooLong}"]);
        Assert.Equal(201, await server.StatusAsync("PUT", tooLong[..^character.Length], body: "new"));
    }

    [Fact]
    public async Task A_path_of_many_names_may_be_longer_than_the_system_takes_at_once()
    {
        await using ServerFixture server = await StartAsync();
        string path = "";
        for (int i = 0; i < 30; i++) // 6 KB; PATH_MAX is 4 KB
        {
            path += "/" + new string('d', 200);
            Assert.Equal(201, await server.StatusAsync("MKCOL", path));
        }

        Assert.Equal(201, await server.StatusAsync("PUT", path + "/file", body: "deep"));
        Assert.Equal("deep", (await server.AskAsync("GET", path + "/file")).Text);
        Assert.Equal(204, await server.StatusAsync("DELETE", path[..path.IndexOf('/', 1)]));
    }

    [Theory] // RFC 4918 8.4
    [InlineData("OPTIONS")]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("DELETE")]
    [InlineData("MKCOL")]
    [InlineData("COPY")]
    [InlineData("MOVE")]
    [InlineData("UNLOCK")]
    public async Task A_body_where_none_belongs_is_refused(string method)
    {
        await using ServerFixture server = await StartAsync();
        string target = method == "MKCOL" ? "/new" : "/file";
        string[] fields = ["Destination: /new", "Lock-Token: <urn:uuid:1>"];

        await RefusedAsync(server, 415, method, target, fields, "<body/>");
        await RefusedAsync(server, 415, method, target, [.. fields, "Transfer-Encoding: chunked"], chunks: "3\r\nabc\r\n0\r\n\r\n");
        Assert.NotEqual(415, await server.StatusAsync(method, target, fields, "")); // Content-Length: 0 says that there is none
    }

    [Theory] // RFC 9110 15.6.2; methods are case-sensitive (9.1)
    [InlineData("BREW")]
    [InlineData("REPORT")]
    [InlineData("get")]
    [InlineData("PropFind")]
    public async Task A_method_that_is_not_known_is_not_implemented(string method)
    {
        await using ServerFixture server = await StartAsync();

        await RefusedAsync(server, 501, method, "/file");
    }

    [Theory] // RFC 9110 15.5.6: Allow says what the resource has
    [InlineData("POST", "/file", "OPTIONS, GET, HEAD, PUT, PATCH, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK")]
    [InlineData("POST", "/dir/", "OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK")]
    [InlineData("POST", "/new", "OPTIONS, PUT, MKCOL, LOCK, UNLOCK")]
    [InlineData("TRACE", "/file", "OPTIONS, GET, HEAD, PUT, PATCH, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK")]
    public async Task A_method_that_no_resource_has_is_not_allowed(string method, string target, string allow)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse response = await RefusedAsync(server, 405, method, target, body: method == "TRACE" ? null : "a=b");

        Assert.Equal(allow, response["Allow"]);
    }

    [Fact]
    public async Task Every_refusal_has_its_reason_in_the_log_and_in_its_body()
    {
        await using ServerFixture server = await StartAsync();
        (string Method, string Target, string[] Fields, int Status)[] requests =
        [
            ("PROPFIND", "/file", ["Depth: 2"], 400),
            ("DELETE", "/", [], 403),
            ("GET", "/missing", [], 404),
            ("POST", "/file", [], 405),
            ("MKCOL", "/missing/new", [], 409),
            ("GET", "/file", ["If-Match: \"stale\""], 412),
            ("GET", "/" + new string('a', 256), [], 414),
            ("BREW", "/file", [], 501),
            ("COPY", "/file", ["Destination: http://elsewhere.example/"], 502),
        ];
        foreach ((string method, string target, string[] fields, int status) in requests)
        {
            RawResponse response = await RefusedAsync(server, status, method, target, fields);

            LogLine line = (await server.Log.WaitForRequestsAsync())[^1];
            Assert.StartsWith($"{method} {target} {status} in ", line.Text, StringComparison.Ordinal);
            string reason = line.Text[(line.Text.IndexOf("from 127.0.0.1", StringComparison.Ordinal) + "from 127.0.0.1".Length)..];
            Assert.Matches("^: .{5,}$", reason);
            Assert.Equal("text/plain; charset=utf-8", response["Content-Type"]);
            Assert.Equal(reason[2..], response.Text.TrimEnd('\n'));
        }
    }

    /// <summary>Sends a request that must be refused with a status, and change nothing.</summary>
    private static async Task<RawResponse> RefusedAsync(
        ServerFixture server, int status, string method, string target, string[]? header = null, string? body = null, string chunks = "")
    {
        IReadOnlyList<string> before = server.Tree.List();
        int logged = server.Log.Requests.Count;
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync(method, target, header, body);
        await connection.SendAsync(chunks);
        RawResponse response = (await connection.ReadFinalAsync(toHead: method == "HEAD")).Final;

        Assert.True(status == response.Status, $"{method} {target}: {response.Status} {response.Text}");
        Assert.Equal(before, server.Tree.List());
        if (!target.Contains("%00", StringComparison.Ordinal)) // which Kestrel refuses itself
        {
            await server.Log.WaitForRequestsAsync(logged + 1);
        }

        return response;
    }

    private static async Task<ServerFixture> StartAsync()
    {
        TempTree tree = new();
        tree.AddFile("file", "content");
        tree.AddFile("dir/file", "member");
        return await ServerFixture.StartAsync(tree: tree);
    }
}
