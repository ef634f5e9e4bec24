using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace WebDav.Protocol;

/// <summary>
/// The place of a resource below the served root: decoded, normalised, and unable to point outside it.
/// The only path type of the server; <see cref="TryParse"/> is the only way in from the wire.
/// </summary>
/// <remarks>
/// A path is a list of names. Empty segments and a trailing slash are not part of it (RFC 4918 5.2: a collection answers
/// with and without), dot segments are resolved as RFC 3986 5.2.4 says, so two URLs never name one file as two paths.
/// </remarks>
public readonly struct DavPath : IEquatable<DavPath>, IComparable<DavPath>
{
    private readonly string? _value;

    private DavPath(string value) => _value = value;

    /// <summary>The served root itself.</summary>
    public static DavPath Root => default;

    /// <summary>The names joined with a leading slash each: <c>/a/b c</c>, and the empty string for the root.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether this is the served root.</summary>
    public bool IsRoot => Value.Length == 0;

    /// <summary>The last name, decoded; empty for the root.</summary>
    public string Name => IsRoot ? "" : Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The collection this is a member of; the root is its own parent.</summary>
    public DavPath Parent => IsRoot ? this : new DavPath(Value[..Value.LastIndexOf('/')]);

    /// <summary>The first name, decoded; empty for the root.</summary>
    public ReadOnlySpan<char> FirstName
    {
        get
        {
            if (IsRoot)
            {
                return [];
            }

            var rest = Value.AsSpan(1);
            var slash = rest.IndexOf('/');
            return slash < 0 ? rest : rest[..slash];
        }
    }

    /// <summary>The names from the root downwards.</summary>
    public IEnumerable<string> Names => IsRoot ? [] : Value[1..].Split('/');

    /// <summary>Number of names: 0 for the root.</summary>
    public int Level => Value.AsSpan().Count('/');

    /// <summary>Compares two paths by their names, ordinally.</summary>
    public static bool operator ==(DavPath left, DavPath right) => left.Equals(right);

    /// <summary>Compares two paths by their names, ordinally.</summary>
    public static bool operator !=(DavPath left, DavPath right) => !left.Equals(right);

    /// <summary>Orders two paths as <see cref="CompareTo"/> does.</summary>
    public static bool operator <(DavPath left, DavPath right) => left.CompareTo(right) < 0;

    /// <summary>Orders two paths as <see cref="CompareTo"/> does.</summary>
    public static bool operator <=(DavPath left, DavPath right) => left.CompareTo(right) <= 0;

    /// <summary>Orders two paths as <see cref="CompareTo"/> does.</summary>
    public static bool operator >(DavPath left, DavPath right) => left.CompareTo(right) > 0;

    /// <summary>Orders two paths as <see cref="CompareTo"/> does.</summary>
    public static bool operator >=(DavPath left, DavPath right) => left.CompareTo(right) >= 0;

    /// <summary>A path from names that are decoded already.</summary>
    /// <param name="names">Names as <see cref="Child"/> takes them.</param>
    /// <exception cref="ArgumentException">A name is empty, a dot segment, or holds a slash or NUL.</exception>
    public static DavPath Of(params ReadOnlySpan<string> names)
    {
        var path = Root;
        foreach (var name in names)
        {
            path = path.Child(name);
        }

        return path;
    }

    /// <summary>A path as <see cref="Value"/> gave it, from a database of the server's own.</summary>
    internal static DavPath FromValue(string value) => new(value);

    /// <summary>
    /// Parses the path of a request target or a <c>Destination</c> (RFC 3986 3.3): percent-decoded as UTF-8, dot segments
    /// resolved, empty segments dropped.
    /// </summary>
    /// <param name="encoded">The path as it was on the wire, without query; it starts with a slash.</param>
    /// <param name="path">The path, when it could be parsed.</param>
    /// <param name="trailingSlash">Whether the text ended in a slash (or in a dot segment), as URLs of collections do.</param>
    /// <param name="error">Why not, for people, when it could not: no leading slash, <c>%2F</c>, NUL, a broken escape or invalid UTF-8.</param>
    public static bool TryParse(
        ReadOnlySpan<char> encoded, out DavPath path, out bool trailingSlash, [NotNullWhen(false)] out string? error)
    {
        path = Root;
        trailingSlash = true;
        if (encoded.IsEmpty || encoded[0] != '/')
        {
            error = "the path does not start with a slash";
            return false;
        }

        var names = new List<string>();
        var rest = encoded[1..];
        while (true)
        {
            var slash = rest.IndexOf('/');
            if (!TryDecode(slash < 0 ? rest : rest[..slash], out var name, out error))
            {
                return false;
            }

            trailingSlash = name is "" or "." or "..";
            if (!trailingSlash)
            {
                names.Add(name);
            }
            else if (name is ".." && names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }

            if (slash < 0)
            {
                break;
            }

            rest = rest[(slash + 1)..];
        }

        path = names.Count == 0 ? Root : new DavPath("/" + string.Join('/', names));
        error = null;
        return true;
    }

    /// <summary>The member of this collection that has a name.</summary>
    /// <param name="name">One decoded name.</param>
    /// <exception cref="ArgumentException">The name is empty, a dot segment, or holds a slash or NUL.</exception>
    public DavPath Child(string name)
    {
        if (name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '\0'))
        {
            throw new ArgumentException($"'{name}' is not the name of a member", nameof(name));
        }

        return new DavPath(string.Concat(Value, "/", name));
    }

    /// <summary>Whether this is a member, at any level, of <paramref name="ancestor"/>; nothing is below itself.</summary>
    public bool IsBelow(DavPath ancestor) =>
        Value.Length > ancestor.Value.Length
        && Value[ancestor.Value.Length] == '/'
        && Value.StartsWith(ancestor.Value, StringComparison.Ordinal);

    /// <summary>Whether this is <paramref name="ancestor"/> or below it.</summary>
    public bool IsAtOrBelow(DavPath ancestor) => this == ancestor || IsBelow(ancestor);

    /// <summary>The same place below <paramref name="to"/> that this has below <paramref name="from"/>.</summary>
    /// <exception cref="ArgumentException">This is not at or below <paramref name="from"/>.</exception>
    public DavPath Relocate(DavPath from, DavPath to)
    {
        if (!IsAtOrBelow(from))
        {
            throw new ArgumentException($"'{this}' is not below '{from}'", nameof(from));
        }

        return new DavPath(string.Concat(to.Value, Value.AsSpan(from.Value.Length)));
    }

    /// <summary>The path as an absolute-path reference (RFC 4918 8.3), percent-encoded.</summary>
    /// <param name="pathBase">Prefix under which the server is reached, encoded, without trailing slash; often empty.</param>
    /// <param name="collection">Whether to end it in a slash (RFC 4918 5.2: hrefs of collections should).</param>
    public string ToHref(string pathBase = "", bool collection = false)
    {
        var href = new StringBuilder(pathBase.Length + Value.Length + 8).Append(pathBase);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in Value.EnumerateRunes())
        {
            if (rune.IsAscii && IsPlain((char)rune.Value))
            {
                href.Append((char)rune.Value);
                continue;
            }

            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
            {
                href.Append('%').Append(Hex(b >> 4)).Append(Hex(b & 15));
            }
        }

        return (collection || IsRoot ? href.Append('/') : href).ToString();
    }

    /// <inheritdoc/>
    public int CompareTo(DavPath other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public bool Equals(DavPath other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DavPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>The path for logs and messages, percent-encoded: no name that a client thinks of can end a line there or disguise one.</summary>
    public override string ToString() => ToHref();

    // Unreserved characters (RFC 3986 2.3), the slash between names, and sub-delims that no client is known to misread.
    // '+' (form decoding), '&' (unescaped by careless XML readers), ';' and quotes are always encoded.
    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || "-._~/!()*,=:@$".Contains(c, StringComparison.Ordinal);

    private static char Hex(int digit) => (char)(digit < 10 ? '0' + digit : 'A' + digit - 10);

    private static bool TryDecode(ReadOnlySpan<char> segment, out string name, [NotNullWhen(false)] out string? error)
    {
        name = "";
        error = null;
        if (segment.IndexOfAnyExceptInRange('!', '~') < 0 && !segment.Contains('%'))
        {
            name = segment.ToString();
            return true;
        }

        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(segment.Length)];
        var length = 0;
        for (var i = 0; i < segment.Length; i++)
        {
            var c = segment[i];
            if (c == '%')
            {
                if (i + 2 >= segment.Length || !char.IsAsciiHexDigit(segment[i + 1]) || !char.IsAsciiHexDigit(segment[i + 2]))
                {
                    error = "a percent sign is not followed by two hexadecimal digits";
                    return false;
                }

                bytes[length++] = Convert.FromHexString(segment.Slice(i + 1, 2))[0];
                i += 2;
            }
            else if (c < 0x80)
            {
                bytes[length++] = (byte)c;
            }
            else
            {
                // Sent without its percent-encoding: a request target cannot (the server refuses it), but a Destination can, and
                // its text arrives decoded.
                length += EncodeRaw(segment, ref i, bytes.AsSpan(length));
            }
        }

        var decoded = bytes.AsSpan(0, length);
        if (decoded.ContainsAny((byte)'/', (byte)0))
        {
            error = "a name holds an encoded slash or NUL";
            return false;
        }

        if (!Utf8.IsValid(decoded))
        {
            error = "a name is not valid UTF-8";
            return false;
        }

        name = Encoding.UTF8.GetString(decoded);
        return true;
    }

    private static int EncodeRaw(ReadOnlySpan<char> segment, ref int i, Span<byte> into)
    {
        if (Rune.DecodeFromUtf16(segment[i..], out var rune, out var consumed) != System.Buffers.OperationStatus.Done)
        {
            into[0] = 0xFF; // an unpaired surrogate: refused as invalid UTF-8 by the caller
            return 1;
        }

        i += consumed - 1;
        return rune.EncodeToUtf8(into);
    }
}
