using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDavServer.Tests.Protocol.Xml;

public sealed class LockInfoBodyTests
{
    private const string Write = "<D:locktype><D:write/></D:locktype>";
    private const string Exclusive = "<D:lockscope><D:exclusive/></D:lockscope>";

    [Theory]
    [InlineData(Exclusive + Write, LockScope.Exclusive, null)]
    [InlineData(Write + "<D:lockscope><D:shared/></D:lockscope>", LockScope.Shared, null)]
    [InlineData(Exclusive + Write + "<D:owner/>", LockScope.Exclusive, "<D:owner xmlns:D=\"DAV:\" />")]
    [InlineData( // RFC 4918 9.10.7
        Exclusive + Write + "<D:owner><D:href>http://example.org/~ejw/contact.html</D:href></D:owner>",
        LockScope.Exclusive,
        "<D:owner xmlns:D=\"DAV:\"><D:href>http://example.org/~ejw/contact.html</D:href></D:owner>")]
    [InlineData(Exclusive + Write + "<D:owner> me &amp; you </D:owner>", LockScope.Exclusive, "<D:owner xmlns:D=\"DAV:\"> me &amp; you </D:owner>")]
    [InlineData( // RFC 4918 17
        "<x/>" + Exclusive + "<D:new/><D:locktype><D:write/><x/></D:locktype>", LockScope.Exclusive, null)]
    public void A_lock_has_a_scope_and_perhaps_an_owner(string inner, LockScope scope, string? owner) =>
        Assert.Equal(new LockInfo(scope, owner), LockInfoBody.Parse(Body.Of($"<D:lockinfo xmlns:D=\"DAV:\">{inner}</D:lockinfo>")));

    [Theory]
    [InlineData("")]
    [InlineData(Exclusive)]
    [InlineData(Write)]
    [InlineData("<D:lockscope/>" + Write)]
    [InlineData("<D:lockscope><D:both/></D:lockscope>" + Write)]
    [InlineData("<D:lockscope><D:exclusive/><D:shared/></D:lockscope>" + Write)]
    [InlineData("<D:lockscope>exclusive</D:lockscope>" + Write)]
    [InlineData(Exclusive + "<D:locktype/>")]
    [InlineData(Exclusive + "<D:locktype><D:read/></D:locktype>")]
    [InlineData(Exclusive + Exclusive + Write)]
    [InlineData(Exclusive + Write + "<D:owner/><D:owner/>")]
    [InlineData("<lockscope><exclusive/></lockscope>" + Write)]
    public void A_lock_that_is_not_clear_is_refused(string inner) =>
        Refused.With(400, () => LockInfoBody.Parse(Body.Of($"<D:lockinfo xmlns:D=\"DAV:\">{inner}</D:lockinfo>")));

    [Fact]
    public void Another_root_is_refused() =>
        Refused.With(400, () => LockInfoBody.Parse(Body.Of($"<D:activelock xmlns:D=\"DAV:\">{Exclusive}{Write}</D:activelock>")));
}
