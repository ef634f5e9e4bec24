using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class PropFindTests
{
    private static readonly XNamespace D = MultiStatus.Dav;
    private static readonly XName Note = XName.Get("note", "urn:test");

    private static readonly string[] OfFile =
    [
        "resourcetype", "displayname", "creationdate", "getlastmodified", "getcontentlength", "getcontenttype", "getetag", "supportedlock", "lockdiscovery",
    ];

    private static readonly string[] OfCollection = [.. OfFile.Except(["getcontentlength", "getcontenttype", "getetag"])];

    private static readonly string[] OfWindows =
        [.. new[] { "CreationTime", "LastModifiedTime", "LastAccessTime", "FileAttributes" }.Select(name => "{urn:schemas-microsoft-com:}Win32" + name)];

    [Theory] // RFC 4918 9.1
    [InlineData("Depth: 0", new[] { "/dir/" })]
    [InlineData("Depth: 1", new[] { "/dir/", "/dir/file.txt", "/dir/sub/" })]
    [InlineData("Depth: infinity", new[] { "/dir/", "/dir/file.txt", "/dir/sub/", "/dir/sub/leaf" })]
    [InlineData("Depth: Infinity", new[] { "/dir/", "/dir/file.txt", "/dir/sub/", "/dir/sub/leaf" })]
    [InlineData(null, new[] { "/dir/", "/dir/file.txt", "/dir/sub/", "/dir/sub/leaf" })] // absent: as infinity
    public async Task A_tree_is_answered_as_deep_as_was_asked(string? depth, string[] hrefs)
    {
        await using ServerFixture server = await StartAsync();
        foreach (string target in new[] { "/dir", "/dir/" })
        {
            MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", target, depth is null ? [] : [depth]));

            Assert.Equal("/dir/", found.Hrefs[0]);
            Assert.Equal(hrefs, found.Hrefs.Order(StringComparer.Ordinal));
        }
    }

    [Theory] // RFC 4918 9.1: no body asks for all
    [InlineData(null)]
    [InlineData("")]
    [InlineData("<propfind xmlns='DAV:'><allprop/></propfind>")]
    [InlineData("<x:propfind xmlns:x='DAV:'><x:allprop/><unknown xmlns='urn:test'/></x:propfind>")] // 17: what is unknown is passed over
    public async Task All_properties_are_those_of_the_RFC_and_the_dead_ones(string? body)
    {
        await using ServerFixture server = await StartAsync();
        await server.SetNoteAsync("/dir/file.txt", "mine");

        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/dir/", ["Depth: 1"], body));

        Assert.Equal(OfCollection.Select(name => D + name), found.Names("/dir/", 200));
        Assert.Equal([.. OfFile.Select(name => D + name), Note], found.Names("/dir/file.txt", 200));
        Assert.All(found.Hrefs, href => Assert.Equal(1, found.PropStats(href)));
    }

    [Fact]
    public async Task The_values_are_those_that_GET_shows()
    {
        await using ServerFixture server = await StartAsync();
        File.SetLastWriteTimeUtc(server.Tree.At("dir/file.txt"), new(2020, 9, 13, 12, 26, 40, DateTimeKind.Utc));
        RawResponse head = await server.AskAsync("HEAD", "/dir/file.txt");

        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/dir/", ["Depth: 1"]));

        Assert.Equal("Sun, 13 Sep 2020 12:26:40 GMT", Text("/dir/file.txt", "getlastmodified"));
        Assert.Equal(head["ETag"], Text("/dir/file.txt", "getetag"));
        Assert.Equal("7", Text("/dir/file.txt", "getcontentlength"));
        Assert.Equal("text/plain", Text("/dir/file.txt", "getcontenttype"));
        Assert.Equal("file.txt", Text("/dir/file.txt", "displayname"));
        Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$", Text("/dir/file.txt", "creationdate")); // RFC 3339
        Assert.Empty(found.Value("/dir/file.txt", D + "resourcetype").Elements());
        Assert.Equal(D + "collection", Assert.Single(found.Value("/dir/", D + "resourcetype").Elements()).Name);
        Assert.Equal(2, found.Value("/dir/", D + "supportedlock").Elements(D + "lockentry").Count());

        string Text(string href, string name) => found.Value(href, D + name).Value;
    }

    [Fact]
    public async Task All_properties_can_include_others()
    {
        await using ServerFixture server = await StartAsync();
        string body =
            "<propfind xmlns='DAV:'><allprop/><include><quota-used-bytes/><getetag/><displayname/><note xmlns='urn:test'/></include></propfind>";

        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/dir", ["Depth: 0"], body)); // RFC 4918 9.1.6

        Assert.Equal([.. OfCollection.Select(name => D + name), D + "quota-used-bytes"], found.Names("/dir/", 200));
        Assert.Contains(Note, found.Names("/dir/", 404));
        Assert.DoesNotContain(D + "displayname", found.Names("/dir/", 404));
    }

    [Fact]
    public async Task Names_are_told_without_values()
    {
        await using ServerFixture server = await StartAsync();
        await server.SetNoteAsync("/dir/file.txt", "mine");

        MultiStatus found = MultiStatus.Of(
            await server.AskAsync("PROPFIND", "/dir", ["Depth: 1"], "<propfind xmlns='DAV:'><propname/></propfind>")); // RFC 4918 9.1.4

        Assert.Equal([.. OfFile.Select(name => D + name), .. OfWindows, Note], found.Names("/dir/file.txt", 200));
        Assert.Equal(
            [.. OfCollection.Select(name => D + name), D + "quota-available-bytes", D + "quota-used-bytes", D + "quota", D + "quotaused", .. OfWindows],
            found.Names("/dir/", 200));
        Assert.All(found.Names("/dir/file.txt", 200), name => Assert.True(found.Value("/dir/file.txt", name) is { IsEmpty: true }));
    }

    [Fact]
    public async Task What_is_missing_is_told_apart()
    {
        await using ServerFixture server = await StartAsync();
        await server.SetNoteAsync("/dir/file.txt", "mine");
        string body =
            "<propfind xmlns='DAV:'><prop><getcontentlength/><none/><note xmlns='urn:test'/><bare xmlns=''/><displayname/><displayname/></prop></propfind>";

        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/dir", ["Depth: 1"], body));

        Assert.Equal([D + "getcontentlength", Note, D + "displayname"], found.Names("/dir/file.txt", 200));
        Assert.Equal([D + "none", "bare"], found.Names("/dir/file.txt", 404));
        Assert.Equal("mine", found.Value("/dir/file.txt", Note).Value);
        Assert.Equal([D + "displayname"], found.Names("/dir/", 200));
        Assert.Equal([D + "getcontentlength", D + "none", Note, "bare"], found.Names("/dir/", 404));
    }

    [Theory] // RFC 8144 2.1
    [InlineData("Prefer: return=minimal", "return=minimal")]
    [InlineData("Prefer: return=representation", null)]
    public async Task A_client_that_prefers_a_minimum_is_not_told_what_is_missing(string prefer, string? applied)
    {
        await using ServerFixture server = await StartAsync();
        string body = "<propfind xmlns='DAV:'><prop><displayname/><none/></prop></propfind>";

        RawResponse response = await server.AskAsync("PROPFIND", "/dir", ["Depth: 0", prefer], body);

        MultiStatus found = MultiStatus.Of(response);
        Assert.Equal([D + "displayname"], found.Names("/dir/", 200));
        Assert.Equal(applied is null ? [D + "none"] : Array.Empty<XName>(), found.Names("/dir/", 404));
        Assert.Equal(applied, response["Preference-Applied"]);
    }

    [Fact]
    public async Task The_quota_is_that_of_the_disk()
    {
        await using ServerFixture server = await StartAsync();
        string body = "<propfind xmlns='DAV:'><prop><quota-available-bytes/><quota-used-bytes/></prop></propfind>"; // RFC 4331 3, 4

        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/dir", ["Depth: 1"], body));

        Assert.Equal([D + "quota-available-bytes", D + "quota-used-bytes"], found.Names("/dir/", 200));
        Assert.True(long.Parse(found.Value("/dir/", D + "quota-available-bytes").Value, CultureInfo.InvariantCulture) > 0);
        Assert.True(long.Parse(found.Value("/dir/", D + "quota-used-bytes").Value, CultureInfo.InvariantCulture) > 0);
        Assert.Empty(found.Names("/dir/file.txt", 200));
    }

    [Theory]
    [InlineData("/dir", "Depth: infinity", 403)]
    [InlineData("/dir", null, 403)]
    [InlineData("/dir", "Depth: 1", 207)]
    [InlineData("/dir/file.txt", "Depth: infinity", 207)] // a file has nothing below it
    [InlineData("/missing", "Depth: infinity", 404)]
    public async Task Infinity_can_be_refused(string target, string? depth, int status)
    {
        await using ServerFixture server = await StartAsync(new() { ["WebDav:DeepPropFind"] = "Refused" });

        RawResponse response = await server.AskAsync("PROPFIND", target, depth is null ? [] : [depth]);

        Assert.Equal(status, response.Status);
        Assert.Equal(status == 403 ? "propfind-finite-depth" : null, status == 403 ? response.Condition() : null); // RFC 4918 9.1
    }

    [Fact]
    public async Task No_name_on_the_disk_breaks_the_document()
    {
        await using ServerFixture server = await StartAsync();
        string[] names = ["a<b>&\"c'", "\u0001\u001f\u007f", "line\nfeed\rtab\t", "]]>", "ä€😀", "\uFFFE\uFFFF", "per%cent", "a+b", "-->"];
        foreach (string name in names)
        {
            server.Tree.AddFile($"odd/{name}", name);
        }

        Shell.Run(server.Tree.At("odd"), "touch \"$(printf 'bad\\377\\355\\240\\200')\"; mkdir \"$(printf '\\300\\257')\"");
        try
        {
            MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/odd", ["Depth: infinity"]));

            Assert.Equal("/odd/", found.Hrefs[0]);
            Assert.Equal(names.Length + 1, found.Hrefs.Count); // what is not UTF-8 has no URL here
            Assert.All(found.Hrefs, href => Assert.Matches("^[A-Za-z0-9/%._~!$()*,=:@-]+$", href)); // RFC 3986 3.3
            foreach (string href in found.Hrefs.Skip(1))
            {
                Assert.Contains((await server.AskAsync("GET", href)).Text, names);
            }

            Assert.Equal("a<b>&\"c'", found.Value("/odd/a%3Cb%3E%26%22c%27", D + "displayname").Value);
            Assert.Equal("\uFFFD\uFFFD\u007f", found.Value("/odd/%01%1F%7F", D + "displayname").Value); // XML 1.0 cannot say it
            Assert.Equal("line\nfeed\rtab\t", found.Value("/odd/line%0Afeed%0Dtab%09", D + "displayname").Value);
        }
        finally
        {
            Shell.Run(server.Tree.At("odd"), "rm -rf bad* \"$(printf '\\300\\257')\""); // .NET cannot spell them
        }
    }

    [Theory]
    [InlineData("Depth: 1")]
    [InlineData("Depth: infinity")]
    public async Task Broken_children_do_not_break_their_parent(string depth)
    {
        await using ServerFixture server = await StartAsync();
        Shell.Run(server.Tree.At("dir"), "ln -s nowhere broken; ln -s self self; ln -s /etc outside; mkfifo pipe; ln -s ../dir back");

        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/dir", [depth]));

        string[] expected = ["/dir/", "/dir/back/", "/dir/file.txt", "/dir/sub/", .. depth.EndsWith('1') ? [] : new[] { "/dir/sub/leaf" }];
        Assert.Equal(expected, found.Hrefs.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/", "Depth: infinity", 207)]
    [InlineData("/dir/closed", "Depth: 0", 207)]
    [InlineData("/dir/closed", "Depth: 1", 403)] // what was asked for itself cannot be told
    [InlineData("/dir/closed", "Depth: infinity", 403)]
    public async Task A_collection_that_cannot_be_listed_is_told_of_without_its_members(string target, string depth, int status)
    {
        TempTree tree = new();
        tree.AddFile("dir/closed/secret");
        tree.AddFile("dir/file");
        await using ServerFixture server = await ServerFixture.StartAsync(
            services: services => StoreWrapper.AddTo(services, store => new UnlistableStore(store, "closed")), tree: tree);

        RawResponse response = await server.AskAsync("PROPFIND", target, [depth]);

        Assert.Equal(status, response.Status);
        if (target == "/")
        {
            Assert.Equal(["/", "/dir/", "/dir/closed/", "/dir/file"], MultiStatus.Of(response).Hrefs.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task The_first_entries_of_a_large_tree_leave_before_the_walk_ends()
    {
        TempTree tree = new();
        for (int i = 0; i < 100; i++)
        {
            tree.AddFile($"dir/sub/a{i}");
        }

        await using ServerFixture server = await ServerFixture.StartAsync(
            services: services => StoreWrapper.AddTo(services, store => new GatedStore(store, members: 50)), tree: tree);
        using HttpRequestMessage request = new(new HttpMethod("PROPFIND"), new Uri("/dir/", UriKind.Relative));

        using HttpResponseMessage response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(207, (int)response.StatusCode);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(), Encoding.UTF8);
        StringBuilder text = new();
        while (!text.ToString().Contains("</D:response>", StringComparison.Ordinal))
        {
            text.Append(await reader.ReadLineAsync()); // ends in the client's timeout if nothing comes before the gate is open
        }

        server.Services.GetRequiredService<GatedStore>().Open();
        text.Append(await reader.ReadToEndAsync());
        Assert.Equal(102, XElement.Parse(text.ToString()).Elements(D + "response").Count());
    }

    [Theory]
    [InlineData("Streamed")]
    [InlineData("Held")]
    public async Task A_large_tree_is_answered_whole(string answer)
    {
        await using ServerFixture server = await StartAsync(new() { ["WebDav:PropFindAnswer"] = answer });
        string[] hrefs = [.. Enumerable.Range(0, 40).SelectMany(i => Enumerable.Range(0, 25).Select(j => $"/large/{i}/{j}"))];
        foreach (string href in hrefs)
        {
            server.Tree.AddFile(href[1..]);
        }

        RawResponse response = await server.AskAsync("PROPFIND", "/large", ["Depth: infinity"]);

        MultiStatus found = MultiStatus.Of(response);
        Assert.Equal(hrefs.Order(StringComparer.Ordinal), found.Hrefs.Where(href => !href.EndsWith('/')).Order(StringComparer.Ordinal));
        Assert.Equal(1041, found.Hrefs.Count);
        Assert.Empty(Directory.GetFileSystemEntries(server.Tree.At(".webdav/staging")));
    }

    [Theory]
    [InlineData("/missing", 404)]
    [InlineData("/dir/file.txt/member", 404)]
    public async Task What_is_not_there_is_not_found(string target, int status)
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(status, await server.StatusAsync("PROPFIND", target, ["Depth: 0"]));
    }

    [Fact]
    public async Task The_root_is_a_collection_like_others()
    {
        await using ServerFixture server = await StartAsync();

        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", "/", ["Depth: 1"]));

        Assert.Equal(["/", "/dir/"], found.Hrefs);
        Assert.Equal("/", found.Value("/", D + "displayname").Value);
    }

    private static async Task<ServerFixture> StartAsync(Dictionary<string, string?>? settings = null)
    {
        TempTree tree = new();
        tree.AddFile("dir/file.txt", "content");
        tree.AddFile("dir/sub/leaf", "leaf");
        return await ServerFixture.StartAsync(settings, tree: tree);
    }
}
