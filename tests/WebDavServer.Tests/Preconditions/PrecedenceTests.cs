using System.Globalization;
using WebDavServer.Tests.Handlers;

namespace WebDavServer.Tests.Preconditions;

/// <summary>RFC 9110 13.2: which condition counts, and in which order.</summary>
public sealed class PrecedenceTests(PrecedenceServer server) : IClassFixture<PrecedenceServer>
{
    private const string Proppatch =
        """<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><x xmlns="urn:x">1</x></D:prop></D:set></D:propertyupdate>""";

    // What a method answers where no condition is in the way, at a file and at an unmapped URL.
    private static readonly (string Method, int There, int Unmapped)[] Methods =
    [
        ("GET", 200, 404),
        ("HEAD", 200, 404),
        ("PUT", 204, 201),
        ("DELETE", 204, 404),
        ("MKCOL", 405, 201),
        ("COPY", 201, 404),
        ("MOVE", 201, 404),
        ("PROPPATCH", 207, 404),
        ("LOCK", 200, 201),
    ];

    // If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since; and the verdict for GET and HEAD, and for the others:
    // 0 to go on. "same" is the file's own tag or date.
    private static readonly (string? Match, string? Unmodified, string? NoneMatch, string? Modified, int Reads, int Writes)[] Conditions =
    [
        (null, null, null, null, 0, 0),

        // 13.2.2, step 1: If-Match, by the strong comparison (13.1.1).
        ("same", null, null, null, 0, 0),
        ("other", null, null, null, 412, 412),
        ("weak", null, null, null, 412, 412),
        ("*", null, null, null, 0, 0),
        ("other, same", null, null, null, 0, 0),
        ("other, weak", null, null, null, 412, 412),

        // Step 2: If-Unmodified-Since, only where If-Match is not present; a date that cannot be understood is ignored (13.1.4).
        (null, "same", null, null, 0, 0),
        (null, "later", null, null, 0, 0),
        (null, "earlier", null, null, 412, 412),
        (null, "nonsense", null, null, 0, 0),
        ("same", "earlier", null, null, 0, 0),
        ("*", "earlier", null, null, 0, 0),
        ("other", "same", null, null, 412, 412),

        // Step 3: If-None-Match, by the weak comparison (13.1.2): 304 for GET and HEAD, 412 for the others.
        (null, null, "same", null, 304, 412),
        (null, null, "weak", null, 304, 412),
        (null, null, "*", null, 304, 412),
        (null, null, "other, same", null, 304, 412),
        (null, null, "other", null, 0, 0),
        ("same", null, "same", null, 304, 412),
        ("same", null, "other", null, 0, 0),
        ("*", null, "*", null, 304, 412),
        ("other", null, "same", null, 412, 412),
        ("other", null, "other", null, 412, 412),
        (null, "same", "same", null, 304, 412),
        (null, "same", "other", null, 0, 0),
        (null, "earlier", "same", null, 412, 412),
        (null, "earlier", "other", null, 412, 412),

        // Step 4: If-Modified-Since, only for GET and HEAD, and only where If-None-Match is not present (13.1.3).
        (null, null, null, "same", 304, 0),
        (null, null, null, "later", 304, 0),
        (null, null, null, "earlier", 0, 0),
        (null, null, null, "nonsense", 0, 0),
        (null, null, "other", "same", 0, 0),
        (null, null, "same", "earlier", 304, 412),
        ("same", null, null, "same", 304, 0),
        ("other", null, null, "same", 412, 412),
        (null, "same", null, "same", 304, 0),
        (null, "earlier", null, "same", 412, 412),
        (null, "later", null, "earlier", 0, 0),

        // All of them.
        ("same", "earlier", "other", "same", 0, 0),
        ("same", "earlier", "same", "earlier", 304, 412),
        ("other", "same", "other", "earlier", 412, 412),
    ];

    public static TheoryData<string, string?, string?, string?, string?, int> AtAFile
    {
        get
        {
            var table = new TheoryData<string, string?, string?, string?, string?, int>();
            foreach (var (method, success, _) in Methods)
            {
                foreach (var (match, unmodified, noneMatch, modified, reads, writes) in Conditions)
                {
                    // 13.2.1: a response that would not be a success anyway, as MKCOL's here, is not changed by conditions.
                    var verdict = method switch { "GET" or "HEAD" => reads, "MKCOL" => 0, _ => writes };
                    table.Add(method, match, unmodified, noneMatch, modified, verdict == 0 ? success : verdict);
                }
            }

            return table;
        }
    }

