using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class RangeTests
{
    [Theory] // RFC 9110 14.1.2, 14.2
    [InlineData("bytes=2-4", "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", "789", "bytes 7-9/10")]
    [InlineData("bytes=0-0", "0", "bytes 0-0/10")]
    [InlineData("bytes=8-99", "89", "bytes 8-9/10")]
    [InlineData("bytes=-3", "789", "bytes 7-9/10")]
    [InlineData("bytes=-99", "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=0-1,20-30", "01", "bytes 0-1/10")] // 15.3.7.2: one part is left, so it is no multipart
    [InlineData("bytes=0-3,2-5", "012345", "bytes 0-5/10")] // overlapping ranges become one
    public async Task One_range_is_one_part(string range, string content, string contentRange)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse response = await server.AskAsync("GET", "/file.txt", [$"Range: {range}"]);

        Assert.Equal(206, response.Status);
        Assert.Equal(content, response.Text);
        Assert.Equal(contentRange, response["Content-Range"]);
        Assert.Equal("text/plain", response["Content-Type"]);
        Assert.NotNull(response["ETag"]);
        Assert.NotNull(response["Last-Modified"]);
    }

    [Theory] // RFC 9110 14.6, 15.3.7.2
    [InlineData("bytes=0-1,5-6", "0-1:01", "5-6:56")]
    [InlineData("bytes=7-8,0-1", "7-8:78", "0-1:01")] // the client's order
    [InlineData("bytes=0-0, 4-4, -1", "0-0:0", "4-4:4", "9-9:9")]
    public async Task Several_ranges_are_a_multipart(string range, params string[] parts)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse response = await server.AskAsync("GET", "/file.txt", [$"Range: {range}"]);

        Assert.Equal(206, response.Status);
        Assert.Null(response["Content-Range"]);
        MediaTypeHeaderValue type = MediaTypeHeaderValue.Parse(response["Content-Type"]);
        Assert.Equal("multipart/byteranges", type.MediaType.Value);
        List<string> found = [];
        MultipartReader reader = new(type.Boundary.Value!, new MemoryStream(response.Body));
        while (await reader.ReadNextSectionAsync() is { } part)
        {
            Assert.Equal("text/plain", part.ContentType);
            ContentRangeHeaderValue place = ContentRangeHeaderValue.Parse(part.Headers!["Content-Range"].ToString());
            Assert.Equal(10, place.Length);
            found.Add($"{place.From}-{place.To}:{await new StreamReader(part.Body, Encoding.ASCII).ReadToEndAsync()}");
        }

        Assert.Equal(parts, found);
    }

    [Theory] // RFC 9110 15.5.17
    [InlineData("/file.txt", "bytes=10-", "bytes */10")]
    [InlineData("/file.txt", "bytes=10-11,20-", "bytes */10")]
    [InlineData("/file.txt", "bytes=-0", "bytes */10")]
    [InlineData("/empty", "bytes=0-", "bytes */0")]
    public async Task A_range_beyond_the_end_is_unsatisfiable(string target, string range, string contentRange)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse response = await server.AskAsync("GET", target, [$"Range: {range}"]);

        Assert.Equal(416, response.Status);
        Assert.Equal(contentRange, response["Content-Range"]);
        Assert.Empty(response.Body);
        Assert.Contains("no part of it is asked for", Assert.Single(await server.Log.WaitForRequestsAsync()).Text, StringComparison.Ordinal);
    }

    [Theory] // RFC 9110 14.2: what is not understood is passed over
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a-b")]
    [InlineData("lines=0-1")]
    [InlineData("bytes=")]
    public async Task A_range_that_is_none_is_the_whole_file(string range)
    {
        await using ServerFixture server = await StartAsync();

        RawResponse response = await server.AskAsync("GET", "/file.txt", [$"Range: {range}"]);

        Assert.Equal(200, response.Status);
        Assert.Equal("0123456789", response.Text);
    }

    [Theory] // RFC 9110 13.1.5; {0} is the file's entity tag, {1} its date
    [InlineData("{0}", 206)]
    [InlineData("\"other\"", 200)]
    [InlineData("W/{0}", 200)]
    [InlineData("{1}", 206)]
    [InlineData("Sun, 13 Sep 2020 12:26:39 GMT", 200)]
    [InlineData("Sun, 13 Sep 2020 12:26:41 GMT", 200)] // exactly, and not "not later"
    [InlineData("nonsense", 200)]
    public async Task A_range_of_another_version_is_the_whole_file(string condition, int status)
    {
        await using ServerFixture server = await StartAsync();
        RawResponse head = await server.AskAsync("HEAD", "/file.txt");
        string ifRange = string.Format(CultureInfo.InvariantCulture, condition, head["ETag"], head["Last-Modified"]);

        RawResponse response = await server.AskAsync("GET", "/file.txt", ["Range: bytes=1-2", $"If-Range: {ifRange}"]);

        Assert.Equal(status, response.Status);
        Assert.Equal(status == 206 ? "12" : "0123456789", response.Text);
    }

    [Fact]
    public async Task A_range_of_HEAD_means_nothing()
    {
        await using ServerFixture server = await StartAsync();

        RawResponse response = await server.AskAsync("HEAD", "/file.txt", ["Range: bytes=1-2"]); // RFC 9110 14.2

        Assert.Equal(200, response.Status);
        Assert.Equal("10", response["Content-Length"]);
        Assert.Null(response["Content-Range"]);
    }

    [Fact]
    public async Task Other_conditions_come_before_the_range()
    {
        await using ServerFixture server = await StartAsync();

        // RFC 9110 13.2.2
        Assert.Equal(304, await server.StatusAsync("GET", "/file.txt", ["Range: bytes=99-", "If-None-Match: *"]));
        Assert.Equal(412, await server.StatusAsync("GET", "/file.txt", ["Range: bytes=1-2", "If-Match: \"other\""]));
    }

    private static async Task<ServerFixture> StartAsync()
    {
        TempTree tree = new();
        File.SetLastWriteTimeUtc(tree.AddFile("file.txt", "0123456789"), new(2020, 9, 13, 12, 26, 40, DateTimeKind.Utc));
        tree.AddFile("empty");
        return await ServerFixture.StartAsync(tree: tree);
    }
}
