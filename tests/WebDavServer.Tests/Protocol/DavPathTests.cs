using WebDav.Protocol;

namespace WebDavServer.Tests.Protocol;

public sealed class DavPathTests
{
    [Theory]
    [InlineData("/", "", true)]
    [InlineData("/a", "/a", false)]
    [InlineData("/a/", "/a", true)]
    [InlineData("/a/b", "/a/b", false)]
    [InlineData("/a//b", "/a/b", false)]
    [InlineData("//a", "/a", false)]
    [InlineData("///", "", true)]
    [InlineData("/a%20b", "/a b", false)]
    [InlineData("/a b", "/a b", false)] // sent without its encoding, as a Destination may be
    [InlineData("/a+b", "/a+b", false)] // plus is plus: only forms make a space of it
    [InlineData("/%61%62", "/ab", false)]
    [InlineData("/%C3%A4", "/ä", false)]
    [InlineData("/%c3%a4", "/ä", false)]
    [InlineData("/ä", "/ä", false)]
    [InlineData("/%E2%82%AC.txt", "/€.txt", false)]
    [InlineData("/%F0%9F%98%80", "/😀", false)]
    [InlineData("/😀", "/😀", false)]
    [InlineData("/a%CC%88", "/a\u0308", false)] // not composed into ä: two names on Linux
    [InlineData("/%5C", "/\\", false)] // a name like any other on Linux
    [InlineData("/a%3Fb%23c", "/a?b#c", false)]
    [InlineData("/%25", "/%", false)]
    [InlineData("/%2525", "/%25", false)] // decoded once
    [InlineData("/%252F", "/%2F", false)]
    [InlineData("/...", "/...", false)]
    [InlineData("/.a", "/.a", false)]
    [InlineData("/a.", "/a.", false)]
    [InlineData("/%01%7F", "/\u0001\u007f", false)]
    [InlineData("/a;v=1", "/a;v=1", false)]
    public void A_path_is_decoded_once_and_holds_no_empty_names(string encoded, string value, bool slash)
    {
        Assert.True(DavPath.TryParse(encoded, out var path, out var trailingSlash, out var error), error);
        Assert.Equal(value, path.Value);
        Assert.Equal(slash, trailingSlash);
    }