    public static TheoryData<string, string, string, int> AtAnUnmappedUrl
    {
        get
        {
            var table = new TheoryData<string, string, string, int>();
            foreach (var (method, _, success) in Methods)
            {
                foreach (var (name, value, verdict) in new[]
                {
                    ("If-Match", "*", 412), // 13.1.1: false if there is no current representation
                    ("If-Match", "\"x\"", 412),
                    ("If-None-Match", "*", 0), // 13.1.2: the way to create without replacing
                    ("If-None-Match", "\"x\"", 0),
                    ("If-Unmodified-Since", Date("earlier"), 0), // 13.1.4: no modification date, so ignored
                    ("If-Modified-Since", Date("earlier"), 0),
                    ("If", "([\"x\"])", 412), // RFC 4918 10.4.11
                    ("If", "(Not [\"x\"])", 0),
                })
                {
                    table.Add(method, name, value, success == 404 || verdict == 0 ? success : verdict);
                }
            }

            return table;
        }
    }

    [Theory]
    [MemberData(nameof(AtAFile))]
    public async Task The_order_of_precedence_is_that_of_RFC_9110_13_2_2(
        string method, string? match, string? unmodified, string? noneMatch, string? modified, int status)
    {
        var name = server.AddCollection();
        var tag = await TagAsync($"/{name}/file");
        var before = server.Client.Tree.List(name);

        var answer = await SendAsync(
            method,
            $"/{name}/file",
            ("If-Match", Tags(match, tag)),
            ("If-Unmodified-Since", Date(unmodified)),
            ("If-None-Match", Tags(noneMatch, tag)),
            ("If-Modified-Since", Date(modified)));

        Assert.Equal(status, answer.Status);
        if (status is 412 or 304)
        {
            Assert.Equal(before, server.Client.Tree.List(name));
            Assert.False(await server.Client.IsLockedAsync($"/{name}/file"));
        }

        if (status == 304) // RFC 9110 15.4.5
        {
            Assert.Equal((tag, ""), (answer.Header["ETag"], answer.Text));
        }
    }

