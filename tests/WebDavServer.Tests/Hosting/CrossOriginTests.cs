using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting;

/// <summary>What a browser is told that asks for a page of another origin (Fetch Standard, 3.3).</summary>
public sealed class CrossOriginTests
{
    private const string Named = "https://app.example";

    [Theory]
    [InlineData("PROPFIND", "depth,content-type,authorization")]
    [InlineData("MOVE", "destination,overwrite,if")]
    [InlineData("LOCK", "timeout,x-of-anything")]
    [InlineData("PUT", "x-oc-mtime")]
    public async Task A_preflight_of_an_allowed_origin_is_told_what_it_may_do(string method, string fields)
    {
        await using ServerFixture server = await StartAsync(Named);

        RawResponse answer = await PreflightAsync(server, Named, method, $"Access-Control-Request-Headers: {fields}");

        Assert.Equal(204, answer.Status);
        Assert.Equal(Named, answer["Access-Control-Allow-Origin"]);
        Assert.Equal(method, answer["Access-Control-Allow-Methods"]);
        Assert.Equal(fields, answer["Access-Control-Allow-Headers"]);
        Assert.Equal("true", answer["Access-Control-Allow-Credentials"]);
        Assert.Equal("7200", answer["Access-Control-Max-Age"]);
        Assert.Equal("Origin", answer["Vary"]);
    }

