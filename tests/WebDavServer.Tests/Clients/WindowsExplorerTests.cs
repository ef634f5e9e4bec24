using System.Runtime.Versioning;
using System.Xml.Linq;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Support.MultiStatus;

namespace WebDavServer.Tests.Clients;

/// <summary>
/// The WebDAV redirector of Windows, by which Explorer and every program see a mounted drive.
/// </summary>
/// <remarks>
/// The requests are those of a published capture of Microsoft-WebDAV-MiniRedir/10.0.17134 against another server (notes of the project
/// "warden"), with the LOCK of swisspol/GCDWebServer issue 319 and the order of OpenMarshal/npm-WebDAV-Server issue 37; what the fields
/// mean is said in [MS-WDV]. Every request says <c>translate: f</c>: the file itself is meant, not what it would produce.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class WindowsExplorerTests
{
    private const string Agent = "Connection: Keep-Alive\nUser-Agent: Microsoft-WebDAV-MiniRedir/10.0.17134\ntranslate: f";
    private const string Uncached = "Cache-Control: no-cache\nPragma: no-cache\n" + Agent;
    private const string Xml = "application/xml; charset=utf-8";
    private const string Target = "/docs/Neues%20Textdokument.txt";

    private const string LockInfo =
        """<?xml version="1.0" encoding="utf-8" ?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner><D:href>DESKTOP\anna</D:href></D:owner></D:lockinfo>""";

    private static readonly XNamespace Win32 = "urn:schemas-microsoft-com:";
    private static readonly DateTimeOffset Written = new(2019, 2, 16, 18, 24, 58, TimeSpan.Zero);

    [Fact]
    public async Task A_drive_is_mounted_by_a_look_at_every_collection_down_to_it()
    {
        await using Replay windows = await Replay.StartAsync();
        windows.Tree.AddFile("docs/reports/Bericht 1.txt", "seven b");
        windows.Tree.AddDirectory("docs/reports/old");

        await windows.ExchangeAsync(
            $"""
            OPTIONS / HTTP/1.1
            {Agent}
            """,
            """
            200
            DAV: 1, 2, 3, extended-mkcol, sabredav-partialupdate
            MS-Author-Via: DAV
            Allow: OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK
            Content-Length: 0
            """);
        await windows.ExchangeAsync(
            $"""
            OPTIONS /docs/reports HTTP/1.1
            {Agent}
            """,
            """
            200
            DAV: 1, 2, 3, extended-mkcol, sabredav-partialupdate
            MS-Author-Via: DAV
            """);
        foreach ((string asked, string href) in new[] { ("/", "/"), ("/docs", "/docs/"), ("/docs/reports", "/docs/reports/") })
        {
            MultiStatus found = await FindAsync(windows, asked);

            Assert.Equal([href], found.Hrefs);
            Assert.True(found.IsCollection(href));
            DavForms.IsoDate(found.Text(href, Dav + "creationdate"));
            DavForms.HttpDate(found.Text(href, Dav + "getlastmodified"));
            Assert.DoesNotContain(Dav + "getcontentlength", found.Names(href, 200));
            Assert.Equal(["exclusive write", "shared write"], DavForms.SupportedLocks(found.Value(href, Dav + "supportedlock")));
            Assert.Empty(DavForms.Locks(found.Value(href, Dav + "lockdiscovery")));
        }

        MultiStatus members = await FindAsync(windows, "/docs/reports", depth: 1);

        const string Report = "/docs/reports/Bericht%201.txt";
        Assert.Equal(["/docs/reports/", Report, "/docs/reports/old/"], members.Hrefs.Order(StringComparer.Ordinal));
        Assert.True(members.IsCollection("/docs/reports/old/"));
        Assert.False(members.IsCollection(Report));
        Assert.Equal("7", members.Text(Report, Dav + "getcontentlength"));
        Assert.Equal("Bericht 1.txt", members.Text(Report, Dav + "displayname"));
        Assert.Equal("text/plain", members.Text(Report, Dav + "getcontenttype"));
        Assert.Matches("^\"[^\"]+\"$", members.Text(Report, Dav + "getetag"));
    }

    [Fact] // it logs in when it is asked to, and then says so with each request
    public async Task A_drive_is_mounted_with_a_login()
    {
        await using Replay windows = await Replay.StartAsync(settings: TestUsers.Settings("anna"));
        foreach (string request in new[] { $"OPTIONS / HTTP/1.1\n{Agent}", $"PROPFIND / HTTP/1.1\n{Agent}\nDepth: 0\nContent-Length: 0" })
        {
            await windows.ExchangeAsync(
                request,
                """
                401
                DAV: 1, 2, 3, extended-mkcol, sabredav-partialupdate
                MS-Author-Via: DAV
                WWW-Authenticate: Basic realm="WebDAV", charset="UTF-8"
                """);
        }

        await windows.ExchangeAsync($"OPTIONS / HTTP/1.1\n{Agent}\n{TestUsers.Basic("anna")}", "200\nMS-Author-Via: DAV");
        await windows.ExchangeAsync($"PROPFIND / HTTP/1.1\n{Agent}\nDepth: 0\nContent-Length: 0\n{TestUsers.Basic("anna")}", "207");
    }

    [Theory] // what Explorer looks for in every folder, and the shell of every drive
    [InlineData("/AutoRun.inf")]
    [InlineData("/desktop.ini")]
    [InlineData("/docs/desktop.ini")]
    [InlineData("/docs/Thumbs.db")]
    [InlineData("/docs/folder.jpg")]
    public async Task What_it_looks_for_and_is_not_there_is_404(string target)
    {
        await using Replay windows = await Replay.StartAsync();
        windows.Tree.AddDirectory("docs");

        await windows.ExchangeAsync(
            $"""
            PROPFIND {target} HTTP/1.1
            {Agent}
            Depth: 0
            Content-Length: 0
            """,
            "404");
    }

    [Fact]
    public async Task A_new_file_is_made_locked_filled_dated_and_unlocked()
    {
        await using Replay windows = await Replay.StartAsync();
        windows.Tree.AddDirectory("docs");

        await windows.ExchangeAsync(
            $"""
            PROPFIND {Target} HTTP/1.1
            {Agent}
            Depth: 0
            Content-Length: 0
            """,
            "404");
        await windows.ExchangeAsync(
            $"""
            PUT {Target} HTTP/1.1
            {Agent}
            Content-Length: 0
            """,
            """
            201
            ETag: *
            Content-Length: 0
            """);
        string token = await LockAsync(windows);
        await DateAsync(windows, token, "<Z:Win32CreationTime>Sat, 16 Feb 2019 18:24:58 GMT</Z:Win32CreationTime>");
        await windows.ExchangeAsync(
            $"""
            HEAD {Target} HTTP/1.1
            {Agent}
            """,
            """
            200
            Content-Length: 0
            Last-Modified: Sat, 16 Feb 2019 18:24:58 GMT
            ETag: *
            """);
        await windows.ExchangeAsync(
            $"""
            PUT {Target} HTTP/1.1
            {Uncached}
            If: (<{token}>)

            what was written
            """,
            """
            204
            ETag: *
            Content-Length: -
            """);
        await DateAsync(windows, token);
        await windows.ExchangeAsync(
            $"""
            UNLOCK {Target} HTTP/1.1
            {Uncached}
            Lock-Token: <{token}>
            """,
            """
            204
            Content-Length: -
            """);

        MultiStatus found = await FindAsync(windows, Target);
        Assert.Equal(["docs/", "docs/Neues Textdokument.txt=what was written"], windows.Tree.List());
        Assert.Equal(Written.UtcDateTime, File.GetLastWriteTimeUtc(windows.Tree.At("docs/Neues Textdokument.txt")));
        Assert.Equal("16", found.Text(Target, Dav + "getcontentlength"));
        Assert.Equal(Written, DavForms.HttpDate(found.Text(Target, Dav + "getlastmodified")));
        Assert.Empty(DavForms.Locks(found.Value(Target, Dav + "lockdiscovery")));
        foreach (string name in new[] { "Win32CreationTime", "Win32LastAccessTime", "Win32LastModifiedTime" })
        {
            Assert.Equal("Sat, 16 Feb 2019 18:24:58 GMT", found.Text(Target, Win32 + name));
        }

        Assert.Equal("00000020", found.Text(Target, Win32 + "Win32FileAttributes"));
    }

    [Fact]
    public async Task What_one_has_locked_another_does_not_write()
    {
        await using Replay windows = await Replay.StartAsync();
        windows.Tree.AddFile("docs/Neues Textdokument.txt", "old");
        string token = await LockAsync(windows);

        RawResponse refused = await windows.ExchangeAsync(
            $"""
            PUT {Target} HTTP/1.1
            {Agent}

            another's
            """,
            $"""
            423
            Content-Type: {Xml}
            """);
        Assert.Equal("lock-token-submitted", refused.Condition());
        refused = await windows.ExchangeAsync(
            $"""
            LOCK {Target} HTTP/1.1
            {Uncached}
            Content-Type: text/xml; charset="utf-8"
            Timeout: Second-3600

            {LockInfo}
            """,
            $"""
            423
            Content-Type: {Xml}
            Lock-Token: -
            """);
        Assert.Equal("no-conflicting-lock", refused.Condition());

        MultiStatus found = await FindAsync(windows, Target);
        Assert.Equal([$@"exclusive write infinity Second-3600 {token} by DESKTOP\anna"], DavForms.Locks(found.Value(Target, Dav + "lockdiscovery")));
        Assert.Equal("old", windows.Tree.Read("docs/Neues Textdokument.txt"));
    }

    [Fact]
    public async Task A_lock_is_kept_for_as_long_as_the_file_is_open()
    {
        ManualTime time = new();
        await using Replay windows = await Replay.StartAsync(time);
        windows.Tree.AddFile("docs/Neues Textdokument.txt", "old");
        string token = await LockAsync(windows);

        for (int hour = 0; hour < 3; hour++)
        {
            time.Advance(TimeSpan.FromMinutes(59)); // the lock is of an hour
            RawResponse kept = await windows.ExchangeAsync(
                $"""
                LOCK {Target} HTTP/1.1
                {Uncached}
                If: (<{token}>)
                Timeout: Second-3600
                Content-Length: 0
                """,
                $"""
                200
                Content-Type: {Xml}
                Lock-Token: -
                """);
            Assert.Equal([$@"exclusive write infinity Second-3600 {token} by DESKTOP\anna"], DavForms.Locks(XElement.Parse(kept.Text)));
        }

        await windows.ExchangeAsync(
            $"""
            PUT {Target} HTTP/1.1
            {Uncached}
            If: (<{token}>)

            new
            """,
            "204");
    }

    [Fact]
    public async Task A_file_is_opened()
    {
        await using Replay windows = await Replay.StartAsync();
        windows.Tree.AddFile("docs/Neues Textdokument.txt", "content");

        RawResponse opened = await windows.ExchangeAsync(
            $"""
            GET {Target} HTTP/1.1
            {Agent}
            """,
            """
            200
            Content-Length: 7
            Content-Type: text/plain
            Last-Modified: *
            ETag: *
            """);

        Assert.Equal("content", opened.Text);
    }

    [Fact]
    public async Task A_file_is_renamed_and_never_over_another()
    {
        await using Replay windows = await Replay.StartAsync();
        windows.Tree.AddFile("docs/Neues Textdokument.txt", "mine");
        windows.Tree.AddFile("docs/there.txt", "another's");
        string Move(string name) =>
            $"""
            MOVE {Target} HTTP/1.1
            {Agent}
            Destination: http://{windows.Host}/docs/{name}
            Overwrite: F
            Content-Length: 0
            """;

        await windows.ExchangeAsync(Move("there.txt"), "412");
        await windows.ExchangeAsync(
            Move("Br%C3%BCcke.txt"),
            """
            201
            Content-Length: 0
            """);

        Assert.Equal(["docs/", "docs/Brücke.txt=mine", "docs/there.txt=another's"], windows.Tree.List());
    }

    [Fact]
    public async Task A_folder_is_made_renamed_and_removed()
    {
        await using Replay windows = await Replay.StartAsync();
        string make =
            $"""
            MKCOL /Neuer%20Ordner HTTP/1.1
            {Agent}
            Content-Length: 0
            """;

        await windows.ExchangeAsync(
            make,
            """
            201
            Content-Length: 0
            """);
        await windows.ExchangeAsync(
            make,
            """
            405
            Allow: OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK
            """);
        Assert.True((await FindAsync(windows, "/Neuer%20Ordner")).IsCollection("/Neuer%20Ordner/"));
        await windows.ExchangeAsync(
            $"""
            MOVE /Neuer%20Ordner HTTP/1.1
            {Agent}
            Destination: http://{windows.Host}/reports
            Overwrite: F
            Content-Length: 0
            """,
            "201");
        windows.Tree.AddFile("reports/one", "1");
        await windows.ExchangeAsync(
            $"""
            DELETE /reports HTTP/1.1
            {Agent}
            Content-Length: 0
            """,
            """
            204
            Content-Length: -
            """);

        Assert.Empty(windows.Tree.List());
    }

    [Fact]
    public async Task The_read_only_attribute_is_that_of_the_file()
    {
        await using Replay windows = await Replay.StartAsync();
        windows.Tree.AddFile("docs/Neues Textdokument.txt", "old");

        foreach ((string attributes, bool readOnly) in new[] { ("00000021", true), ("00000020", false) })
        {
            MultiStatus set = MultiStatus.Of(await windows.ExchangeAsync(
                $"""
                PROPPATCH {Target} HTTP/1.1
                {Uncached}
                Content-Type: text/xml; charset="utf-8"

                <?xml version="1.0" encoding="utf-8" ?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:set><D:prop><Z:Win32FileAttributes>{attributes}</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>
                """,
                $"""
                207
                Content-Type: {Xml}
                """));

            Assert.Equal(200, set.Status(Target, Win32 + "Win32FileAttributes"));
            Assert.Equal(readOnly, new FileInfo(windows.Tree.At("docs/Neues Textdokument.txt")).IsReadOnly);
            Assert.Equal(attributes, (await FindAsync(windows, Target)).Text(Target, Win32 + "Win32FileAttributes"));
        }
    }

    // Without a body it asks for all properties (RFC 4918 9.1).
    private static async Task<MultiStatus> FindAsync(Replay windows, string target, int depth = 0) => MultiStatus.Of(await windows.ExchangeAsync(
        $"""
        PROPFIND {target} HTTP/1.1
        {Agent}
        Depth: {depth}
        Content-Length: 0
        """,
        $"""
        207
        Content-Type: {Xml}
        """));

    // Without Depth, which means infinity (RFC 4918 9.10.3). The redirector looks for its lock in the answer, and in a PROPFIND after it.
    private static async Task<string> LockAsync(Replay windows)
    {
        RawResponse granted = await windows.ExchangeAsync(
            $"""
            LOCK {Target} HTTP/1.1
            {Uncached}
            Content-Type: text/xml; charset="utf-8"
            Timeout: Second-3600

            {LockInfo}
            """,
            $"""
            200
            Content-Type: {Xml}
            Lock-Token: *
            """);
        string token = granted["Lock-Token"]!.Trim('<', '>');
        string[] told = [$@"exclusive write infinity Second-3600 {token} by DESKTOP\anna"];
        Assert.Equal(told, DavForms.Locks(XElement.Parse(granted.Text)));
        Assert.Equal(told, DavForms.Locks((await FindAsync(windows, Target)).Value(Target, Dav + "lockdiscovery")));
        return token;
    }

    private static async Task DateAsync(Replay windows, string token, string created = "")
    {
        MultiStatus set = MultiStatus.Of(await windows.ExchangeAsync(
            $"""
            PROPPATCH {Target} HTTP/1.1
            {Uncached}
            Content-Type: text/xml; charset="utf-8"
            If: (<{token}>)

            <?xml version="1.0" encoding="utf-8" ?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:set><D:prop>{created}<Z:Win32LastAccessTime>Sat, 16 Feb 2019 18:24:58 GMT</Z:Win32LastAccessTime><Z:Win32LastModifiedTime>Sat, 16 Feb 2019 18:24:58 GMT</Z:Win32LastModifiedTime><Z:Win32FileAttributes>00000020</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>
            """,
            $"""
            207
            Content-Type: {Xml}
            """));
        Assert.Equal(created.Length > 0 ? 4 : 3, set.Names(Target, 200).Count);
        Assert.Equal(1, set.PropStats(Target));
    }
}