    [Theory]
    [MemberData(nameof(AtAnUnmappedUrl))]
    public async Task Where_nothing_is_conditions_are_about_its_absence(string method, string field, string value, int status)
    {
        var name = server.AddCollection();

        var answer = await SendAsync(method, $"/{name}/new", (field, value));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 201, server.Client.Tree.Has($"{name}/new"));
    }

    [Theory]
    [InlineData("GET", "If-Match", "*", 200)] // RFC 9110 13.1.1: it has a current representation
    [InlineData("GET", "If-Match", "\"x\"", 412)] // but no entity tag
    [InlineData("GET", "If-None-Match", "*", 304)]
    [InlineData("GET", "If-None-Match", "\"x\"", 200)]
    [InlineData("GET", "If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT", 200)] // nor a modification date
    [InlineData("GET", "If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT", 200)]
    [InlineData("PROPPATCH", "If-Match", "*", 207)]
    [InlineData("PROPPATCH", "If-Match", "\"x\"", 412)]
    [InlineData("PROPPATCH", "If-None-Match", "*", 412)]
    [InlineData("LOCK", "If-Match", "*", 200)]
    [InlineData("LOCK", "If-None-Match", "*", 412)]
    [InlineData("DELETE", "If-Match", "\"x\"", 412)]
    [InlineData("DELETE", "If-None-Match", "*", 412)]
    [InlineData("DELETE", "If-Match", "*", 204)]
    [InlineData("COPY", "If-None-Match", "*", 412)]
    [InlineData("MOVE", "If-None-Match", "*", 412)]
    [InlineData("MOVE", "If-Match", "*", 201)]
    [InlineData("MKCOL", "If-None-Match", "*", 405)] // RFC 9110 13.2.1
    [InlineData("PUT", "If-None-Match", "*", 405)]
    public async Task A_collection_is_there_but_has_no_validators(string method, string field, string value, int status)
    {
        var name = server.AddCollection();

        Assert.Equal(status, (await SendAsync(method, $"/{name}/", (field, value))).Status);
    }

    [Theory]
    [InlineData("same", "([{tag}])", 204)]
    [InlineData("other", "([{tag}])", 412)]
    [InlineData("same", "([\"x\"])", 412)]
    [InlineData("other", "([\"x\"])", 412)]
    public async Task If_and_If_Match_must_both_hold(string match, string field, int status) // RFC 4918 12.1
    {
        var name = server.AddCollection();
        var tag = await TagAsync($"/{name}/file");

        var answer = await SendAsync(
            "PUT", $"/{name}/file", ("If-Match", Tags(match, tag)), ("If", field.Replace("{tag}", tag, StringComparison.Ordinal)));

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("same", null, null, 206)]
    [InlineData("other", null, null, 412)]
    [InlineData(null, "same", null, 304)]
    [InlineData(null, "other", null, 206)]
    [InlineData(null, "other", "same", 206)]
    [InlineData(null, "other", "other", 200)]
    [InlineData("same", "same", "other", 304)]
    public async Task Ranges_come_last(string? match, string? noneMatch, string? range, int status) // RFC 9110 13.2.2, step 5
    {
        var name = server.AddCollection();
        var tag = await TagAsync($"/{name}/file");

        var answer = await SendAsync(
            "GET",
            $"/{name}/file",
            ("If-Match", Tags(match, tag)),
            ("If-None-Match", Tags(noneMatch, tag)),
            ("If-Range", Tags(range, tag)),
            ("Range", "bytes=2-4"));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status switch { 206 => "234", 200 => "0123456789", _ => answer.Text }, answer.Text);
    }

    [Fact]
    public async Task Conditions_of_COPY_and_MOVE_are_about_the_source() // RFC 4918 10.6
    {
        var name = server.AddCollection();
        server.Client.Tree.AddFile($"{name}/copy", "another file");
        var there = await TagAsync($"/{name}/copy");

        foreach (var method in new[] { "COPY", "MOVE" })
        {
            Assert.Equal(412, (await SendAsync(method, $"/{name}/file", ("If-Match", there))).Status);
            Assert.Equal(412, (await SendAsync(method, $"/{name}/file", ("If-None-Match", "*"))).Status);
        }

        Assert.Equal(204, (await SendAsync("MOVE", $"/{name}/file", ("If-None-Match", there))).Status);
    }

    [Theory]
    [InlineData("OPTIONS", 200)] // RFC 9110 13.2.1: conditions say nothing to OPTIONS
    [InlineData("PROPFIND", 207)]
    public async Task Some_methods_have_no_conditions(string method, int status)
    {
        var name = server.AddCollection();

        Assert.Equal(status, (await SendAsync(method, $"/{name}/file", ("If-Match", "\"x\""))).Status);
    }

    private static string? Tags(string? kinds, string tag) => kinds is null ? null : string.Join(", ", kinds.Split(", ").Select(kind => kind switch
    {
        "same" => tag,
        "weak" => "W/" + tag,
        "other" => "\"other\"",
        _ => kind,
    }));

    private static string Date(string? kind) => kind switch
    {
        null => "",
        "same" => Http(PrecedenceServer.Modified),
        "later" => Http(PrecedenceServer.Modified.AddSeconds(1)),
        "earlier" => Http(PrecedenceServer.Modified.AddSeconds(-1)),
        _ => kind,
    };

    private static string Http(DateTime date) => date.ToString("R", CultureInfo.InvariantCulture);

    private static string DestinationOf(string path) =>
        path.EndsWith('/') ? path.TrimEnd('/') + "-copy" : path[..path.LastIndexOf('/')] + "/copy";

    private async Task<string> TagAsync(string path) => (await server.Client.SendAsync("HEAD", path)).Header["ETag"];

    private Task<Answer> SendAsync(string method, string path, params IEnumerable<(string Name, string? Value)> header)
    {
        var body = method switch { "PUT" => "new", "PROPPATCH" => Proppatch, "LOCK" => LockClient.LockInfo(), _ => null };
        var fields = header.Where(field => !string.IsNullOrEmpty(field.Value)).Select(field => (field.Name, field.Value!));
        return server.Client.SendAsync(
            method,
            path,
            body,
            method is "COPY" or "MOVE" ? fields.Append(("Destination", DestinationOf(path))) : fields);
    }
}