    [Theory]
    [InlineData("https://evil.example", Named)]
    [InlineData("http://app.example", Named)]
    [InlineData("https://app.example:8443", Named)]
    [InlineData("https://app.example.evil.example", Named)]
    [InlineData("null", Named)]
    [InlineData(Named)] // no origin is allowed
    public async Task Any_other_is_told_nothing_and_is_never_asked_for_a_password(string origin, params string[] allowed)
    {
        await using ServerFixture server = await StartAsync(allowed);

        RawResponse preflight = await PreflightAsync(server, origin, "PROPFIND");
        RawResponse answer = await server.AskAsync("GET", "/file", [$"Origin: {origin}"]);

        Assert.Equal((204, 200), (preflight.Status, answer.Status));
        Assert.DoesNotContain(preflight.Fields.Concat(answer.Fields), field => field.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("app://obsidian.md")]
    [InlineData("capacitor://localhost")]
    [InlineData("http://localhost")]
    [InlineData("http://[::1]:8000")]
    public async Task Apps_have_origins_of_their_own(string origin)
    {
        await using ServerFixture server = await StartAsync(Named, origin);

        Assert.Equal(origin, (await PreflightAsync(server, origin, "PROPFIND"))["Access-Control-Allow-Origin"]);
        Assert.Equal(origin, (await server.AskAsync("GET", "/file", [$"Origin: {origin}"]))["Access-Control-Allow-Origin"]);
    }

    [Theory]
    [InlineData("GET", "/file", 200)]
    [InlineData("GET", "/missing", 404)]
    [InlineData("MKCOL", "/file", 405)]
    [InlineData("COPY", "/file", 400)]
    [InlineData("GET", "/.webdav/health", 200)]
    [InlineData("GET", "/teapot", 401)]
    [InlineData("GET", "/fault", 500)]
    public async Task Every_answer_can_be_read_whatever_its_status(string method, string target, int status)
    {
        await using ServerFixture server = await StartAsync(Named);

        RawResponse answer = await server.AskAsync(method, target, [$"Origin: {Named}"]);

        Assert.Equal(status, answer.Status);
        Assert.Equal((Named, "true"), (answer["Access-Control-Allow-Origin"], answer["Access-Control-Allow-Credentials"]));
        Assert.Equal("Origin", Assert.Single(answer.Fields, field => field.Key == "Vary").Value);
        string[] exposed = answer["Access-Control-Expose-Headers"]!.Split(',');
        Assert.Subset(exposed.ToHashSet(), new HashSet<string>
        {
            "ETag", "DAV", "Lock-Token", "Content-Range", "Location", "WWW-Authenticate", "X-OC-MTime", "Preference-Applied",
        });
    }

    [Fact]
    public async Task Who_must_log_in_is_asked_in_a_way_that_a_page_can_read_and_a_preflight_is_not_asked()
    {
        Dictionary<string, string?> settings = TestUsers.Settings("anna");
        settings["WebDav:CorsOrigins:0"] = Named;
        await using ServerFixture server = await ServerFixture.StartAsync(settings);
        string[] fields = [$"Origin: {Named}", "Access-Control-Request-Method: PROPFIND"];

        RawResponse preflight = await server.AskAsync("OPTIONS", "/", fields);
        RawResponse unknown = await server.AskAsync("PROPFIND", "/", fields);
        RawResponse wrong = await server.AskAsync("PROPFIND", "/", [.. fields, TestUsers.Basic("anna", "wrong")]);
        RawResponse right = await server.AskAsync("PROPFIND", "/", [.. fields, TestUsers.Basic("anna")]);

        RawResponse[] all = [preflight, unknown, wrong, right];
        Assert.Equal([204, 401, 401, 207], all.Select(answer => answer.Status));
        Assert.All(all, answer => Assert.Equal(Named, answer["Access-Control-Allow-Origin"]));
        Assert.NotNull(unknown["WWW-Authenticate"]);
    }

    [Fact]
    public async Task An_answer_without_origin_is_not_kept_for_one_with_it()
    {
        await using ServerFixture server = await StartAsync(Named);

        Assert.Equal("Origin", (await server.AskAsync("GET", "/file"))["Vary"]);
        Assert.Equal("Origin", (await server.AskAsync("GET", "/file", ["Origin: https://evil.example"]))["Vary"]);
    }

    [Fact]
    public async Task Without_allowed_origins_nothing_varies()
    {
        await using ServerFixture server = await StartAsync();

        Assert.Null((await server.AskAsync("GET", "/file"))["Vary"]);
    }

    [Fact]
    public async Task Everybody_may_come_but_not_with_a_password_that_the_browser_keeps()
    {
        await using ServerFixture server = await StartAsync("*");

        RawResponse preflight = await PreflightAsync(server, "https://any.example", "PROPFIND", "Access-Control-Request-Headers: authorization");
        RawResponse answer = await server.AskAsync("GET", "/file", ["Origin: https://any.example"]);

        Assert.All([preflight, answer], one =>
        {
            Assert.Equal("*", one["Access-Control-Allow-Origin"]);
            Assert.Null(one["Access-Control-Allow-Credentials"]);
        });
        Assert.Equal("authorization", preflight["Access-Control-Allow-Headers"]); // one that the page itself sends: a * would not cover it
        Assert.Equal("Origin", answer["Vary"]); // there is no * on one that was got without an origin
    }

    [Theory]
    [InlineData("Origin: https://app.example")]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Access-Control-Request-Method: PUT")] // without an origin it is no preflight
    public async Task An_ordinary_OPTIONS_says_what_the_server_can_do(string field)
    {
        await using ServerFixture server = await StartAsync(Named);

        RawResponse answer = await server.AskAsync("OPTIONS", "/", [field]);

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("1, 2, 3", answer["DAV"], StringComparison.Ordinal);
    }

    /// <summary>A server that wants a password for /teapot, and fails at /fault.</summary>
    private static async Task<ServerFixture> StartAsync(params string[] origins)
    {
        ServerFixture server = await ServerFixture.StartAsync(
            origins.Select((origin, i) => ($"WebDav:CorsOrigins:{i}", origin)).ToDictionary(pair => pair.Item1, string? (pair) => pair.origin),
            endpoints: app => app.Use((context, next) =>
            {
                switch (context.Request.Path.Value)
                {
                    case "/teapot":
                        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                        return Task.CompletedTask;
                    case "/fault":
                        throw new InvalidOperationException("on purpose");
                    default:
                        return next();
                }
            }));
        server.Tree.AddFile("file");
        return server;
    }

    private static Task<RawResponse> PreflightAsync(ServerFixture server, string origin, string method, params string[] fields) =>
        server.AskAsync("OPTIONS", "/teapot", [$"Origin: {origin}", $"Access-Control-Request-Method: {method}", .. fields]);
}
