using WebDav.Locking;
using WebDav.Operations;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>How the end of an operation becomes the response that its request has, now or when it asks later.</summary>
internal sealed class OperationResults(IStore store, ILocks locks)
{
    /// <summary>The response for an end.</summary>
    /// <param name="result">The end.</param>
    /// <param name="source">The request's resource.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    public async ValueTask<DavResult> ToResultAsync(OperationResult result, DavPath source, CancellationToken cancellation)
    {
        if (result.Fault is { } fault)
        {
            return fault;
        }

        if (result.Failures.Count > 0)
        {
            return new DavResult.Failures(result.Failures);
        }

        return result.Lock is { } token && await store.FindAsync(source, cancellation) is { } entry
            ? new DavResult.Locked(entry, token, await locks.CoveringAsync(source, cancellation), Created: false, Refreshed: false)
            : new DavResult.Done(result.Status);
    }
}
