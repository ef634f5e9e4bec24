using System.Xml.Linq;

namespace WebDav.Protocol.Xml;

/// <summary>The body of a LOCK that asks for a new lock (RFC 4918 9.10, 14.11).</summary>
internal static class LockInfoBody
{
    /// <summary>The lock that is asked for.</summary>
    /// <exception cref="DavFaultException">400: not a <c>lockinfo</c>, or without a known scope and the type <c>write</c>.</exception>
    public static LockInfo Parse(XElement body)
    {
        if (!body.IsDav("lockinfo"))
        {
            throw DavFaultException.BadRequest("the body is not a DAV:lockinfo");
        }

        if (!body.OnlyDavElement("locktype").DavElements("write").Any())
        {
            throw DavFaultException.BadRequest("locktype is not write, the only type there is");
        }

        var scope = body.OnlyDavElement("lockscope");
        var exclusive = scope.DavElements("exclusive").Any();
        if (exclusive == scope.DavElements("shared").Any())
        {
            throw DavFaultException.BadRequest("lockscope is not one of exclusive and shared");
        }

        var owner = body.DavElements("owner").Any() ? PropertyFragment.Of(body.OnlyDavElement("owner")) : null;
        return new LockInfo(exclusive ? LockScope.Exclusive : LockScope.Shared, owner);
    }
}
