using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>What was replaced and could not be put out of sight: it has the name that the source had, and is removed there.</summary>
internal sealed class DisplacedInSight : IDisplaced
{
    private const int StepsAtOnce = 256;
    private readonly SafeFileHandle _directory;
    private readonly byte[] _name;
    private readonly DavPath _path;
    private readonly ILogger _log;

    private DisplacedInSight(SafeFileHandle directory, byte[] name, DavPath path, ILogger log) =>
        (_directory, _name, _path, _log) = (directory, name, path, log);

    /// <summary>What is at a place; it is held open for as long as the removal needs it.</summary>
    public static DisplacedInSight At(Place place, DavPath path, ILogger log)
    {
        Posix.OpenAt(place.Directory, NameBytes.Itself, OpenFlags.DirectoryHandle, out var directory);
        return new DisplacedInSight(directory, place.Name, path, log);
    }

    /// <inheritdoc/>
    /// <remarks>It cannot be stopped: no start of the server would come back for the rest.</remarks>
    public async IAsyncEnumerable<int> RemoveAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using (_directory)
        {
            if (_directory.IsInvalid)
            {
                _log.DisplacedStaysInSight(_path.ToString());
                yield break;
            }

            var steps = 0;
            foreach (var removed in TreeRemover.Remove(_directory, _name))
            {
                if (removed > 0)
                {
                    yield return removed;
                }

                if (++steps % StepsAtOnce == 0)
                {
                    await Task.Yield();
                }
            }

            if (Posix.StatAt(_directory, _name, out _) != Errno.NoEntry)
            {
                _log.DisplacedStaysInSight(_path.ToString());
            }
        }
    }
}
