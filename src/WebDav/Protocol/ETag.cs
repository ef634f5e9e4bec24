namespace WebDav.Protocol;

/// <summary>A strong entity tag (RFC 9110 8.8.3).</summary>
/// <param name="Opaque">The text between the quotes.</param>
public readonly record struct ETag(string Opaque)
{
    /// <summary>The tag as header fields and <c>getetag</c> carry it, in quotes.</summary>
    public override string ToString() => $"\"{Opaque}\"";
}
