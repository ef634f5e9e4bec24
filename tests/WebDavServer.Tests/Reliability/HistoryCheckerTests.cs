namespace WebDavServer.Tests.Reliability;

/// <summary>The rules of the history checker, one small history each.</summary>
public sealed class HistoryCheckerTests
{
    private const string A = "c1n1-50";
    private const string B = "c2n1-50";
    private const string P = "/plain/p";

    [Fact]
    public void What_can_have_been_is_no_violation() => Assert.Empty(HistoryChecker.Check(
    [
        Get(1, 2, null), Put(3, 8, A), Get(4, 5, null), Get(6, 7, A), Put(9, 12, B), Get(10, 11, A), Get(13, 14, B),
        At(15, 18, "DELETE", 204), Get(16, 17, B), Get(19, 20, null), At(21, 22, "LOCK", 201, "t"), Get(23, 24, ""),
        Put(25, 28, A + "0") with { Client = 2 }, At(26, 27, "UNLOCK", 204, "t"), Put(30, 31, B + "0") with { Status = 412 },
    ]));

    [Theory]
    [InlineData("a content of which a part is missing", "never written whole")]
    [InlineData("a content that was refused", "never written whole")]
    [InlineData("a content that was written later", "never written whole")]
    [InlineData("a content that was replaced before", "not there any more")]
    [InlineData("nothing where something was put before", "not there any more")]
    [InlineData("one entity tag for two contents", "stands for")]
    [InlineData("two updates of one entity tag", "an update is lost")]
    [InlineData("another's write under a lock", "a lock was passed")]
    [InlineData("another's removal of what holds the lock", "a lock was passed")]
    [InlineData("two locks at once", "a lock was passed")]
    [InlineData("another content than the holder's", "a lock's holder")]
    [InlineData("a server error", "no right answer")]
    public void What_cannot_have_been_is_found(string what, string said) =>
        Assert.Contains(HistoryChecker.Check(Histories[what]), violation => violation.Contains(said, StringComparison.Ordinal));

    private static Dictionary<string, HistoryEvent[]> Histories => new()
    {
        ["a content of which a part is missing"] = [Put(1, 2, A), Get(3, 4, A) with { Read = HistoryContent.Of(A)[..20] }],
        ["a content that was refused"] = [Put(1, 2, A) with { Status = 423 }, Get(3, 4, A)],
        ["a content that was written later"] = [Get(1, 2, A), Put(3, 4, A)],
        ["a content that was replaced before"] = [Put(1, 2, A), Put(3, 4, B), Get(5, 6, A)],
        ["nothing where something was put before"] = [Put(1, 2, A), Get(3, 4, null)],
        ["one entity tag for two contents"] = [Put(1, 2, A) with { ETag = "\"1\"" }, Put(3, 4, B) with { ETag = "\"1\"" }],
        ["two updates of one entity tag"] = [Put(1, 2, A) with { IfMatch = "\"1\"" }, Put(3, 4, B) with { IfMatch = "\"1\"" }],
        ["another's write under a lock"] = [At(1, 2, "LOCK", 200, "t"), Put(3, 4, A), At(5, 6, "UNLOCK", 204, "t")],
        ["another's removal of what holds the lock"] = [At(1, 2, "LOCK", 200, "t"), At(3, 4, "DELETE", 204) with { Path = "/plain" }],
        ["two locks at once"] = [At(1, 2, "LOCK", 200, "t"), At(3, 4, "LOCK", 200, "other")],
        ["another content than the holder's"] = [Put(0, 2, B), At(3, 4, "LOCK", 200, "t"), Put(5, 6, A) with { Token = "t" }, Get(7, 8, B) with { Token = "t" }],
        ["a server error"] = [Get(1, 2, null) with { Status = 500 }],
    };

    private static HistoryEvent At(long begin, long end, string method, int status, string? token = null) =>
        new(1, begin, end, method, P, status) { Token = token };

    private static HistoryEvent Put(long begin, long end, string name) => new(1, begin, end, "PUT", P, 204) { Wrote = name };

    private static HistoryEvent Get(long begin, long end, string? name) =>
        new(3, begin, end, "GET", P, name is null ? 404 : 200) { Read = name is null ? null : HistoryContent.Of(name) };
}
