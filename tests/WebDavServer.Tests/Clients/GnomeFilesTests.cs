using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Support.MultiStatus;

namespace WebDavServer.Tests.Clients;

/// <summary>GNOME's gvfs, by which Files and every program of GTK see a <c>dav://</c> location.</summary>
/// <remarks>From its source (GNOME/gvfs, daemon/gvfsbackenddav.c). It never locks.</remarks>
public sealed class GnomeFilesTests
{
    private const string Agent = "User-Agent: gvfs/1.50.3\nAccept-Encoding: gzip, deflate, br\nConnection: Keep-Alive";
    private const string Xml = "application/xml; charset=utf-8";
    private const string Listed = "creationdate displayname getcontentlength getcontenttype getetag getlastmodified resourcetype";
    private const string Looked = "resourcetype getcontentlength";

    [Fact]
    public async Task A_location_is_mounted_where_its_collections_begin()
    {
        await using Replay gvfs = await Replay.StartAsync();
        gvfs.Tree.AddDirectory("docs/reports");

        await gvfs.ExchangeAsync(
            $"""
            OPTIONS /docs/reports HTTP/1.1
            {Agent}
            """,
            """
            200
            DAV: 1, 2, 3, extended-mkcol, sabredav-partialupdate
            Allow: OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK
            """);
        foreach ((string asked, string href) in new[] { ("/docs/reports", "/docs/reports/"), ("/docs/", "/docs/"), ("/", "/") })
        {
            MultiStatus found = await FindAsync(gvfs, asked, 0, Looked);
            Assert.Equal([href], found.Hrefs);
            Assert.True(found.IsCollection(href));
        }
    }

    [Fact]
    public async Task A_folder_is_listed_with_what_the_window_shows()
    {
        await using Replay gvfs = await Replay.StartAsync();
        gvfs.Tree.AddDirectory("docs/reports");
        gvfs.Tree.AddFile("docs/Größe & co.txt", "content");

        MultiStatus listed = await FindAsync(gvfs, "/docs/", 1, Listed, "Apply-To-Redirect-Ref: T");

        const string File = "/docs/Gr%C3%B6%C3%9Fe%20%26%20co.txt";
        Assert.Equal(["/docs/", File, "/docs/reports/"], listed.Hrefs.Order(StringComparer.Ordinal));
        Assert.Equal("Größe & co.txt", listed.Text(File, Dav + "displayname"));
        Assert.Equal(7, DavForms.Number(listed.Text(File, Dav + "getcontentlength")));
        Assert.Equal("text/plain", listed.Text(File, Dav + "getcontenttype"));
        Assert.Matches("^\"[^\"]+\"$", listed.Text(File, Dav + "getetag"));
        DavForms.IsoDate(listed.Text(File, Dav + "creationdate"));
        DavForms.HttpDate(listed.Text(File, Dav + "getlastmodified"));
        Assert.False(listed.IsCollection(File));
        Assert.True(listed.IsCollection("/docs/reports/"));
    }

    [Fact] // RFC 4331
    public async Task The_free_space_is_shown()
    {
        await using Replay gvfs = await Replay.StartAsync();

        MultiStatus room = await FindAsync(gvfs, "/", 0, "quota-available-bytes quota-used-bytes");

        Assert.True(DavForms.Number(room.Text("/", Dav + "quota-available-bytes")) > 0);
        Assert.True(DavForms.Number(room.Text("/", Dav + "quota-used-bytes")) > 0);
    }

    [Fact]
    public async Task A_file_is_dropped_into_a_folder()
    {
        await using Replay gvfs = await Replay.StartAsync();
        gvfs.Tree.AddDirectory("docs");

        await gvfs.ExchangeAsync(Find("/docs/new.txt", 0, Looked), "404");
        await gvfs.ExchangeAsync(
            $"""
            PUT /docs/new.txt HTTP/1.1
            {Agent}
            Overwrite: F
            Content-Length: 7

            content
            """,
            """
            201
            ETag: *
            Content-Length: 0
            """);

        Assert.Equal(["docs/", "docs/new.txt=content"], gvfs.Tree.List());
    }

    [Fact]
    public async Task An_editor_saves_what_nobody_has_changed_meanwhile()
    {
        await using Replay gvfs = await Replay.StartAsync();
        gvfs.Tree.AddFile("note.txt", "old");
        string etag = (await FindAsync(gvfs, "/note.txt", 0, Listed)).Text("/note.txt", Dav + "getetag");

        await gvfs.ExchangeAsync(Head(etag), $"200\nETag: {etag}");
        RawResponse saved = await gvfs.ExchangeAsync(
            Put(etag, "mine"),
            """
            204
            ETag: *
            Content-Length: -
            """);
        Assert.NotEqual(etag, saved["ETag"]);
        await gvfs.ExchangeAsync(Head(etag), "412");
        await gvfs.ExchangeAsync(Put(etag, "late"), "412");

        Assert.Equal("mine", gvfs.Tree.Read("note.txt"));

        string Head(string match) =>
            $"""
            HEAD /note.txt HTTP/1.1
            {Agent}
            If-Match: {match}
            """;

        string Put(string match, string content) =>
            $"""
            PUT /note.txt HTTP/1.1
            {Agent}
            If-Match: {match}

            {content}
            """;
    }

