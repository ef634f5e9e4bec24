using System.Xml.Linq;
using WebDav.Handlers;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Support.MultiStatus;

namespace WebDavServer.Tests.Clients;

/// <summary>The file system WebDAVFS of macOS, by which the Finder and every program see a mounted server.</summary>
/// <remarks>
/// From Apple's source of webdavfs (mount.tproj/http.c), a capture of WebDAVFS/1.9.0 that a Java server has in its comments, the logs in
/// pydio/pydio-core issue 581, couling/WebDAV-Daemon issue 18 and 9001/copyparty issue 1242, and sabre.io/dav/clients/finder.
/// </remarks>
public sealed class MacOsFinderTests
{
    private const string Sonoma = "WebDAVFS/3.0.0 (03008000) Darwin/23.6.0 (arm64)";
    private const string Agent = $"User-Agent: {Sonoma}\nAccept: */*\nConnection: keep-alive";
    private const string Xml = "application/xml; charset=utf-8";
    private const string Target = "/docs/somefile.txt";
    private const string Double = "/docs/._somefile.txt";

    private static readonly XNamespace Apple = "http://www.apple.com/webdav_fs/props/";

    [Fact]
    public async Task A_server_is_looked_at_and_mounted()
    {
        await using Replay finder = await Replay.StartAsync();
        finder.Tree.AddFile("letter.txt", "content");
        finder.Tree.AddDirectory("docs");

        // The dialogue asks first, then the file system. Without class 2 it would mount for reading only.
        foreach (string agent in new[] { "User-Agent: WebDAVLib/1.3\nAccept: */*\nConnection: close", Agent })
        {
            await finder.ExchangeAsync(
                $"""
                OPTIONS / HTTP/1.1
                Content-Length: 0
                {agent}
                """,
                """
                200
                DAV: 1, 2, 3, extended-mkcol, sabredav-partialupdate
                MS-Author-Via: DAV
                Allow: OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK
                Content-Length: 0
                """);
        }

        MultiStatus root = await FindAsync(finder, "/", 0, "<D:getlastmodified/>\n<D:getcontentlength/>\n<D:creationdate/>\n<D:resourcetype/>");
        Assert.Equal(["/"], root.Hrefs);
        Assert.True(root.IsCollection("/"));
        DavForms.HttpDate(root.Text("/", Dav + "getlastmodified"));
        DavForms.IsoDate(root.Text("/", Dav + "creationdate"));
        Assert.Equal(404, root.Status("/", Dav + "getcontentlength"));

        MultiStatus members = await FindAsync(
            finder, "/", 1, "<D:getlastmodified/>\n<D:getcontentlength/>\n<D:resourcetype/>\n<A:appledoubleheader xmlns:A=\"http://www.apple.com/webdav_fs/props/\"/>");
        Assert.Equal(["/", "/docs/", "/letter.txt"], members.Hrefs.Order(StringComparer.Ordinal));
        Assert.True(members.IsCollection("/docs/"));
        Assert.Equal(7, DavForms.Number(members.Text("/letter.txt", Dav + "getcontentlength")));
        DavForms.HttpDate(members.Text("/letter.txt", Dav + "getlastmodified"));
        Assert.Equal(404, members.Status("/letter.txt", Apple + "appledoubleheader"));
    }

    [Theory] // "it is no WebDAV server" is what it says where DAV is missing on the 401
    [InlineData("/")]
    [InlineData("/docs/")]
    [InlineData("/docs/missing/deeper")]
    public async Task A_server_says_what_it_is_before_the_login(string target)
    {
        await using Replay finder = await Replay.StartAsync(settings: TestUsers.Settings("anna"));
        finder.Tree.AddDirectory("docs");

        foreach (string agent in new[] { "User-Agent: WebDAVLib/1.3\nAccept: */*\nConnection: close", Agent })
        {
            await finder.ExchangeAsync(
                Options(agent),
                """
                401
                DAV: 1, 2, 3, extended-mkcol, sabredav-partialupdate
                MS-Author-Via: DAV
                WWW-Authenticate: Basic realm="WebDAV", charset="UTF-8"
                """);
            await finder.ExchangeAsync(
                Options($"{TestUsers.Basic("anna")}\n{agent}"),
                """
                200
                DAV: 1, 2, 3, extended-mkcol, sabredav-partialupdate
                MS-Author-Via: DAV
                WWW-Authenticate: -
                Content-Length: 0
                """);
        }

        await finder.ExchangeAsync(Find(target, 0, "<D:resourcetype/>"), "401");

        string Options(string fields) =>
            $"""
            OPTIONS {target} HTTP/1.1
            Content-Length: 0
            {fields}
            """;
    }

