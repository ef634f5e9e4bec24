using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>A collection that was replaced and now lies out of sight.</summary>
internal sealed class Displaced(StagedName staged, DavPath path, ILogger log) : IDisplaced
{
    private const int StepsAtOnce = 256;

    /// <inheritdoc/>
    public async IAsyncEnumerable<int> RemoveAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var steps = 0;
        foreach (var removed in TreeRemover.Remove(staged.Directory, staged.Name))
        {
            if (removed > 0)
            {
                yield return removed;
            }

            cancellation.ThrowIfCancellationRequested();
            if (++steps % StepsAtOnce == 0)
            {
                await Task.Yield();
            }
        }

        if (Posix.StatAt(staged.Directory, staged.Name, out _) == Errno.NoEntry)
        {
            staged.Dispose();
        }
        else
        {
            log.DisplacedStays(path.ToString());
        }
    }
}
