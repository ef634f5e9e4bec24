using System.Text.RegularExpressions;
using WebDavServer.Tests.Handlers;
using WebDav.Browser;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Browser;

/// <summary>The page of a collection as the server writes it.</summary>
public sealed partial class PageTests
{
    private static readonly string[] s_html = ["Accept: text/html"];

    [Fact]
    public async Task Nothing_in_it_comes_from_elsewhere_and_nothing_is_inline()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/file", "x");

        RawResponse page = await server.AskAsync("GET", "/dir/", s_html);

        Assert.Equal("nosniff", page["X-Content-Type-Options"]);
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; frame-src 'self'; connect-src 'self'; "
            + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
            page["Content-Security-Policy"]);
        Assert.DoesNotMatch("(?i)<style|style=|<script[^>]*>[^<]| on[a-z]+=|http:|https:|//", page.Text);
        string[] parts = [.. Part().Matches(page.Text).Select(match => match.Value)];
        Assert.Equal(
            BrowserAsset.All.Keys.Where(name => Path.GetExtension(name) != ".reg").Select(name => $"/.webdav/ui/{name}").Order(StringComparer.Ordinal),
            parts.Order(StringComparer.Ordinal));
        Assert.All(await Task.WhenAll(parts.Select(part => server.StatusAsync("GET", part))), status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task A_row_says_what_a_member_is_how_large_and_how_old()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        string file = server.Tree.AddFile("dir/a letter.txt", new string('x', 12_345));
        server.Tree.AddDirectory("dir/sub.old");
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc));
        Directory.SetLastWriteTimeUtc(server.Tree.At("dir/sub.old"), new DateTime(2025, 12, 31, 23, 59, 59, DateTimeKind.Utc));

        string[] rows = [.. (await server.AskAsync("GET", "/dir/", s_html)).Text.Split('\n').Where(line => line.StartsWith("<tr><td>", StringComparison.Ordinal))];

        Assert.Equal(
            [
                """<tr><td><a href="/dir/a%20letter.txt">a letter.txt</a><td>TXT<td><data value="12345">12.3 kB</data><td><time datetime="2026-03-04T05:06:07Z">2026-03-04 05:06</time>""",
                """<tr><td><a href="/dir/sub.old/">sub.old</a><td>Folder<td><td><time datetime="2025-12-31T23:59:59Z">2025-12-31 23:59</time>""",
            ],
            rows.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 kB")]
    [InlineData(1049, "1 kB")]
    [InlineData(99_940, "99.9 kB")]
    [InlineData(99_960, "100 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1 MB")]
    public async Task Sizes_are_told_in_decimal_units(int length, string size)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", new string('x', length));

        Assert.Contains($">{size}</data>", (await server.AskAsync("GET", "/", s_html)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_links_above_are_those_of_the_users_own_root()
    {
        Dictionary<string, string?> settings = TestUsers.Settings("anna Root=/homes/anna");
        settings["WebDav:PathBase"] = "/dav";
        TempTree tree = new();
        tree.AddFile("homes/anna/a/b/file", "x");
        await using ServerFixture server = await ServerFixture.StartAsync(settings, tree: tree);

        string page = (await server.AskAsync("GET", "/dav/a/b/", [TestUsers.Basic("anna")])).Text;

        Assert.Contains("""<ol><li><a href="/dav/">Files</a></li><li><a href="/dav/a/">a</a></li><li><h1>b</h1></li></ol>""", page, StringComparison.Ordinal);
        Assert.Contains("""data-here="/dav/a/b/" data-operations="/dav/.webdav/operations" data-user="anna">""", page, StringComparison.Ordinal);
        Assert.Contains("""href="/dav/a/b/?zip">""", page, StringComparison.Ordinal);
        Assert.DoesNotContain("homes", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WebDav:ReadOnly", "true", "anna", "This server is read-only.")]
    [InlineData("Auth:Users:0:Access", "ReadOnly", "anna", "You may not change anything in this folder.")]
    [InlineData("Auth:Anonymous", "ReadOnly", null, null)] // who is nobody yet may log in
    [InlineData("Auth:Anonymous", "ReadWrite", null, null)]
    public async Task It_says_why_nothing_can_be_changed(string key, string value, string? user, string? refusal)
    {
        Dictionary<string, string?> settings = TestUsers.Settings("anna");
        settings[key] = value;
        await using ServerFixture server = await ServerFixture.StartAsync(settings);

        RawResponse page = await server.AskAsync("GET", "/", user is null ? [] : [TestUsers.Basic(user)]);

        Assert.Equal(200, page.Status);
        Assert.Equal(refusal, Refusal().Match(page.Text) is { Success: true } match ? match.Value : null);
    }

    [Fact]
    public async Task It_says_who_has_a_lock_and_since_when()
    {
        ManualTime time = new();
        await using LockClient client = await LockClient.StartAsync(time);
        client.Tree.AddFile("dir/file", "x");
        client.Tree.AddFile("dir/other", "x");
        string since = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        Assert.Equal(200, await LockAsync(client, "/dir/file", "<owner><href>Anna's &amp; Ben's office</href></owner>"));
        time.Advance(TimeSpan.FromMinutes(5));

        string page = (await client.Server.AskAsync("GET", "/dir/", s_html)).Text;

        string row = page.Split('\n').Single(line => line.Contains("/dir/file\"", StringComparison.Ordinal));
        Assert.Matches(
            "</a><small class=\"lock\" data-token=\"urn:uuid:[^\"]*\" data-root=\"/dir/file\" data-by=\"Anna's &amp; Ben's office\" data-own>"
            + $"locked by Anna's &amp; Ben's office since <time datetime=\"{since}\">",
            row);
        Assert.DoesNotContain("class=\"lock\"", page.Split('\n').Single(line => line.Contains("/dir/other\"", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_on_the_folder_is_said_once_and_not_in_every_row()
    {
        await using LockClient client = await LockClient.StartAsync();
        client.Tree.AddFile("dir/file", "x");
        Assert.Equal(200, await LockAsync(client, "/dir", ""));

        string page = (await client.Server.AskAsync("GET", "/dir/", s_html)).Text;

        Assert.Single(LockMark().Matches(page));
        Assert.Contains("<p class=\"locked\"><small class=\"lock\"", page, StringComparison.Ordinal);
        Assert.Contains("data-by=\"someone\"", page, StringComparison.Ordinal);
    }

    private static Task<int> LockAsync(LockClient client, string target, string owner) => client.Server.StatusAsync(
        "LOCK",
        target,
        body: $"<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype>{owner}</lockinfo>");

    [GeneratedRegex("(?<=(?:link rel=\"[a-z]*\" href|src)=\")[^\"]*", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    [GeneratedRegex("(?<=data-refusal=\")[^\"]*", RegexOptions.CultureInvariant)]
    private static partial Regex Refusal();

    [GeneratedRegex("class=\"lock\"", RegexOptions.CultureInvariant)]
    private static partial Regex LockMark();
}