    [Fact]
    public async Task An_editor_makes_a_file_that_is_not_there()
    {
        await using Replay gvfs = await Replay.StartAsync();

        await gvfs.ExchangeAsync(
            $"""
            HEAD /new.txt HTTP/1.1
            {Agent}
            """,
            "404");
        await gvfs.ExchangeAsync(
            $"""
            PUT /new.txt HTTP/1.1
            {Agent}

            content
            """,
            "201");

        Assert.Equal(["new.txt=content"], gvfs.Tree.List());
    }

    [Fact]
    public async Task A_file_is_opened()
    {
        await using Replay gvfs = await Replay.StartAsync();
        gvfs.Tree.AddFile("note.txt", "content");

        MultiStatus found = await FindAsync(gvfs, "/note.txt", 0, Looked);
        Assert.False(found.IsCollection("/note.txt"));
        RawResponse opened = await gvfs.ExchangeAsync(
            $"""
            GET /note.txt HTTP/1.1
            {Agent}
            """,
            """
            200
            Content-Length: 7
            Content-Encoding: -
            """);
        Assert.Equal("content", opened.Text);
    }

    [Fact]
    public async Task A_file_is_renamed_and_never_over_another()
    {
        await using Replay gvfs = await Replay.StartAsync();
        gvfs.Tree.AddFile("a.txt", "a");
        gvfs.Tree.AddFile("b.txt", "b");

        await gvfs.ExchangeAsync(Transfer(gvfs, "MOVE", "/b.txt", overwrite: false), "412");
        await gvfs.ExchangeAsync(
            Transfer(gvfs, "MOVE", "/c%20c.txt", overwrite: false),
            """
            201
            Content-Length: 0
            """);

        Assert.Equal(["b.txt=b", "c c.txt=a"], gvfs.Tree.List());
    }

    [Theory] // both ends are looked at first
    [InlineData("COPY", "a.txt=a", "b.txt=a")]
    [InlineData("MOVE", "b.txt=a")]
    public async Task A_file_is_copied_or_moved_over_another(string method, params string[] left)
    {
        await using Replay gvfs = await Replay.StartAsync();
        gvfs.Tree.AddFile("a.txt", "a");
        gvfs.Tree.AddFile("b.txt", "b");

        Assert.False((await FindAsync(gvfs, "/a.txt", 0, Looked)).IsCollection("/a.txt"));
        Assert.False((await FindAsync(gvfs, "/b.txt", 0, Looked)).IsCollection("/b.txt"));
        await gvfs.ExchangeAsync(
            Transfer(gvfs, method, "/b.txt", overwrite: true),
            """
            204
            Content-Length: -
            """);

        Assert.Equal(left, gvfs.Tree.List());
    }

    [Fact]
    public async Task A_folder_is_made_emptied_and_removed()
    {
        await using Replay gvfs = await Replay.StartAsync();
        string make =
            $"""
            MKCOL /Neuer%20Ordner/ HTTP/1.1
            {Agent}
            Content-Length: 0
            """;

        await gvfs.ExchangeAsync(
            make,
            """
            201
            Content-Length: 0
            """);
        await gvfs.ExchangeAsync(make, "405"); // "exists" is what 405 means to it
        gvfs.Tree.AddFile("Neuer Ordner/one", "1");

        // It removes nothing that is not empty: it looks, and asks for each member.
        Assert.Equal(2, (await FindAsync(gvfs, "/Neuer%20Ordner", 1, Looked)).Hrefs.Count);
        foreach ((string target, string href) in new[] { ("/Neuer%20Ordner/one", "/Neuer%20Ordner/one"), ("/Neuer%20Ordner", "/Neuer%20Ordner/") })
        {
            Assert.Equal([href], (await FindAsync(gvfs, target, 1, Looked)).Hrefs);
            await gvfs.ExchangeAsync(
                $"""
                DELETE {target} HTTP/1.1
                {Agent}
                """,
                """
                204
                Content-Length: -
                """);
        }

        Assert.Empty(gvfs.Tree.List());
    }

    private static string Transfer(Replay gvfs, string method, string to, bool overwrite) =>
        $"""
        {method} /a.txt HTTP/1.1
        {Agent}
        Destination: http://{gvfs.Host}{to}
        Overwrite: {(overwrite ? "T" : "F")}
        Content-Length: 0
        """;

    private static string Find(string target, int depth, string properties, string? field = null) =>
        $"""
        PROPFIND {target} HTTP/1.1
        {(field is null ? Agent : $"{Agent}\n{field}")}
        Depth: {depth}
        Content-Type: application/xml

        <?xml version="1.0" encoding="utf-8" ?>
         <D:propfind xmlns:D="DAV:">
          <D:prop>
        {string.Join('\n', properties.Split(' ').Select(name => $"<D:{name}/>"))}
          </D:prop>
         </D:propfind>
        """;

    private static async Task<MultiStatus> FindAsync(Replay gvfs, string target, int depth, string properties, string? field = null) => MultiStatus.Of(
        await gvfs.ExchangeAsync(
            Find(target, depth, properties, field),
            $"""
            207
            Content-Type: {Xml}
            """));
}
