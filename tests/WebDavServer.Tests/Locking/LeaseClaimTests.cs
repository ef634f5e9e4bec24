using WebDav.Locking;
using WebDav.Protocol;
using static WebDav.Locking.LeaseKind;

namespace WebDavServer.Tests.Locking;

public sealed class LeaseClaimTests
{
    // Whether a claim on /a/b conflicts with one of another kind on the same resource, on /a, on /a/b/c, and on what lies apart.
    [Theory]
    [InlineData(nameof(Resource), nameof(Resource), true, false, false)]
    [InlineData(nameof(Resource), nameof(Members), true, false, false)] // what is written must not gain or lose members: a LOCK of depth 0, a MKCOL
    [InlineData(nameof(Resource), nameof(Tree), true, true, false)]
    [InlineData(nameof(Resource), nameof(Source), false, false, false)] // single files may be written while they are copied
    [InlineData(nameof(Members), nameof(Resource), true, false, false)]
    [InlineData(nameof(Members), nameof(Members), false, false, false)] // many may upload into one collection
    [InlineData(nameof(Members), nameof(Tree), true, true, false)]
    [InlineData(nameof(Members), nameof(Source), false, false, false)]
    [InlineData(nameof(Tree), nameof(Resource), true, false, true)]
    [InlineData(nameof(Tree), nameof(Members), true, false, true)]
    [InlineData(nameof(Tree), nameof(Tree), true, true, true)]
    [InlineData(nameof(Tree), nameof(Source), true, true, true)] // a source must stay where it is, also if a collection above it would go
    [InlineData(nameof(Source), nameof(Resource), false, false, false)]
    [InlineData(nameof(Source), nameof(Members), false, false, false)]
    [InlineData(nameof(Source), nameof(Tree), true, true, true)]
    [InlineData(nameof(Source), nameof(Source), false, false, false)]
    public void Claims_conflict_as_the_table_says(string ours, string theirs, bool same, bool above, bool below)
    {
        var claim = Claim("/a/b", ours);

        Both(same, claim, Claim("/a/b", theirs));
        Both(above, claim, Claim("/a", theirs));
        Both(above, claim, Claim("", theirs));
        Both(below, claim, Claim("/a/b/c", theirs));
        Both(below, claim, Claim("/a/b/c/d", theirs));
        Both(false, claim, Claim("/a/c", theirs));
        Both(false, claim, Claim("/a/bc", theirs));
        Both(false, claim, Claim("/a/b0", theirs));
    }

    private static LeaseClaim Claim(string path, string kind) => new(DavPath.FromValue(path), Enum.Parse<LeaseKind>(kind));

    private static void Both(bool expected, LeaseClaim one, LeaseClaim other)
    {
        Assert.True(expected == one.ConflictsWith(other), $"{one} with {other}");
        Assert.True(expected == other.ConflictsWith(one), $"{other} with {one}");
    }
}
