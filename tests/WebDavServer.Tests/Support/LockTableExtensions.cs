using WebDav.Locking;

namespace WebDavServer.Tests.Support;

internal static class LockTableExtensions
{
    /// <summary>Grants a lock for which there is room.</summary>
    public static async ValueTask<ActiveLock> GrantAsync(this LockTable table, LockRequest request, CancellationToken cancellation)
    {
        var (place, refusal) = await table.ReserveAsync(request.Principal, cancellation);
        Assert.Null(refusal);
        using (place)
        {
            return await table.GrantAsync(request, place!, cancellation);
        }
    }
}
