using System.Collections.Concurrent;
using System.Globalization;
using WebDav.Storage.Linux;

namespace WebDav.Storage.Files;

/// <summary>The names, unguessable each, under which this process keeps unfinished things beside their targets: no resources.</summary>
internal sealed class HiddenNames
{
    private const int Length = 8 + 32 + 1; // prefix, digits, NUL
    private readonly ConcurrentDictionary<Guid, byte> _names = new();

    private static ReadOnlySpan<byte> Prefix => ".webdav-"u8;

    /// <summary>The name that stands for an identifier, NUL included.</summary>
    public static byte[] NameOf(Guid id) => [.. Prefix, .. NameBytes.Encode(id.ToString("N", CultureInfo.InvariantCulture))];

    /// <summary>Whether a name, NUL included, has the form of a hidden one, of this process or of one before it.</summary>
    public static bool IsOne(ReadOnlySpan<byte> name, out Guid id)
    {
        id = Guid.Empty;
        return name.Length == Length && name.StartsWith(Prefix) && Guid.TryParseExact(
            System.Text.Encoding.ASCII.GetString(name[Prefix.Length..^1]), "N", out id);
    }

    public void Add(Guid id) => _names.TryAdd(id, 0);

    public void Remove(Guid id) => _names.TryRemove(id, out _);

    /// <summary>Whether a name, NUL included, is hidden now.</summary>
    public bool Contains(ReadOnlySpan<byte> name) => IsOne(name, out var id) && _names.ContainsKey(id);
}
