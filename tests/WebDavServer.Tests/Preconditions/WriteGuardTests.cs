using WebDav.Locking;
using WebDav.Preconditions;
using WebDav.Protocol;

namespace WebDavServer.Tests.Preconditions;

public sealed class WriteGuardTests
{
    private const string True = "(Not <DAV:no-lock>)";
    private const string Shared = "A on /resource1 shared by anna, B on /resource1 shared by berta";
    private const string Both = "A on /flat depth 0, B on /flat/member";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Where it says so, the locks, what the request writes, who makes it, its If, the status (200: it may go on), and what is in the way.
    public static TheoryData<string, string, string, string?, string?, int, string> Rules => new()
    {
        { "nothing is locked", "", "Resource /resource1", null, null, 200, "" },
        { "7: clients MUST submit a lock token", "A on /resource1", "Resource /resource1", null, null, 423, "/resource1" },
        { "7: clients MUST submit a lock token", "A on /resource1", "Resource /resource1", null, True, 423, "/resource1" },
        { "7: clients MUST submit a lock token", "A on /resource1", "Resource /resource1", null, "(<A>)", 200, "" },
        { "7: of that lock", "A on /resource1, B on /other", "Resource /resource1", null, "</other> (<B>)", 423, "/resource1" },
        { "6.6: a lock that timed out is no more", "A on /resource1 ended", "Resource /resource1", null, null, 200, "" },
        { "10.4.1: the two purposes are distinct: no list holds", "A on /resource1", "Resource /resource1", null, "(<A> [\"x\"])", 412, "" },
        { "10.4.1: the two purposes are distinct: no list holds", "A on /resource1", "Resource /resource1", null, "(<B>)", 412, "" },
        { "10.4.1: submitted though its condition is false", "A on /resource1", "Resource /resource1", null, "(<A> [\"x\"]) " + True, 200, "" },
        { "10.4.1: submitted though not evaluated", "A on /resource1", "Resource /resource1", null, True + " (<A>)", 200, "" },
        { "10.4.1: submitted under Not", "A on /resource1", "Resource /resource1", null, "(Not <A>) " + True, 200, "" },
        { "10.4.1: submitted with another tag", "A on /resource1", "Resource /resource1", null, "</other> (<A>) " + True, 200, "" },
        { "6.5: tokens may be submitted across servers", "A on /resource1", "Resource /resource1", null, "<http://x/> (<A>) </resource1> " + True, 200, "" },
        { "6.4: the principal matches the lock's creator", "A on /resource1 by anna", "Resource /resource1", "anna", "(<A>)", 200, "" },
        { "6.4: another user's token is not a key", "A on /resource1 by anna", "Resource /resource1", "berta", "(<A>)", 423, "/resource1" },
        { "6.4: another user's token is not a key", "A on /resource1 by anna", "Resource /resource1", "Anna", "(<A>)", 423, "/resource1" },
        { "6.4: nor for somebody without a name", "A on /resource1 by anna", "Resource /resource1", null, "(<A>)", 423, "/resource1" },
        { "6.4: nor is the token of somebody without a name", "A on /resource1", "Resource /resource1", "anna", "(<A>)", 423, "/resource1" },
        { "6.2: any principal with a shared lock", Shared, "Resource /resource1", "anna", "(<A>)", 200, "" },
        { "6.2: any principal with a shared lock", Shared, "Resource /resource1", "berta", "(<B>)", 200, "" },
        { "6.2: any principal with a shared lock", Shared, "Resource /resource1", "berta", "(<A> <B>)", 200, "" },
        { "6.2: its own", Shared, "Resource /resource1", "anna", "(<B>)", 423, "/resource1" },
        { "6.2: its own", Shared, "Resource /resource1", "carla", "(<A> <B>)", 423, "/resource1" },
        { "6.2: its own", Shared, "Resource /resource1", "anna", null, 423, "/resource1" },
        { "6.2: also one above", "A on /locked shared by anna, B on /locked/member shared by berta", "Resource /locked/member", "anna", "(<A>)", 200, "" },
        { "6.2: each is named once", "A on /locked shared, B on /locked/member shared", "Resource /locked/member", null, null, 423, "/locked/member /locked" },
        { "7.4: a deep lock protects every member", "A on /locked", "Resource /locked/member", null, null, 423, "/locked" },
        { "7.4: a deep lock protects every member", "A on /locked", "Resource /locked/sub/deep", null, null, 423, "/locked" },
        { "7.4: a deep lock protects every member", "A on /locked", "Resource /locked/sub/deep", null, "(<A>)", 200, "" },
        { "7.4: a deep lock protects every member", "A on /", "Resource /locked/sub/deep", null, null, 423, "/" },
        { "7.4: a deep lock protects what will be made", "A on /locked", "Resource /locked/new, Entering /locked/new", null, null, 423, "/locked" },
        { "7.4: a deep lock protects what will be made", "A on /locked", "Resource /locked/new, Entering /locked/new", null, "(<A>)", 200, "" },
        { "7.4: depth 0 protects the collection itself", "A on /flat depth 0", "Resource /flat", null, null, 423, "/flat" },
        { "7.4: depth 0 does not protect the members' content", "A on /flat depth 0", "Resource /flat/member", null, null, 200, "" },
        { "7.4: PUT, MKCOL: a new member", "A on /flat depth 0", "Resource /flat/new, Entering /flat/new", null, null, 423, "/flat" },
        { "7.4: PUT, MKCOL: a new member", "A on /flat depth 0", "Resource /flat/new, Entering /flat/new", null, "</flat/> (<A>)", 200, "" },
        { "7.4: PUT of a member that is there", "A on /flat depth 0", "Resource /flat/member, Entering /flat/member", null, null, 200, "" },
        { "7.4: DELETE a direct member", "A on /flat depth 0", "Tree /flat/member, Leaving /flat/member", null, null, 423, "/flat" },
        { "7.4: DELETE a direct member", "A on /flat depth 0", "Tree /flat/member, Leaving /flat/member", null, "</flat> (<A>)", 200, "" },
        { "7.4: not a member of a member", "A on /locked depth 0", "Tree /locked/sub/deep, Leaving /locked/sub/deep", null, null, 200, "" },
        { "7.4: of the root", "A on / depth 0", "Tree /tree, Leaving /tree", null, null, 423, "/" },
        { "7.4: in addition to the member's own token", Both, "Tree /flat/member, Leaving /flat/member", null, "(<B>)", 423, "/flat" },
        { "7.4: in addition to the member's own token", Both, "Tree /flat/member, Leaving /flat/member", null, "</flat> (<A>)", 423, "/flat/member" },
        { "7.4: in addition to the member's own token", Both, "Tree /flat/member, Leaving /flat/member", null, "</flat> (<A>) (<B>)", 200, "" },
        { "7.5: two locks, two tokens", "A on /resource1, B on /other", "Tree /resource1, Tree /other", null, "(<A>)", 423, "/other" },
        { "7.5: two locks, two tokens", "A on /resource1, B on /other", "Tree /resource1, Tree /other", null, "</other> (<B>)", 423, "/resource1" },
        { "7.5: two locks, two tokens", "A on /resource1, B on /other", "Tree /resource1, Tree /other", null, "(<A>) (<B>)", 200, "" },
        { "7.5.1: the source of a COPY is not modified", "A on /resource1", "Source /resource1", null, null, 200, "" },
        { "9.6.1: a locked member", "A on /tree/one", "Tree /tree", null, null, 207, "/tree/one" },
        { "9.6.1: locked members", "A on /tree/one, B on /tree/sub", "Tree /tree", null, "</tree/one> (<A>)", 207, "/tree/sub/" },
        { "9.6.1: locked members", "A on /tree/one, B on /tree/sub/two", "Tree /tree", null, null, 207, "/tree/one /tree/sub/two" },
        { "9.6.1: locked members, whose tokens are there", "A on /tree/one, B on /tree/sub", "Tree /tree", null, "</tree/one> (<A>) (<B>)", 200, "" },
        { "9.6.1: a member locked by another", "A on /tree/one by anna", "Tree /tree", "berta", "</tree/one> (<A>)", 207, "/tree/one" },
        { "9.6.1: a member whose lock timed out", "A on /tree/one ended", "Tree /tree", null, null, 200, "" },
        { "9.6.1: the resource itself comes first", "A on /tree depth 0, B on /tree/one", "Tree /tree", null, null, 423, "/tree" },
        { "9.6.1: what begins like its name is not below it", "A on /tree0", "Tree /tree", null, null, 200, "" },
        { "9.6.1: what begins like its name is not below it", "A on /tree0/one", "Tree /tree", null, null, 200, "" },
        { "9.10.5: a lock in the way is a matter of conflict", "A on /resource1", "NewLock /resource1", null, null, 200, "" },
        { "9.10.5: a lock in the way is a matter of conflict", "A on /tree/one", "NewLock /tree", null, null, 200, "" },
        { "7.4: a LOCK that makes a member", "A on /flat depth 0", "NewLock /flat/new, Entering /flat/new", null, null, 423, "/flat" },
        { "7.4: a LOCK that makes a member", "A on /flat depth 0", "NewLock /flat/new, Entering /flat/new", null, "</flat> (<A>)", 200, "" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Locks_are_opened_by_their_tokens_alone(
        string where, string state, string writes, string? principal, string? header, int status, string inTheWay)
    {
        using var world = await GateWorld.MakeAsync(state);
        WriteIntent[] intents = [.. writes.Split(", ").Select(Intent)];

        using var admission = await world.Gate.AdmitAsync(await world.RequestAsync(intents[0].Path.ToHref(), header, principal), intents, Cancellation);

        var found = admission.IsGranted ? 200 : admission.Fault?.Status ?? 207;
        Assert.True(status == found, $"{where}: {found} {admission.Fault}");
        if (status == 423)
        {
            Assert.Equal(("lock-token-submitted", inTheWay), (admission.Fault!.Condition, string.Join(' ', admission.Fault.Hrefs)));
        }
        else if (status == 207)
        {
            Assert.Equal(inTheWay, string.Join(' ', admission.Members.Select(member => member.Path.ToHref(collection: member.IsCollection)).Order(StringComparer.Ordinal)));
            Assert.All(admission.Members, member => Assert.Equal(
                (423, "lock-token-submitted", member.Path), (member.Fault.Status, member.Fault.Condition, member.Fault.Hrefs.Single())));
        }

        await AssertLeasedAsync(world, intents, held: status == 200);
        admission.Dispose();
        await AssertLeasedAsync(world, intents, held: false);
    }

    [Fact]
    public async Task A_deep_lock_guards_what_is_created_below_it_later() // RFC 4918 7.4
    {
        using var world = await GateWorld.MakeAsync("A on /locked, B on /flat depth 0");
        world.Tree.AddFile("locked/later/file");
        world.Tree.AddFile("flat/later/file");

        using var deep = await world.Gate.CheckAsync(await world.RequestAsync("/locked/later/file", null), [Intent("Resource /locked/later/file")], Cancellation);
        using var flat = await world.Gate.CheckAsync(await world.RequestAsync("/flat/later/file", null), [Intent("Resource /flat/later/file")], Cancellation);

        Assert.Equal([DavPath.Of("locked")], deep.Fault!.Hrefs);
        Assert.True(flat.IsGranted);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_before_anything_else_counts() // RFC 9110 13.2.1
    {
        using var world = await GateWorld.MakeAsync("A on /locked");

        using var admission = await world.Gate.AdmitAsync(
            await world.RequestAsync("/locked/unmapped", "(<B>)", needsResource: true), [Intent("Tree /locked/unmapped")], Cancellation);

        Assert.Equal(404, admission.Fault!.Status);
        await AssertLeasedAsync(world, [Intent("Tree /locked/unmapped")], held: false);
    }

    [Fact]
    public async Task Who_waits_too_long_for_another_request_is_refused()
    {
        using var world = await GateWorld.MakeAsync("");
        using var other = await world.Leases.AcquireAsync([new LeaseClaim(DavPath.Of("tree"), LeaseKind.Tree)], Cancellation);
        var waiting = world.Gate.AdmitAsync(await world.RequestAsync("/tree/one", null), [Intent("Resource /tree/one")], Cancellation).AsTask();
        Assert.False(waiting.IsCompleted);

        world.Time.Advance(WriteLeases.Patience);

        using var admission = await waiting.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Equal((423, null), (admission.Fault!.Status, admission.Fault.Condition));
    }

    [Fact]
    public async Task What_is_checked_is_what_is_there_when_the_wait_is_over()
    {
        using var world = await GateWorld.MakeAsync("\"e\" of /resource1");
        var other = await world.Leases.AcquireAsync([new LeaseClaim(DavPath.Of("resource1"), LeaseKind.Resource)], Cancellation);
        var waiting = world.Gate.AdmitAsync(await world.RequestAsync("/resource1", "([\"e\"])"), [Intent("Resource /resource1")], Cancellation).AsTask();

        world.Tree.AddFile("resource1", "written by the other request");
        other!.Dispose();

        using var admission = await waiting.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Equal(412, admission.Fault?.Status);
    }

    [Fact]
    public async Task A_lease_can_be_handed_on()
    {
        using var world = await GateWorld.MakeAsync("");
        WriteIntent[] intents = [Intent("Tree /tree")];
        var admission = await world.Gate.AdmitAsync(await world.RequestAsync("/tree", null), intents, Cancellation);

        using (admission.TakeLease())
        {
            admission.Dispose();
            await AssertLeasedAsync(world, intents, held: true);
        }

        await AssertLeasedAsync(world, intents, held: false);
    }

    private static WriteIntent Intent(string text)
    {
        var path = GateWorld.At(text.Split(' ')[1]);
        return text.Split(' ')[0] switch
        {
            "Resource" => WriteIntent.Resource(path),
            "Tree" => WriteIntent.Tree(path),
            "Entering" => WriteIntent.Entering(path),
            "Leaving" => WriteIntent.Leaving(path),
            "Source" => WriteIntent.Source(path),
            "NewLock" => WriteIntent.NewLock(path, Depth.Infinity),
            var other => throw new FormatException(other),
        };
    }

    // A claim on the whole store conflicts with whatever is leased.
    private static async Task AssertLeasedAsync(GateWorld world, IReadOnlyList<WriteIntent> intents, bool held)
    {
        using var given = new CancellationTokenSource();
        var all = world.Leases.AcquireAsync([new LeaseClaim(DavPath.Root, LeaseKind.Tree)], given.Token).AsTask();
        Assert.True(all.IsCompleted != held, $"{string.Join(", ", intents)}: {(held ? "not leased" : "still leased")}");
        await given.CancelAsync();
        if (held)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all);
        }
        else
        {
            (await all)!.Dispose();
        }
    }
}
