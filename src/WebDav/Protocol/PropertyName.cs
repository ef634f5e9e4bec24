namespace WebDav.Protocol;

/// <summary>The name of a property: an XML expanded name (RFC 4918 4.4).</summary>
/// <param name="Namespace">Namespace URI; empty for a name in no namespace.</param>
/// <param name="Local">Local name.</param>
public readonly record struct PropertyName(string Namespace, string Local)
{
    /// <summary>A name in the <c>DAV:</c> namespace.</summary>
    public static PropertyName Dav(string local) => new(DavNames.Namespace, local);

    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? Local : $"{{{Namespace}}}{Local}";
}
