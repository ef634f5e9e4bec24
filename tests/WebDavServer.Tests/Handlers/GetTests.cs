using System.Globalization;
using System.Text.RegularExpressions;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed partial class GetTests
{
    [Fact]
    public async Task A_file_is_sent_with_its_validators()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        string file = server.Tree.AddFile("file.txt", "the content");
        File.SetLastWriteTimeUtc(file, new(2020, 9, 13, 12, 26, 40, DateTimeKind.Utc));

        RawResponse response = await server.AskAsync("GET", "/file.txt");

        Assert.Equal(200, response.Status);
        Assert.Equal("the content", response.Text);
        Assert.Equal("11", response["Content-Length"]);
        Assert.Equal("text/plain", response["Content-Type"]);
        Assert.Equal("Sun, 13 Sep 2020 12:26:40 GMT", response["Last-Modified"]);
        Assert.Matches("^\"[^\"]+\"$", response["ETag"]); // RFC 9110 8.8.3: strong, in quotes
        Assert.Equal("bytes", response["Accept-Ranges"]);
        Assert.Null(response["Content-Range"]);
    }

    [Fact]
    public async Task A_large_file_arrives_byte_for_byte()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        byte[] content = new byte[3_000_001];
        new Random(1).NextBytes(content);
        await File.WriteAllBytesAsync(server.Tree.At("file"), content);

        Assert.Equal(content, (await server.AskAsync("GET", "/file")).Body);
    }

    [Fact]
    public async Task A_file_of_zero_bytes_is_a_file()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("empty");

        RawResponse response = await server.AskAsync("GET", "/empty");

        Assert.Equal(200, response.Status);
        Assert.Equal("0", response["Content-Length"]);
        Assert.Empty(response.Body);
    }

    [Theory]
    [InlineData("a.html", "text/html")]
    [InlineData("a.JPG", "image/jpeg")]
    [InlineData("a.pdf", "application/pdf")]
    [InlineData("a.tar.gz", "application/x-gzip")]
    [InlineData("a.no-such-type", "application/octet-stream")]
    [InlineData("a", "application/octet-stream")]
    public async Task The_content_type_is_that_of_the_extension(string name, string type)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile(name, "x");

        RawResponse response = await server.AskAsync("GET", "/" + name);

        Assert.Equal(type, response["Content-Type"]);
        Assert.Equal("nosniff", response["X-Content-Type-Options"]);
    }

    [Theory]
    [InlineData("/missing")]
    [InlineData("/file/member")] // a file has no members
    [InlineData("/pipe")]
    [InlineData("/broken")]
    [InlineData("/outside")]
    [InlineData("/loop")]
    public async Task What_is_no_resource_is_not_found_and_nothing_waits_for_it(string target)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "x");
        Shell.Run(server.Tree.Root, "mkfifo pipe; ln -s nowhere broken; ln -s /etc/hostname outside; ln -s loop loop");

        Assert.Equal(404, await server.StatusAsync("GET", target));
        Assert.Equal(404, await server.StatusAsync("HEAD", target));
        Assert.Equal(404, await server.StatusAsync("PROPFIND", target, ["Depth: 0"]));
        foreach (LogLine line in await server.Log.WaitForRequestsAsync(3))
        {
            Assert.EndsWith(": no such resource", line.Text, StringComparison.Ordinal);
        }
    }

    [Theory] // RFC 9110 13.1, 13.2.2; {0} is the file's entity tag, {1} its date
    [InlineData("If-None-Match: {0}", 304)]
    [InlineData("If-None-Match: W/{0}", 304)] // the weak comparison
    [InlineData("If-None-Match: \"other\", {0}", 304)]
    [InlineData("If-None-Match: *", 304)]
    [InlineData("If-None-Match: \"other\"", 200)]
    [InlineData("If-None-Match: nonsense", 400)]
    [InlineData("If-Match: {0}", 200)]
    [InlineData("If-Match: \"other\", {0}", 200)]
    [InlineData("If-Match: *", 200)]
    [InlineData("If-Match: \"other\"", 412)]
    [InlineData("If-Match: W/{0}", 412)] // the strong comparison
    [InlineData("If-Modified-Since: {1}", 304)]
    [InlineData("If-Modified-Since: Mon, 14 Sep 2020 00:00:00 GMT", 304)]
    [InlineData("If-Modified-Since: Sun, 13 Sep 2020 12:26:39 GMT", 200)]
    [InlineData("If-Modified-Since: yesterday", 200)] // 13.1.3: passed over
    [InlineData("If-Unmodified-Since: {1}", 200)]
    [InlineData("If-Unmodified-Since: Sun, 13 Sep 2020 12:26:39 GMT", 412)]
    [InlineData("If-None-Match: \"other\"\r\nIf-Modified-Since: {1}", 200)] // the entity tag counts alone
    [InlineData("If-Match: {0}\r\nIf-Unmodified-Since: Sun, 13 Sep 2020 12:26:39 GMT", 200)]
    [InlineData("If-Match: \"other\"\r\nIf-None-Match: {0}", 412)] // If-Match comes first
    public async Task Conditions_are_evaluated_in_their_order(string fields, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        string file = server.Tree.AddFile("file", "content");
        File.SetLastWriteTimeUtc(file, new(2020, 9, 13, 12, 26, 40, 500, DateTimeKind.Utc));
        RawResponse head = await server.AskAsync("HEAD", "/file");
        string[] conditions = string.Format(CultureInfo.InvariantCulture, fields, head["ETag"], head["Last-Modified"]).Split("\r\n");

        RawResponse response = await server.AskAsync("GET", "/file", conditions);

        Assert.Equal(status, response.Status);
        Assert.Equal(status, await server.StatusAsync("HEAD", "/file", conditions));
        if (status == 304)
        {
            Assert.Equal(head["ETag"], response["ETag"]); // RFC 9110 15.4.5
            Assert.Empty(response.Body);
        }
    }

    [Theory] // RFC 9110 13.2.1: a condition does not count where the answer would be no success without it
    [InlineData("If-Match: *")]
    [InlineData("If-None-Match: *")]
    public async Task A_missing_resource_is_404_whatever_the_conditions(string condition)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(404, await server.StatusAsync("GET", "/missing", [condition]));
    }

    [Theory] // RFC 9110 9.3.2
    [InlineData("/file.txt", 200)]
    [InlineData("/empty", 200)]
    [InlineData("/dir/", 200)]
    [InlineData("/missing", 404)]
    [InlineData("/%ff", 400)]
    public async Task HEAD_is_GET_without_the_body(string target, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file.txt", "content");
        server.Tree.AddFile("empty");
        server.Tree.AddFile("dir/member");
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("HEAD", target);
        RawResponse head = await connection.ReadAsync(toHead: true);
        await connection.SendRequestAsync("GET", target); // the same connection: a body after HEAD would stand in its way
        RawResponse get = await connection.ReadAsync();

        Assert.Equal(status, head.Status);
        Assert.Equal(status, get.Status);
        Assert.Equal(Comparable(get), Comparable(head));
    }

    [Theory]
    [InlineData("/dir")]
    [InlineData("/dir/")]
    public async Task A_collection_is_a_page_of_links(string target)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/a <b> & \"c\" 'd'.txt", "odd");
        server.Tree.AddFile("dir/sub/inner", "x");
        server.Tree.AddFile("dir/javascript:alert(1)", "y");

        RawResponse response = await server.AskAsync("GET", target);

        Assert.Equal(200, response.Status);
        Assert.Equal("text/html; charset=utf-8", response["Content-Type"]);
        Assert.StartsWith("default-src 'none'", response["Content-Security-Policy"], StringComparison.Ordinal);
        string[] links = [.. Link().Matches(response.Text).Select(match => match.Value).Order(StringComparer.Ordinal)];
        Assert.Equal(["/", "/dir/a%20%3Cb%3E%20%26%20%22c%22%20%27d%27.txt", "/dir/javascript:alert(1)", "/dir/sub/"], links);
        Assert.Contains(">a &lt;b&gt; &amp; &quot;c&quot; 'd'.txt</a>", response.Text, StringComparison.Ordinal);
        foreach (string link in links)
        {
            Assert.Equal(200, await server.StatusAsync("GET", link));
        }
    }

    [Fact]
    public async Task The_page_of_the_root_has_no_link_upwards_and_not_the_servers_own_directory()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file");

        RawResponse response = await server.AskAsync("GET", "/");

        Assert.Equal(["/file"], Link().Matches(response.Text).Select(match => match.Value));
    }

    [Theory] // RFC 3986 2.1, 3.3
    [InlineData("/a%20b", "a b")]
    [InlineData("/100%25", "100%")]
    [InlineData("/a%23b%3Fc", "a#b?c")]
    [InlineData("/a+b&c;d=e", "a+b&c;d=e")]
    [InlineData("/%3Cb%3E%22%27", "<b>\"'")]
    [InlineData("/%C3%A4%E2%82%AC%F0%9F%98%80", "ä€😀")]
    [InlineData("/a%5Cb", "a\\b")]
    [InlineData("/%01%0A%7F", "\u0001\n\u007F")]
    [InlineData("/%2e%2e%2e", "...")]
    [InlineData("/~a!$'()*,:@", "~a!$'()*,:@")]
    [InlineData("/%C3%A4", "ä")]
    [InlineData("/a%CC%88", "a\u0308")] // another name than the one before: nothing is normalised
    public async Task Odd_names_come_back_as_they_went(string target, string name)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(201, await server.StatusAsync("PUT", target, body: "content"));

        Assert.Equal([$"{name}=content"], server.Tree.List());
        Assert.Equal("content", (await server.AskAsync("GET", target)).Text);
        string listed = Link().Matches((await server.AskAsync("GET", "/")).Text)[0].Value;
        Assert.Equal("content", (await server.AskAsync("GET", listed)).Text);
        string found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/", ["Depth: 1"])).Hrefs[1];
        Assert.Equal(listed, found);
    }

    // But for the time, and for how the length of a body is told.
    private static IEnumerable<string> Comparable(RawResponse response) =>
        response.Fields.Where(field => field.Key is not ("Date" or "Transfer-Encoding")).Select(field => $"{field.Key}: {field.Value}");

    [GeneratedRegex("(?<=<a href=\")[^\"]*", RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
