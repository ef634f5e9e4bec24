using System.Globalization;
using WebDav.Locking;
using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDav.Properties;

/// <summary>Writes <c>lockdiscovery</c> (RFC 4918 15.8): in a PROPFIND, and as the body of a granted LOCK (9.10.1).</summary>
internal static class LockDiscovery
{
    public static void Write(XmlOutput xml, PropertyContext context)
    {
        if (context.Locks.Count == 0)
        {
            xml.Raw("<D:lockdiscovery/>"u8);
            return;
        }

        xml.Start("lockdiscovery"u8);
        foreach (var active in context.Locks)
        {
            xml.Raw("<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope>"u8);
            xml.Raw(active.Scope == LockScope.Exclusive ? "<D:exclusive/>"u8 : "<D:shared/>"u8);
            xml.Raw("</D:lockscope>"u8);
            xml.Element("depth"u8, active.Depth == Depth.Infinity ? "infinity" : "0");
            if (active.Owner is not null)
            {
                xml.Raw(active.Owner);
            }

            var left = Math.Max(0, (long)Math.Ceiling((active.Expires - context.Now).TotalSeconds));
            xml.Element("timeout"u8, string.Create(CultureInfo.InvariantCulture, $"Second-{left}"));
            xml.Raw("<D:locktoken>"u8);
            xml.Element("href"u8, active.Token.Uri);
            xml.Raw("</D:locktoken><D:lockroot>"u8);
            xml.Element("href"u8, context.Urls.Href(active.Root, collection: context.Entry.IsCollection || active.Root != context.Entry.Path));
            xml.Raw("</D:lockroot></D:activelock>"u8);
        }

        xml.End("lockdiscovery"u8);
    }
}
