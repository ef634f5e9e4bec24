using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hostile;

/// <summary>What the pages of other origins can do here with the credentials that a browser sends along: nothing that changes anything.</summary>
public sealed class ForeignPageTests
{
    private static readonly string[] Changing = ["PUT", "PATCH", "DELETE", "MKCOL", "COPY", "MOVE", "PROPPATCH", "LOCK", "UNLOCK", "POST"];

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Sec-Fetch-Site: cross-site", "Origin: https://evil.example")]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: http://localhost:1234")]
    [InlineData("Origin: http://localhost.evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: ")]
    public async Task The_page_of_another_origin_changes_nothing(params string[] fields)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");
        foreach (string method in Changing)
        {
            RawResponse refused = await server.AskAsync(method, "/file", [.. fields, "Destination: /copy", "Content-Type: text/plain"], "body");
            Assert.Equal((403, "nosniff"), (refused.Status, refused["X-Content-Type-Options"]));
        }

        Assert.Equal(["file=content"], server.Tree.List());
        Assert.All(
            await server.Log.WaitForRequestsAsync(Changing.Length),
            line => Assert.EndsWith(": the page of another origin may not change anything here", line.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    [InlineData("OPTIONS", 200)]
    [InlineData("PROPFIND", 207)]
    public async Task What_only_reads_is_answered_and_the_browser_keeps_it_from_the_page(string method, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");

        RawResponse answer = await server.AskAsync(method, "/file", ["Sec-Fetch-Site: cross-site", "Origin: https://evil.example"]);

        Assert.Equal((status, null), (answer.Status, answer["Access-Control-Allow-Origin"]));
    }

    [Theory]
    [InlineData]
    [InlineData("Origin: http://localhost")]
    [InlineData("Origin: https://localhost")] // the server speaks http to a proxy that speaks https
    [InlineData("Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: same-origin", "Origin: https://drive.example")] // a proxy in front has changed Host
    [InlineData("Sec-Fetch-Site: none")]
    public async Task The_servers_own_page_and_programs_may_change_things(params string[] fields)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(201, await server.StatusAsync("PUT", "/new", fields, "content"));
    }

    [Theory] // what a form or fetch(…, { mode: 'no-cors' }) can send without being asked: RFC 9110 9.3.3 with three types of body
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    public async Task A_POST_does_nothing_wherever_it_comes_from(string type)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");
        string[] targets = ["/", "/file", "/new", "/.webdav/operations", "/.webdav/operations/6f1c1c5c-6d3c-4c0c-8f39-1d2f3a4b5c6d", "/.webdav/ui/windows.reg"];

        foreach (string target in targets)
        {
            Assert.InRange(await server.StatusAsync("POST", target, [$"Content-Type: {type}"], "_method=DELETE"), 400, 499);
            Assert.InRange(await server.StatusAsync("POST", target, [$"Content-Type: {type}", "X-HTTP-Method-Override: DELETE"], "x"), 400, 499);
        }

        Assert.Equal(["file=content"], server.Tree.List());
    }

    [Fact]
    public async Task The_page_of_another_origin_does_not_stop_operations()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(403, await server.StatusAsync("DELETE", "/.webdav/operations/6f1c1c5c-6d3c-4c0c-8f39-1d2f3a4b5c6d", ["Origin: https://evil.example"]));
        Assert.Equal(404, await server.StatusAsync("DELETE", "/.webdav/operations/6f1c1c5c-6d3c-4c0c-8f39-1d2f3a4b5c6d"));
    }

    [Theory]
    [InlineData("https://app.example", "https://app.example", 201)]
    [InlineData("https://app.example", "HTTPS://APP.EXAMPLE", 201)]
    [InlineData("*", "https://anybody.example", 201)] // a browser sends them no password that it keeps
    [InlineData("https://app.example", "https://app.example:8443", 403)]
    [InlineData("https://app.example", "http://app.example", 403)]
    [InlineData("https://app.example", "null", 403)]
    public async Task Origins_that_are_allowed_may_change_things(string allowed, string origin, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["WebDav:CorsOrigins:0"] = allowed });

        Assert.Equal(status, await server.StatusAsync("PUT", "/new", ["Sec-Fetch-Site: cross-site", $"Origin: {origin}"], "content"));
    }

    [Theory]
    [InlineData("https://files.example", 201)]
    [InlineData("https://localhost", 201)]
    [InlineData("https://evil.example", 403)]
    public async Task The_names_of_the_server_are_its_own_origins(string origin, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["WebDav:HostNames:0"] = "files.example" });

        Assert.Equal(status, await server.StatusAsync("PUT", "/new", [$"Origin: {origin}"], "content"));
    }
}
