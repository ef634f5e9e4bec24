using System.Text;
using WebDav.Browser;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Browser;

public sealed class BrowserAssetsTests
{
    private const string Registry = "/.webdav/ui/windows.reg";

    public static TheoryData<string> Names => [.. BrowserAsset.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_is_served_as_it_is_in_the_program(string name)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        RawResponse file = await server.AskAsync("GET", $"/.webdav/ui/{name}");

        Assert.Equal(200, file.Status);
        Assert.Equal(BrowserAsset.All[name].Content.ToArray(), file.Body);
        Assert.Equal(BrowserAsset.All[name].Type, file["Content-Type"]);
        Assert.Equal("nosniff", file["X-Content-Type-Options"]);
        Assert.Equal("no-cache", file["Cache-Control"]);
        RawResponse head = await server.AskAsync("HEAD", $"/.webdav/ui/{name}");
        Assert.Equal((200, file["ETag"], file["Content-Length"]), (head.Status, head["ETag"], head["Content-Length"]));
    }

    [Theory]
    [InlineData("{0}", 304)]
    [InlineData("W/{0}", 304)] // RFC 9110 13.1.2: weakly compared
    [InlineData("\"other\", {0}", 304)]
    [InlineData("*", 304)]
    [InlineData("\"other\"", 200)]
    public async Task Who_has_it_already_is_told_so(string condition, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        string etag = (await server.AskAsync("HEAD", Registry))["ETag"]!;

        RawResponse again = await server.AskAsync("GET", Registry, [$"If-None-Match: {condition.Replace("{0}", etag, StringComparison.Ordinal)}"]);

        Assert.Equal((status, etag), (again.Status, again["ETag"]));
        Assert.Equal(status == 200, again.Body.Length > 0);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    public async Task It_can_only_be_read(string method)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        RawResponse refused = await server.AskAsync(method, Registry);

        Assert.Equal((405, "GET, HEAD"), (refused.Status, refused["Allow"]));
        Assert.Equal(200, await server.StatusAsync("GET", Registry));
    }

    [Theory]
    [InlineData("/.webdav/ui/")]
    [InlineData("/.webdav/ui")]
    [InlineData("/.webdav/ui/other.reg")]
    [InlineData("/.webdav/ui/../ui/Windows.reg")]
    [InlineData("/.webdav/ui/windows.reg/")]
    [InlineData("/ui/windows.reg")]
    [InlineData("/sub/.webdav/ui/windows.reg")]
    public async Task There_is_nothing_else(string target)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(404, await server.StatusAsync("GET", target));
    }

    [Theory]
    [InlineData("/my%20files", "/my%20files/.webdav/ui/windows.reg", 200)]
    [InlineData("/dav", "/dav/.webdav/ui/windows.reg", 200)]
    [InlineData("/dav", "/.webdav/ui/windows.reg", 404)]
    [InlineData("/dav", "/davit/.webdav/ui/windows.reg", 404)]
    public async Task They_are_below_the_path_base(string pathBase, string target, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(new Dictionary<string, string?> { ["WebDav:PathBase"] = pathBase });

        Assert.Equal(status, await server.StatusAsync("GET", target));
    }

    [Fact]
    public async Task The_registry_file_is_one_that_regedit_reads_and_browsers_keep()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        RawResponse file = await server.AskAsync("GET", Registry);

        Assert.Equal("text/x-ms-regedit", file["Content-Type"]);
        Assert.Equal("attachment; filename=windows.reg", file["Content-Disposition"]);
        Assert.All(file.Body, character => Assert.InRange(character, (byte)1, (byte)126)); // REGEDIT4 is in the system's code page: here, ASCII
        string text = Encoding.ASCII.GetString(file.Body);
        string[] lines = text.Split("\r\n");
        Assert.DoesNotContain(lines, line => line.AsSpan().ContainsAny('\r', '\n'));
        Assert.Equal("REGEDIT4", lines[0]);
        Assert.Equal(
            [
                """[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\WebClient\Parameters]""",
                "\"BasicAuthLevel\"=dword:00000002",
                "\"FileSizeLimitInBytes\"=dword:ffffffff",
            ],
            lines[1..].Where(line => line.Length > 0 && line[0] != ';'));
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
    }
}
