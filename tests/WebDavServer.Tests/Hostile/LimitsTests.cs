using WebDavServer.Hosting;
using WebDavServer.Tests.Handlers;
using WebDavServer.Tests.Operations;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hostile;

/// <summary>Each bound of the section <c>Limits</c>, reached and passed by one.</summary>
public sealed class LimitsTests
{
    [Theory]
    [InlineData(200, 207)]
    [InlineData(201, 413)]
    public async Task An_XML_body_has_only_so_many_bytes(int size, int status)
    {
        const string Body = "<propfind xmlns='DAV:'><allprop/></propfind>";
        await CheckAsync("XmlBodySize", "200", status, "PROPFIND", [], Body + new string(' ', size - Body.Length));
    }

    [Theory]
    [InlineData("<a/>", 207)]
    [InlineData("<a><b/></a>", 400)]
    public async Task An_XML_body_is_only_so_deep(string property, int status) =>
        await CheckAsync("XmlDepth", "3", status, "PROPFIND", [], $"<propfind xmlns='DAV:'><prop>{property}</prop></propfind>");

    [Theory]
    [InlineData("b='' c=''", 207)]
    [InlineData("b='' c='' d=''", 400)]
    public async Task An_element_has_only_so_many_attributes(string attributes, int status) =>
        await CheckAsync("XmlAttributes", "2", status, "PROPFIND", [], $"<propfind xmlns='DAV:'><prop><a {attributes}/></prop></propfind>");