    [Fact] // RFC 4331, and the names that were asked for before it, in blocks of 512 bytes
    public async Task The_room_is_told_under_its_new_names_and_its_old_ones()
    {
        await using Replay finder = await Replay.StartAsync();

        MultiStatus room = await RoomAsync(finder, Sonoma);

        long available = DavForms.Number(room.Text("/", Dav + "quota-available-bytes"));
        long used = DavForms.Number(room.Text("/", Dav + "quota-used-bytes"));
        long blocks = DavForms.Number(room.Text("/", Dav + "quota"));
        Assert.True(available > 0 && used > 0);
        Assert.InRange(DavForms.Number(room.Text("/", Dav + "quotaused")), 1, blocks);
        Assert.Equal(blocks, (available + used) / 512);
    }

    [Theory] // since macOS 15.4 the mount hangs for 90 s on any room but none: cryptomator/webdav-nio-adapter issue 107
    [InlineData("WebDAVFS/3.0.0 (03008000) Darwin/24.4.0 (arm64)")]
    [InlineData("WebDAVFS/3.0.0 (03008000) Darwin/25.2.0 (x86_64)")]
    public async Task The_room_is_not_told_where_the_mount_would_hang_on_it(string agent)
    {
        await using Replay finder = await Replay.StartAsync();

        MultiStatus room = await RoomAsync(finder, agent);

        Assert.Equal([Dav + "quota-available-bytes", Dav + "quota-used-bytes", Dav + "quota", Dav + "quotaused"], room.Names("/", 404));
        Assert.Empty(room.Names("/", 200));
    }

