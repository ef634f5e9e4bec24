using WebDav.Preconditions;
using WebDav.Protocol.Headers;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>
/// Spares a client whose condition failed the next GET: with <c>Prefer: return=representation</c> the 412 carries the file as it
/// is now (RFC 8144 3.2).
/// </summary>
internal static class Representation
{
    /// <summary>The refusal with the content, or null where none is asked for or there is none.</summary>
    public static async ValueTask<DavResult?> OfAsync(
        IStore store, DavRequest request, Admission refused, CancellationToken cancellation)
    {
        if (!request.Prefer.ReturnRepresentation
            || request.Conditions is { IfMatch: null, IfNoneMatch: null }
            || refused is not { Target: { IsCollection: false }, Fault: { Status: 412 } fault })
        {
            return null;
        }

        try
        {
            var content = await store.OpenAsync(request.Path, cancellation);
            return new DavResult.Content(content, RangeOutcome.Whole, HeadersOnly: false) { Refusal = fault };
        }
        catch (StoreException)
        {
            return null; // It may not be readable, or be gone by now: then the refusal alone has to do.
        }
    }
}
