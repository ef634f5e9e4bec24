using Microsoft.Extensions.DependencyInjection;
using WebDav.Locking;
using WebDav.Metrics;
using WebDav.Operations;
using WebDav.State;

namespace WebDav.Setup;

/// <summary>What is counted by looking: how much there is of something whenever somebody collects.</summary>
internal static class ObservedParts
{
    /// <summary>Shows the parts of a server.</summary>
    public static void Observe(this WebDavMetrics metrics, IServiceProvider parts)
    {
        var operations = parts.GetRequiredService<OperationRegistry>();
        metrics.Observe(
            "webdav.operations.running", "{operation}", "Operations and deep PROPFINDs at work, or held",
            () => operations.All.Count(operation => operation.End is null));

        var locks = parts.GetRequiredService<ILocks>();
        metrics.Observe("webdav.locks.active", "{lock}", "Locks that have not ended", () => locks.Count);

        var leases = parts.GetRequiredService<IWriteLeases>();
        metrics.Observe("webdav.leases.waiting", "{request}", "Requests that wait for another that writes the same", () => leases.Waiting);

        var state = parts.GetRequiredService<IStateDatabase>();
        metrics.Observe("webdav.state.queue", "{write}", "Writes that wait for the database", () => state.Queued);
    }
}
