using Microsoft.Extensions.Primitives;

namespace WebDav.Protocol.Headers;

/// <summary>The <c>Lock-Token</c> header of UNLOCK (RFC 4918 10.5), which Word 2016 also sends with PUT.</summary>
internal static class LockTokenHeader
{
    /// <summary>The token of the lock.</summary>
    /// <exception cref="DavFaultException">400: missing, or not an absolute URI in angle brackets.</exception>
    public static LockToken Parse(StringValues values)
    {
        var text = FieldValue.Single(values, "Lock-Token");
        if (string.IsNullOrEmpty(text))
        {
            throw DavFaultException.BadRequest("Lock-Token is missing");
        }

        return text is ['<', .. var uri, '>'] && UriText.IsAbsolute(uri)
            ? new LockToken(uri)
            : throw DavFaultException.BadRequest("Lock-Token is not an absolute URI in angle brackets");
    }
}
