using WebDav.Access;
using WebDav.Protocol;

namespace WebDavServer.Tests.Access;

public sealed class UserAccessTests
{
    private static readonly UserAccess Mixed = Of(
        AccessLevel.ReadWrite, ("/a", AccessLevel.ReadOnly), ("/a/b", AccessLevel.None), ("/a/b/c", AccessLevel.ReadWrite), ("/ab", AccessLevel.None));

    [Theory]
    [InlineData("", AccessLevel.ReadWrite)]
    [InlineData("/a", AccessLevel.ReadOnly)]
    [InlineData("/a/x", AccessLevel.ReadOnly)]
    [InlineData("/a/b", AccessLevel.None)]
    [InlineData("/a/b/x/y", AccessLevel.None)]
    [InlineData("/a/b/c", AccessLevel.ReadWrite)]
    [InlineData("/a/b/c/d", AccessLevel.ReadWrite)]
    [InlineData("/a/bc", AccessLevel.ReadOnly)]
    [InlineData("/ab", AccessLevel.None)]
    [InlineData("/abc", AccessLevel.ReadWrite)]
    [InlineData("/A", AccessLevel.ReadWrite)] // names are compared as the disk does
    public void The_longest_path_wins(string path, AccessLevel level) => Assert.Equal(level, Mixed.At(DavPath.FromValue(path)));

    [Theory]
    [InlineData("", AccessLevel.ReadWrite, "/a /ab")]
    [InlineData("", AccessLevel.ReadOnly, "/a/b /ab")]
    [InlineData("/a", AccessLevel.ReadWrite, "/a/b")]
    [InlineData("/a/b", AccessLevel.ReadWrite, "")]
    [InlineData("/x", AccessLevel.ReadWrite, "")]
    public void The_nearest_paths_below_with_less_are_known(string tree, AccessLevel needed, string paths) =>
        Assert.Equal(paths, string.Join(' ', Mixed.LessBelow(DavPath.FromValue(tree), needed)));

    [Fact]
    public void Access_can_be_cut_down_everywhere_at_once()
    {
        UserAccess cut = Mixed.AtMost(AccessLevel.ReadOnly);

        Assert.False(cut.MayWriteSomewhere);
        Assert.Equal(AccessLevel.ReadOnly, cut.At(DavPath.FromValue("/a/b/c")));
        Assert.Equal(AccessLevel.None, cut.At(DavPath.FromValue("/a/b")));
        Assert.True(Mixed.AtMost(AccessLevel.None).IsNone);
    }

    private static UserAccess Of(AccessLevel level, params (string Path, AccessLevel Level)[] rules) =>
        new(DavPath.Root, level, rules.Select(rule => KeyValuePair.Create(DavPath.FromValue(rule.Path), rule.Level)));
}
