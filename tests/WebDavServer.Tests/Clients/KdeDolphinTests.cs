using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Support.MultiStatus;

namespace WebDavServer.Tests.Clients;

/// <summary>KDE's KIO, by which Dolphin and every program of KDE see a <c>webdav://</c> location.</summary>
/// <remarks>
/// From its source (KDE/kio, src/kioworkers/http/http.cpp). Every WebDAV request says that its body is XML, also where it has none. It
/// locks only when a program gives it a lock, which Dolphin does not.
/// </remarks>
public sealed class KdeDolphinTests
{
    private const string Agent = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) KIO/6.5 dolphin/24.12.0\nAccept-Encoding: gzip, deflate\nAccept-Language: en-US,*\nConnection: Keep-Alive";
    private const string Dav4918 = $"Content-Type: text/xml; charset=utf-8\n{Agent}";
    private const string Xml = "application/xml; charset=utf-8";

    [Fact]
    public async Task A_folder_is_listed_with_what_the_window_shows()
    {
        await using Replay dolphin = await Replay.StartAsync();
        dolphin.Tree.AddDirectory("docs/reports");
        dolphin.Tree.AddFile("docs/letter.txt", "content");

        MultiStatus folder = await FindAsync(dolphin, "/docs", 0);
        Assert.Equal(["/docs/"], folder.Hrefs);
        Assert.True(folder.IsCollection("/docs/"));

        // In the status bar: what is free, of the sum of both.
        Assert.True(DavForms.Number(folder.Text("/docs/", Dav + "quota-available-bytes")) > 0);
        Assert.True(DavForms.Number(folder.Text("/docs/", Dav + "quota-used-bytes")) > 0);

        MultiStatus listed = await FindAsync(dolphin, "/docs/", 1);
        Assert.Equal(["/docs/", "/docs/letter.txt", "/docs/reports/"], listed.Hrefs.Order(StringComparer.Ordinal));
        Assert.Equal(7, DavForms.Number(listed.Text("/docs/letter.txt", Dav + "getcontentlength")));
        Assert.Equal("text/plain", listed.Text("/docs/letter.txt", Dav + "getcontenttype"));
        Assert.Equal("letter.txt", listed.Text("/docs/letter.txt", Dav + "displayname"));
        DavForms.IsoDate(listed.Text("/docs/letter.txt", Dav + "creationdate"));
        DavForms.HttpDate(listed.Text("/docs/letter.txt", Dav + "getlastmodified"));
        Assert.Equal(["exclusive write", "shared write"], DavForms.SupportedLocks(listed.Value("/docs/letter.txt", Dav + "supportedlock")));
        Assert.Empty(DavForms.Locks(listed.Value("/docs/letter.txt", Dav + "lockdiscovery")));
        Assert.Equal(404, listed.Status("/docs/letter.txt", Dav + "source")); // of RFC 2518 13.10, and gone since
        Assert.True(listed.IsCollection("/docs/reports/"));
        Assert.False(listed.IsCollection("/docs/letter.txt"));
    }

    [Fact]
    public async Task A_file_is_dropped_into_a_folder_opened_and_removed()
    {
        await using Replay dolphin = await Replay.StartAsync();
        dolphin.Tree.AddDirectory("docs");

        await dolphin.ExchangeAsync(IsThere("/docs/Gr%C3%B6%C3%9Fe.txt"), "404");
        await dolphin.ExchangeAsync(
            $"""
            PUT /docs/Gr%C3%B6%C3%9Fe.txt HTTP/1.1
            {Agent}
            Content-Length: 7

            content
            """,
            """
            201
            ETag: *
            Content-Length: 0
            """);
        Assert.Equal("7", (await FindAsync(dolphin, "/docs/Gr%C3%B6%C3%9Fe.txt", 0)).Text("/docs/Gr%C3%B6%C3%9Fe.txt", Dav + "getcontentlength"));
        RawResponse opened = await dolphin.ExchangeAsync(
            $"""
            GET /docs/Gr%C3%B6%C3%9Fe.txt HTTP/1.1
            {Agent}
            """,
            """
            200
            Content-Length: 7
            Content-Type: text/plain
            Content-Encoding: -
            """);
        Assert.Equal("content", opened.Text);
        await dolphin.ExchangeAsync(
            $"""
            DELETE /docs/Gr%C3%B6%C3%9Fe.txt HTTP/1.1
            {Agent}
            """,
            """
            204
            Content-Length: -
            """);

        Assert.Equal(["docs/"], dolphin.Tree.List());
    }

    [Fact]
    public async Task A_download_goes_on_where_it_stopped()
    {
        await using Replay dolphin = await Replay.StartAsync();
        dolphin.Tree.AddFile("letter.txt", "content");

        RawResponse rest = await dolphin.ExchangeAsync(
            $"""
            GET /letter.txt HTTP/1.1
            Range: bytes=3-
            {Agent}
            """,
            """
            206
            Content-Range: bytes 3-6/7
            Content-Length: 4
            """);

        Assert.Equal("tent", rest.Text);
    }

    [Fact]
    public async Task A_folder_is_made_and_removed_whole()
    {
        await using Replay dolphin = await Replay.StartAsync();
        string make =
            $"""
            MKCOL /Neuer%20Ordner HTTP/1.1
            {Dav4918}
            Content-Length: 0
            """;

        await dolphin.ExchangeAsync(
            make,
            """
            201
            Content-Length: 0
            """);
        await dolphin.ExchangeAsync(make, "405"); // "exists" is what 405 means to it
        dolphin.Tree.AddFile("Neuer Ordner/sub/one", "1");
        await dolphin.ExchangeAsync(
            $"""
            DELETE /Neuer%20Ordner HTTP/1.1
            {Agent}
            """,
            "204");

        Assert.Empty(dolphin.Tree.List());
    }

    [Theory]
    [InlineData("MOVE", "b/", "b/member=1")]
    [InlineData("COPY", "a/", "a/member=1", "b/", "b/member=1")]
    public async Task A_folder_is_renamed_or_copied_but_never_over_another_unasked(string method, params string[] left)
    {
        await using Replay dolphin = await Replay.StartAsync();
        dolphin.Tree.AddFile("a/member", "1");
        dolphin.Tree.AddFile("b/other", "2");

        // Before COPY it looks, and asks nothing where something is; MOVE it leaves to the server.
        await dolphin.ExchangeAsync(IsThere("/b"), "207");
        await dolphin.ExchangeAsync(Transfer(overwrite: false), "412");
        Assert.Equal(["a/", "a/member=1", "b/", "b/other=2"], dolphin.Tree.List());
        await dolphin.ExchangeAsync(
            Transfer(overwrite: true),
            """
            204
            Content-Length: -
            """);

        Assert.Equal(left, dolphin.Tree.List());

        string Transfer(bool overwrite) =>
            $"""
            {method} /a HTTP/1.1
            Depth: infinity
            Destination: webdav://{dolphin.Host}/b
            Overwrite: {(overwrite ? "T" : "F")}
            {Dav4918}
            Content-Length: 0
            """;
    }

    private static string IsThere(string target) =>
        $"""
        PROPFIND {target} HTTP/1.1
        Depth: 0
        {Dav4918}

        <?xml version="1.0" encoding="utf-8" ?><D:propfind xmlns:D="DAV:"><D:prop><D:creationdate/><D:getcontentlength/><D:displayname/><D:resourcetype/></D:prop></D:propfind>
        """;

    private static async Task<MultiStatus> FindAsync(Replay dolphin, string target, int depth) => MultiStatus.Of(await dolphin.ExchangeAsync(
        $"""
        PROPFIND {target} HTTP/1.1
        Depth: {depth}
        {Dav4918}

        <?xml version="1.0" encoding="utf-8" ?><D:propfind xmlns:D="DAV:"><D:prop><D:creationdate/><D:getcontentlength/><D:displayname/><D:source/><D:getcontentlanguage/><D:getcontenttype/><D:getlastmodified/><D:getetag/><D:supportedlock/><D:lockdiscovery/><D:resourcetype/><D:quota-available-bytes/><D:quota-used-bytes/></D:prop></D:propfind>
        """,
        $"""
        207
        Content-Type: {Xml}
        """));
}
