using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>Depth</c> header (RFC 4918 10.2).</summary>
internal static class DepthHeader
{
    /// <summary>The depth asked for; null when the field is absent, as each method has a default of its own.</summary>
    /// <exception cref="DavFaultException">400: neither <c>0</c>, <c>1</c> nor <c>infinity</c>.</exception>
    public static Depth? Parse(StringValues values) => FieldValue.Single(values, "Depth") switch
    {
        null => null,
        "0" => Depth.Zero,
        "1" => Depth.One,
        var text when text.Equals("infinity", StringComparison.OrdinalIgnoreCase) => Depth.Infinity,
        _ => throw DavFaultException.BadRequest("Depth is neither 0, 1 nor infinity"),
    };
}
