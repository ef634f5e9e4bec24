using Microsoft.Win32.SafeHandles;
using WebDav.Protocol;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>The collection whose member was asked for last, held open: members come collection by collection.</summary>
internal sealed class HeldCollection(PathResolver resolver) : IDisposable
{
    private Place? _held;
    private DavPath _path;

    /// <summary>As <see cref="PathResolver.Parent"/>, but the place is good only until the next one is asked for.</summary>
    public Errno Parent(DavPath path, out Place place)
    {
        place = Place.Nowhere;
        if (_held is null || _path != path.Parent)
        {
            Dispose();
            var error = resolver.Parent(path, out var opened);
            if (error != Errno.None)
            {
                return error;
            }

            (_held, _path) = (opened, path.Parent);
        }

        var spelled = NameBytes.TryEncode(path.Name, out var name);
        place = _held.Beside(name);
        return spelled;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held?.Dispose();
        _held = null;
    }
}