    [Theory]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><prop>{0}</prop></propfind>", "<a/><b/>", 207)]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><prop>{0}</prop></propfind>", "<a/><b/><c/>", 413)]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><allprop/><include>{0}</include></propfind>", "<a/><b/>", 207)]
    [InlineData("PROPFIND", "<propfind xmlns='DAV:'><allprop/><include>{0}</include></propfind>", "<a/><a/><a/>", 413)]
    [InlineData("PROPPATCH", "<propertyupdate xmlns='DAV:'>{0}</propertyupdate>", "<set><prop><a/></prop></set><remove><prop><b/></prop></remove>", 207)]
    [InlineData("PROPPATCH", "<propertyupdate xmlns='DAV:'>{0}</propertyupdate>", "<set><prop><a/><b/></prop></set><set><prop><c/></prop></set>", 413)]
    [InlineData("MKCOL", "<mkcol xmlns='DAV:'><set><prop><resourcetype><collection/></resourcetype>{0}</prop></set></mkcol>", "<a xmlns='u'/>", 201)]
    [InlineData("MKCOL", "<mkcol xmlns='DAV:'><set><prop><resourcetype><collection/></resourcetype>{0}</prop></set></mkcol>", "<a xmlns='u'/><b/>", 413)]
    public async Task A_body_names_only_so_many_properties(string method, string body, string properties, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["Limits:PropertiesPerRequest"] = "2" });
        server.Tree.AddFile("file");

        RawResponse answer = await server.RequestAsync(
            method, method == "MKCOL" ? "/new" : "/file", string.Format(null, body, properties), "Content-Type: application/xml");

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 201, server.Tree.Has("new"));
        await CheckLogAsync(server, "PropertiesPerRequest", status);
    }

    [Theory]
    [InlineData(40, 412)]
    [InlineData(41, 431)]
    public async Task An_If_header_is_only_so_long(int length, int status) =>
        await CheckAsync("IfHeaderLength", "40", status, "GET", [$"If: (<urn:{new string('a', length - 8)}>)"]);

    [Fact]
    public async Task An_If_header_may_be_as_long_as_is_said_whatever_Kestrel_holds_for_usual()
    {
        string tokens = string.Concat(Enumerable.Range(0, 900).Select(i => $"(<urn:{new string('a', 200)}{i}>)"));
        await CheckAsync("IfHeaderLength", "1000000", 412, "GET", [$"If: {tokens}"]);
    }

    [Theory] // RFC 9110 14.2: who asks for more gets the whole
    [InlineData("bytes=0-0,2-2", 206)]
    [InlineData("bytes=0-0,2-2,4-4", 200)]
    public async Task A_GET_is_answered_only_so_many_ranges(string range, int status) =>
        await CheckAsync("RangesPerGet", "2", status, "GET", [$"Range: {range}"]);

    [Fact]
    public async Task A_user_has_only_so_many_deep_PROPFINDs_at_once()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["Limits:DeepPropFindsPerUser"] = "2" });
        Stall stall = server.StallAt("PROPFIND");
        await using RawConnection first = await server.SendAsync("PROPFIND", "Depth: infinity");
        await using RawConnection second = await server.SendAsync("PROPFIND", "Depth: infinity");
        await OperationServer.WaitAsync(() => server.Registry.All.Count == 2);

        RawResponse refused = await server.AskAsync("PROPFIND", "Depth: infinity");
        Assert.Equal((429, "5"), (refused.Status, refused["Retry-After"]));
        await CheckLogAsync(server.Server, "DeepPropFindsPerUser", 429);
        Assert.Equal(207, await server.Server.StatusAsync("PROPFIND", "/", ["Depth: 1"]));

        await using RawConnection other = await server.SendAsync("PROPFIND", "Depth: infinity", "Test-User: anna");
        stall.Release();
        foreach (RawConnection connection in new[] { first, second, other })
        {
            Assert.Equal(207, (await connection.ReadFinalAsync()).Final.Status);
        }

        await server.WaitForEndAsync();
        Assert.Equal(207, (await server.AskAsync("PROPFIND", "Depth: infinity")).Status);
    }

    [Fact]
    public async Task There_are_only_so_many_operations_at_once_of_a_user_and_in_all()
    {
        await using OperationServer server = await OperationServer.StartAsync(new() { ["Limits:OperationsPerUser"] = "2", ["Limits:Operations"] = "3" });
        Stall stall = server.StallAt("COPY");
        await using RawConnection first = await server.SendAsync("COPY", "Destination: /1");
        await using RawConnection second = await server.SendAsync("COPY", "Destination: /2");
        await OperationServer.WaitAsync(() => server.Registry.All.Count == 2);

        RawResponse refused = await server.AskAsync("COPY", "Destination: /3");
        Assert.Equal((429, "5"), (refused.Status, refused["Retry-After"]));
        await CheckLogAsync(server.Server, "OperationsPerUser", 429);

        await using RawConnection third = await server.SendAsync("COPY", "Destination: /3", "Test-User: anna");
        await OperationServer.WaitAsync(() => server.Registry.All.Count == 3);
        refused = await server.AskAsync("COPY", "Destination: /4", "Test-User: bert");
        Assert.Equal((503, "5"), (refused.Status, refused["Retry-After"]));
        await CheckLogAsync(server.Server, "Operations", 503);

        await using RawConnection again = await server.SendAsync("COPY", "Destination: /1"); // it joins, and takes no room
        await server.WaitForLogAsync("joins the operation");
        stall.Release();
        foreach (RawConnection connection in new[] { first, second, third, again })
        {
            Assert.Equal(201, (await connection.ReadFinalAsync()).Final.Status);
        }

        await server.WaitForEndAsync();
        Assert.Equal(201, (await server.AskAsync("COPY", "Destination: /4")).Status);
    }

    [Fact]
    public async Task There_are_only_so_many_connections_at_once()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["Limits:Connections"] = "2" });
        await using RawConnection first = await server.ConnectAsync();
        await using (RawConnection second = await server.ConnectAsync())
        {
            foreach (RawConnection connection in new[] { first, second })
            {
                await connection.SendRequestAsync("OPTIONS", "/");
                Assert.Equal(200, (await connection.ReadAsync()).Status);
            }

            await using RawConnection third = await server.ConnectAsync();
            Assert.True(await third.IsClosedAsync());
            Assert.Contains(server.Log.Lines, line => line.Text.Contains("maximum number of concurrent connections", StringComparison.Ordinal));
        }

        await OperationServer.WaitAsync(async () =>
        {
            await using RawConnection next = await server.ConnectAsync();
            try
            {
                await next.SendRequestAsync("OPTIONS", "/");
                return (await next.ReadAsync()).Status == 200;
            }
            catch (IOException)
            {
                return false; // the server has not yet seen that the second is gone
            }
        });
    }

    [Fact]
    public async Task The_head_of_a_request_is_not_waited_for_for_ever()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["Limits:HeaderTimeout"] = "00:00:01" });
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendAsync("GET / HTTP/1.1\r\nHost: local");

        Assert.Equal(408, (await connection.ReadAsync()).Status);
        Assert.True(await connection.IsClosedAsync());
    }

    [Theory]
    [InlineData("XmlBodySize", "0")]
    [InlineData("XmlBodySize", "1 MB")]
    [InlineData("XmlDepth", "-1")]
    [InlineData("XmlAttributes", "many")]
    [InlineData("PropertiesPerRequest", "0")]
    [InlineData("IfHeaderLength", "16k")]
    [InlineData("RangesPerGet", "1.5")]
    [InlineData("DeepPropFindsPerUser", "0")]
    [InlineData("OperationsPerUser", "0")]
    [InlineData("Operations", "0")]
    [InlineData("Connections", "0")]
    [InlineData("HeaderTimeout", "30")]
    [InlineData("BodyTimeout", "00:00:00")]
    public void A_bound_that_makes_no_sense_stops_the_start(string key, string value)
    {
        using TempTree tree = new();
        StartFaultException fault = Assert.Throws<StartFaultException>(() =>
            ServerApplication.Build(ServerSettings.Of([new("WebDav:Root", tree.Root), new($"Limits:{key}", value)])));
        Assert.StartsWith($"Limits:{key}: ", Assert.Single(fault.Lines), StringComparison.Ordinal);
    }

    private static async Task CheckAsync(string key, string value, int status, string method, string[] header, string? body = null)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { [$"Limits:{key}"] = value });
        server.Tree.AddFile("file", "content");

        Assert.Equal(status, await server.StatusAsync(method, "/file", header, body));
        await CheckLogAsync(server, key, status);
    }

    private static async Task CheckLogAsync(ServerFixture server, string key, int status)
    {
        LogLine line = (await server.Log.WaitForRequestsAsync())[^1];
        Assert.Equal(status is 400 or 413 or 429 or 431 or 503, line.Text.EndsWith($"(Limits:{key})", StringComparison.Ordinal));
    }
}
