using Microsoft.Extensions.DependencyInjection;
using WebDav.Locking;
using WebDav.Protocol;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>What the history checker has found.</summary>
public sealed class LockRaceTests
{
    [Fact]
    public async Task A_deep_lock_of_what_becomes_a_collection_meanwhile_is_refused_for_the_locks_of_its_members()
    {
        await using FaultyServer faulty = await FaultyServer.StartAsync();
        LockTable locks = faulty.Server.Services.GetRequiredService<LockTable>();
        LockRequest member = new(DavPath.FromValue("/c/member"), LockScope.Exclusive, Depth.Zero, Owner: null, Principal: "other", Timeouts: []);
        faulty.Store.On(
            StoreCall.Find,
            "/c",
            async (_, cancellation) =>
            {
                faulty.Tree.AddFile("c/member");
                await locks.GrantAsync(member, cancellation);
            },
            nth: 2,
            times: 1);

        RawResponse answer = await faulty.Server.AskAsync(
            "LOCK",
            "/c",
            ["Depth: infinity"],
            "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>");

        Assert.Equal((423, "no-conflicting-lock"), (answer.Status, answer.Condition()));
        Assert.Single(locks.Below(DavPath.Root));
    }
}
