using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>Header fields that hold one value.</summary>
internal static class FieldValue
{
    /// <summary>
    /// The one value of a field, without the white space around it; null when the field is absent. A value sent twice is still
    /// one value; two different ones cannot both be meant (RFC 9110 5.3).
    /// </summary>
    /// <param name="values">The field's lines.</param>
    /// <param name="field">Its name, for the message.</param>
    /// <exception cref="DavFaultException">400: two lines differ.</exception>
    public static string? Single(StringValues values, string field)
    {
        string? single = null;
        foreach (var value in values)
        {
            var text = (value ?? "").Trim(' ', '\t');
            if (single is not null && !string.Equals(single, text, StringComparison.Ordinal))
            {
                throw DavFaultException.BadRequest($"{field} is given more than once, with different values");
            }

            single = text;
        }

        return single;
    }
}