    [Theory]
    [InlineData("WebDAVFS/3.0.0 (03008000) Darwin/24.3.0 (arm64)", false)]
    [InlineData("WebDAVFS/3.0.0 (03008000) Darwin/24.4.0 (arm64)", true)]
    [InlineData("WebDAVFS/3.0.0 (03008000) Darwin/24.10.0", true)]
    [InlineData("WebDAVFS/3.0.0 (03008000) Darwin/9.8.0 (i386)", false)]
    [InlineData("WebDAVFS/3.0.0 (03008000)", false)]
    [InlineData("WebDAVFS/3.0.0 (03008000) Darwin/new", false)]
    [InlineData("Cyberduck/9.0 (Mac OS X/15.4) Darwin/24.4.0", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Its_version_is_that_of_the_kernel(string? agent, bool hangs) => Assert.Equal(hangs, QuotaReaders.HangOnIt(agent));

    [Theory] // sabre.io/dav/clients/finder; dav-server, doc/APPLE-Finder-hints.md
    [InlineData("/._.")]
    [InlineData("/.DS_Store")]
    [InlineData("/._.DS_Store")]
    [InlineData("/.hidden")]
    [InlineData("/.localized")]
    [InlineData("/.metadata_never_index")]
    [InlineData("/.metadata_never_index_unless_rootfs")]
    [InlineData("/.ql_disablethumbnails")]
    [InlineData("/.Spotlight-V100")]
    [InlineData("/mach_kernel")]
    [InlineData("/Backups.backupdb")]
    [InlineData("/docs/._somefile.txt")]
    [InlineData("/Contents")]
    public async Task What_it_looks_for_and_is_not_there_is_404(string target)
    {
        await using Replay finder = await Replay.StartAsync();
        finder.Tree.AddFile("docs/somefile.txt", "content");

        await finder.ExchangeAsync(Find(target, 0, "<D:getlastmodified/>\n<D:getcontentlength/>\n<D:resourcetype/>"), "404");
    }

    [Fact]
    public async Task A_file_is_copied_to_the_server_with_what_macOS_keeps_beside_it()
    {
        await using Replay finder = await Replay.StartAsync();
        finder.Tree.AddDirectory("docs");

        foreach ((string target, string content) in new[] { (Target, "content of the file"), (Double, "\0\u0005\u0016\u0007\0\u0002") })
        {
            await finder.ExchangeAsync(Find(target, 0, "<D:resourcetype/>"), "404");
            await finder.ExchangeAsync(
                $"""
                PUT {target} HTTP/1.1
                Content-Length: 0
                {Agent}
                """,
                """
                201
                ETag: *
                Content-Length: 0
                """);
            Assert.Equal("0", (await FindAsync(finder, target, 0, "<D:getcontentlength/>")).Text(target, Dav + "getcontentlength"));
            string token = await LockAsync(finder, target);
            await finder.ExchangeAsync(
                Put(target, content, $"X-Expected-Entity-Length: {content.Length}\nIf: (<{token}>)"),
                """
                204
                ETag: *
                """);
            Assert.Equal($"{content.Length}", (await FindAsync(finder, target, 0, "<D:getcontentlength/>")).Text(target, Dav + "getcontentlength"));
            await UnlockAsync(finder, target, token);
        }

        Assert.Equal(["docs/", "docs/._somefile.txt=\0\u0005\u0016\u0007\0\u0002", "docs/somefile.txt=content of the file"], finder.Tree.List());
    }

    [Fact]
    public async Task A_file_beside_it_is_made_by_the_lock_and_goes_with_it()
    {
        await using Replay finder = await Replay.StartAsync();
        finder.Tree.AddFile("docs/somefile.txt", "content");

        string token = await LockAsync(finder, Double, 201);
        RawResponse empty = await finder.ExchangeAsync(
            $"""
            GET {Double} HTTP/1.1
            {Agent}
            """,
            """
            200
            Content-Length: 0
            """);
        Assert.Empty(empty.Body);
        await finder.ExchangeAsync(Put(Double, "fork", $"X-Expected-Entity-Length: 4\nIf: (<{token}>)"), "204");
        await UnlockAsync(finder, Double, token);
        foreach ((string from, string to) in new[] { (Target, "/docs/renamed.txt"), (Double, "/docs/._renamed.txt") })
        {
            await finder.ExchangeAsync(
                $"""
                MOVE {from} HTTP/1.1
                Content-Length: 0
                Destination: http://{finder.Host}{to}
                {Agent}
                """,
                """
                201
                Content-Length: 0
                """);
        }

        Assert.Equal(["docs/", "docs/._renamed.txt=fork", "docs/renamed.txt=content"], finder.Tree.List());
        foreach (string target in new[] { "/docs/._renamed.txt", "/docs/renamed.txt" })
        {
            await finder.ExchangeAsync(
                $"""
                DELETE {target} HTTP/1.1
                Content-Length: 0
                {Agent}
                """,
                "204");
        }

        Assert.Equal(["docs/"], finder.Tree.List());
    }

    [Theory] // it says beforehand how long its chunks will be together
    [InlineData("19", 204)]
    [InlineData("18", 400)]
    [InlineData("20", 400)]
    public async Task A_file_that_is_shorter_or_longer_than_was_said_leaves_the_old_one(string expected, int status)
    {
        await using Replay finder = await Replay.StartAsync();
        finder.Tree.AddFile("docs/somefile.txt", "old");
        string token = await LockAsync(finder, Target);

        await finder.ExchangeAsync(Put(Target, "content of the file", $"X-Expected-Entity-Length: {expected}\nIf: (<{token}>)"), $"{status}");

        Assert.Equal(["docs/", status == 204 ? "docs/somefile.txt=content of the file" : "docs/somefile.txt=old"], finder.Tree.List());
        await finder.ExchangeAsync(Put(Target, "again", $"X-Expected-Entity-Length: 5\nIf: (<{token}>)"), "204"); // and the lock holds
        await UnlockAsync(finder, Target, token);
    }

    [Theory]
    [InlineData("X-Expected-Entity-Length: 19")] // all of it has come, but not its end
    [InlineData("X-Expected-Entity-Length: 1000000")]
    public async Task A_connection_that_breaks_leaves_the_old_file(string field)
    {
        await using Replay finder = await Replay.StartAsync();
        finder.Tree.AddFile("docs/somefile.txt", "old");
        string token = await LockAsync(finder, Target);

        await finder.BreakOffAsync(Put(Target, "content of the file", $"{field}\nIf: (<{token}>)"));

        Assert.Equal(["docs/", "docs/somefile.txt=old"], finder.Tree.List());
        await finder.ExchangeAsync(Put(Target, "whole", $"X-Expected-Entity-Length: 5\nIf: (<{token}>)"), "204");
        await UnlockAsync(finder, Target, token);
    }

    [Fact] // RFC 4331 6: said before the first byte is read
    public async Task A_file_for_which_there_is_no_room_is_refused_at_once()
    {
        await using Replay finder = await Replay.StartAsync();
        finder.Tree.AddFile("docs/somefile.txt", "old");

        RawResponse refused = await finder.ExchangeAsync(
            Put(Target, "content", "X-Expected-Entity-Length: 1000000000000000000"),
            $"""
            507
            Content-Type: {Xml}
            """);

        Assert.Equal("sufficient-disk-space", refused.Condition());
        Assert.Equal("old", finder.Tree.Read("docs/somefile.txt"));
    }

    [Fact] // ten minutes at a time, for as long as the file is open
    public async Task A_lock_is_refreshed_without_a_body()
    {
        ManualTime time = new();
        await using Replay finder = await Replay.StartAsync(time);
        finder.Tree.AddFile("docs/somefile.txt", "old");
        string token = await LockAsync(finder, Target);

        for (int minutes = 0; minutes < 60; minutes += 9)
        {
            time.Advance(TimeSpan.FromMinutes(9));
            RawResponse kept = await finder.ExchangeAsync(
                $"""
                LOCK {Target} HTTP/1.1
                Content-Length: 0
                Depth: 0
                Timeout: Second-600
                If: (<{token}>)
                {Agent}
                """,
                $"""
                200
                Content-Type: {Xml}
                Lock-Token: -
                """);
            Assert.Equal([$"exclusive write 0 Second-600 {token} by http://www.apple.com/webdav_fs/"], Locks(XElement.Parse(kept.Text)));
        }

        await UnlockAsync(finder, Target, token);
    }

    [Fact] // webdavfs reads what it has a part of from where that ends
    public async Task A_download_goes_on_where_it_stopped_if_the_file_is_the_same()
    {
        await using Replay finder = await Replay.StartAsync();
        File.SetLastWriteTimeUtc(finder.Tree.AddFile("docs/somefile.txt", "content"), new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        string Rest(string date) =>
            $"""
            GET {Target} HTTP/1.1
            {Agent}
            If-Range: {date}
            Range: bytes=3-
            """;

        RawResponse rest = await finder.ExchangeAsync(
            Rest("Thu, 02 Jan 2020 03:04:05 GMT"),
            """
            206
            Content-Range: bytes 3-6/7
            Content-Length: 4
            """);
        Assert.Equal("tent", rest.Text);
        RawResponse whole = await finder.ExchangeAsync(
            Rest("Wed, 01 Jan 2020 03:04:05 GMT"),
            """
            200
            Content-Range: -
            Content-Length: 7
            """);
        Assert.Equal("content", whole.Text);
        await finder.ExchangeAsync(
            $"""
            GET {Target} HTTP/1.1
            {Agent}
            If-Modified-Since: Thu, 02 Jan 2020 03:04:05 GMT
            """,
            "304");
    }

    private static string Find(string target, int depth, string properties) =>
        $"""
        PROPFIND {target} HTTP/1.1
        Content-Type: text/xml
        Depth: {depth}
        {Agent}

        <?xml version="1.0" encoding="utf-8"?>
        <D:propfind xmlns:D="DAV:">
        <D:prop>
        {properties}
        </D:prop>
        </D:propfind>

        """;

    private static async Task<MultiStatus> FindAsync(Replay finder, string target, int depth, string properties) => MultiStatus.Of(
        await finder.ExchangeAsync(
            Find(target, depth, properties),
            $"""
            207
            Content-Type: {Xml}
            """));

    private static async Task<MultiStatus> RoomAsync(Replay finder, string agent) => MultiStatus.Of(await finder.ExchangeAsync(
        Find("/", 0, "<D:quota-available-bytes/>\n<D:quota-used-bytes/>\n<D:quota/>\n<D:quotaused/>").Replace(Sonoma, agent, StringComparison.Ordinal),
        "207"));

    private static string Put(string target, string content, string fields) =>
        $"""
        PUT {target} HTTP/1.1
        Transfer-Encoding: chunked
        {fields}
        {Agent}

        {content}
        """;

    private static async Task<string> LockAsync(Replay finder, string target, int status = 200)
    {
        RawResponse granted = await finder.ExchangeAsync(
            $"""
            LOCK {target} HTTP/1.1
            Content-Type: text/xml; charset="utf-8"
            Depth: 0
            Timeout: Second-600
            {Agent}

            <?xml version="1.0" encoding="utf-8"?>
            <D:lockinfo xmlns:D="DAV:">
            <D:lockscope><D:exclusive/></D:lockscope>
            <D:locktype><D:write/></D:locktype>
            <D:owner>
            <D:href>http://www.apple.com/webdav_fs/</D:href>
            </D:owner>
            </D:lockinfo>
            """,
            $"""
            {status}
            Content-Type: {Xml}
            Lock-Token: *
            """);
        string token = granted["Lock-Token"]!.Trim('<', '>');
        Assert.Equal([$"exclusive write 0 Second-600 {token} by http://www.apple.com/webdav_fs/"], Locks(XElement.Parse(granted.Text)));
        return token;
    }

    private static Task<RawResponse> UnlockAsync(Replay finder, string target, string token) => finder.ExchangeAsync(
        $"""
        UNLOCK {target} HTTP/1.1
        Content-Length: 0
        Lock-Token: <{token}>
        {Agent}
        """,
        """
        204
        Content-Length: -
        """);

    // The lines around the owner's href are the client's, and kept.
    private static IEnumerable<string> Locks(XElement told) => DavForms.Locks(told).Select(text => text.Replace("\n", "", StringComparison.Ordinal));
}