    // RFC 3986 5.2.4; the examples of 5.4 that are paths.
    [Theory]
    [InlineData("/.", "", true)]
    [InlineData("/..", "", true)]
    [InlineData("/../../..", "", true)]
    [InlineData("/a/.", "/a", true)]
    [InlineData("/a/./b", "/a/b", false)]
    [InlineData("/a/..", "", true)]
    [InlineData("/a/../b", "/b", false)]
    [InlineData("/a/b/../../c", "/c", false)]
    [InlineData("/a/../../b", "/b", false)]
    [InlineData("/a/b/c/./../../g", "/a/g", false)]
    [InlineData("/%2e", "", true)]
    [InlineData("/%2E%2e", "", true)]
    [InlineData("/a/%2e%2e/b", "/b", false)]
    [InlineData("/a/.%2e/b", "/b", false)]
    [InlineData("/a/%2e./%2e%2e/etc/passwd", "/etc/passwd", false)]
    [InlineData("/a//../b", "/b", false)] // the empty name is gone before the dots are looked at
    public void Dot_segments_are_resolved_and_never_lead_out(string encoded, string value, bool slash)
    {
        Assert.True(DavPath.TryParse(encoded, out var path, out var trailingSlash, out var error), error);
        Assert.Equal(value, path.Value);
        Assert.Equal(slash, trailingSlash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("*")] // OPTIONS *
    [InlineData("http://h/a")]
    [InlineData("/a%2Fb")]
    [InlineData("/a%2fb")]
    [InlineData("/%2e%2e%2fetc")]
    [InlineData("/a%00")]
    [InlineData("/%00")]
    [InlineData("/a\0b")]
    [InlineData("/%")]
    [InlineData("/%4")]
    [InlineData("/%zz")]
    [InlineData("/%4g")]
    [InlineData("/%%41")]
    [InlineData("/a%/b1")]
    [InlineData("/%FF")]
    [InlineData("/%80")] // a continuation byte alone
    [InlineData("/%C3")] // cut off
    [InlineData("/%C3/%A4")]
    [InlineData("/%E2%82")]
    [InlineData("/%C0%AF")] // overlong slash, RFC 3629 10
    [InlineData("/%E0%80%AF")]
    [InlineData("/%F0%80%80%AF")]
    [InlineData("/%C0%80")] // overlong NUL
    [InlineData("/%C0%AE%C0%AE/a")] // overlong dots
    [InlineData("/%ED%A0%80")] // a surrogate
    [InlineData("/%F4%90%80%80")] // above U+10FFFF
    [InlineData("/%F8%88%80%80%80")]
    public void What_could_mean_two_things_is_refused(string encoded)
    {
        Assert.False(DavPath.TryParse(encoded, out _, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact] // not in the table above, as an attribute cannot hold half a character
    public void Half_a_character_is_refused()
    {
        Assert.False(DavPath.TryParse("/\ud800", out _, out _, out _));
        Assert.False(DavPath.TryParse("/a\udc00b", out _, out _, out _));
        Assert.False(DavPath.TryParse("/\ud800%20", out _, out _, out _));
    }

    [Theory]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/a/b/c", "/a", true)]
    [InlineData("/a", "/a", false)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/ab/c", "/a", false)]
    [InlineData("/a", "/a/b", false)]
    [InlineData("/a", "/", true)]
    [InlineData("/", "/", false)]
    [InlineData("/", "/a", false)]
    [InlineData("/A/b", "/a", false)]
    public void Below_goes_by_names_and_not_by_letters(string path, string ancestor, bool below)
    {
        Assert.Equal(below, Path(path).IsBelow(Path(ancestor)));
        Assert.Equal(below || path == ancestor, Path(path).IsAtOrBelow(Path(ancestor)));
    }

    [Theory]
    [InlineData("/a", "/a", "/b", "/b")]
    [InlineData("/a/x/y", "/a", "/b/c", "/b/c/x/y")]
    [InlineData("/a/x", "/", "/b", "/b/a/x")]
    [InlineData("/a/x", "/a", "/", "/x")]
    [InlineData("/a", "/a", "/", "/")]
    [InlineData("/", "/", "/b", "/b")]
    public void A_path_moves_with_its_tree(string path, string from, string to, string expected) =>
        Assert.Equal(Path(expected), Path(path).Relocate(Path(from), Path(to)));

    [Fact]
    public void A_path_outside_of_a_tree_does_not_move_with_it() =>
        Assert.Throws<ArgumentException>(() => Path("/ab").Relocate(Path("/a"), Path("/b")));

    [Theory]
    [InlineData("a b", "/a%20b")]
    [InlineData("a+b", "/a%2Bb")]
    [InlineData("a&b", "/a%26b")]
    [InlineData("50%", "/50%25")]
    [InlineData("a?b#c", "/a%3Fb%23c")]
    [InlineData("a;b", "/a%3Bb")]
    [InlineData("a'\"<>", "/a%27%22%3C%3E")]
    [InlineData("ä€😀", "/%C3%A4%E2%82%AC%F0%9F%98%80")]
    [InlineData("-._~!()*,=:@$", "/-._~!()*,=:@$")]
    [InlineData("\\", "/%5C")]
    [InlineData("\u0001\n", "/%01%0A")]
    public void An_href_is_encoded_so_that_every_client_reads_it_alike(string name, string href)
    {
        Assert.Equal(href, DavPath.Of(name).ToHref());
        Assert.Equal("/dav" + href + "/", DavPath.Of(name).ToHref("/dav", collection: true));
    }

    [Fact]
    public void The_root_has_an_href_with_a_slash()
    {
        Assert.Equal("/", DavPath.Root.ToHref());
        Assert.Equal("/dav/", DavPath.Root.ToHref("/dav"));
    }

    [Fact]
    public void An_href_read_back_is_the_same_path()
    {
        var random = new Random(4918);
        for (var i = 0; i < 2_000; i++)
        {
            var path = DavPath.Root;
            for (var level = random.Next(1, 5); level > 0; level--)
            {
                var name = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => RandomText.Rune(random, 1)));
                if (name is not ("." or "..") && !name.Contains('/'))
                {
                    path = path.Child(name);
                }
            }

            Assert.True(DavPath.TryParse(path.ToHref(), out var back, out _, out var error), error);
            Assert.Equal(path, back);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0")]
    public void What_is_no_name_is_no_child(string name) => Assert.Throws<ArgumentException>(() => DavPath.Root.Child(name));

    [Fact]
    public void A_path_knows_its_parts()
    {
        var path = DavPath.Of("a", "b c", "d");
        Assert.Equal("/a/b c/d", path.Value);
        Assert.Equal("d", path.Name);
        Assert.Equal("a", path.FirstName.ToString());
        Assert.Equal(DavPath.Of("a", "b c"), path.Parent);
        Assert.Equal(["a", "b c", "d"], path.Names);
        Assert.Equal(3, path.Level);
        Assert.Equal(path, DavPath.FromValue(path.Value));
        Assert.Equal(path.GetHashCode(), DavPath.Of("a", "b c", "d").GetHashCode());
    }

    [Fact]
    public void The_root_is_its_own_parent_and_has_no_name()
    {
        Assert.True(DavPath.Root.IsRoot);
        Assert.Equal(default, DavPath.Root);
        Assert.Equal(DavPath.Root, DavPath.Root.Parent);
        Assert.Equal(DavPath.Root, DavPath.Of("a").Parent);
        Assert.Equal("", DavPath.Root.Name);
        Assert.Equal(0, DavPath.Root.FirstName.Length);
        Assert.Empty(DavPath.Root.Names);
        Assert.Equal(0, DavPath.Root.Level);
        Assert.Equal("/", DavPath.Root.ToString());
    }

    [Theory]
    [InlineData("/a%0A2026-01-01%20WRN%20b", "/a%0A2026-01-01%20WRN%20b")]
    [InlineData("/a%1B%5B2J", "/a%1B%5B2J")]
    [InlineData("/%E2%80%AEgpj/c/", "/%E2%80%AEgpj/c")]
    public void What_is_written_of_a_path_in_a_log_cannot_end_the_line_or_disguise_it(string sent, string written) =>
        Assert.Equal(written, Path(sent).ToString());

    [Fact]
    public void Paths_are_told_apart_and_ordered_by_ordinal_comparison()
    {
        Assert.True(Path("/a") != Path("/A"));
        Assert.True(Path("/a") == Path("/%61/"));
        Assert.True(Path("/a") < Path("/a/b"));
        Assert.True(Path("/a") <= Path("/a/"));
        Assert.True(Path("/b") > Path("/a/b"));
        Assert.True(Path("/b") >= Path("/b"));
    }

    private static DavPath Path(string encoded) =>
        DavPath.TryParse(encoded, out var path, out _, out var error) ? path : throw new ArgumentException(error, nameof(encoded));
}
