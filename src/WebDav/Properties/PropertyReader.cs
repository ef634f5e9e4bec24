using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDav.Properties;

/// <summary>Writes the properties of a resource that a PROPFIND asked for (RFC 4918 9.1), live and dead.</summary>
/// <param name="query">What was asked for.</param>
/// <param name="minimal">Whether properties that are not there are left unsaid (RFC 8144 2.1).</param>
internal sealed class PropertyReader(PropFindQuery query, bool minimal)
{
    private readonly List<PropertyName> _missing = [];

    /// <summary>Writes one <c>response</c>.</summary>
    public void Write(MultiStatusWriter writer, PropertyContext context, IReadOnlyList<DeadProperty> dead)
    {
        writer.StartResponse(context.Entry.Path, context.Entry.IsCollection);
        writer.StartPropStat();
        switch (query.Kind)
        {
            case PropFindKind.PropName:
                WriteNames(writer.Xml, context, dead);
                break;
            case PropFindKind.AllProp:
                WriteAll(writer.Xml, context, dead);
                break;
            default:
                WriteNamed(writer.Xml, context, dead);
                break;
        }

        writer.EndPropStat(200);
        if (_missing.Count > 0 && !minimal)
        {
            writer.StartPropStat();
            foreach (var name in _missing)
            {
                writer.Xml.Empty(name);
            }

            writer.EndPropStat(404);
        }

        writer.EndResponse();
        _missing.Clear();
    }

    private static void WriteNames(XmlOutput xml, PropertyContext context, IReadOnlyList<DeadProperty> dead)
    {
        foreach (var property in LiveProperties.All)
        {
            if (property.AppliesTo(context))
            {
                xml.Empty(property.Name);
            }
        }

        foreach (var property in dead)
        {
            if (LiveProperties.Find(property.Name) is null)
            {
                xml.Empty(property.Name);
            }
        }
    }

    private void WriteAll(XmlOutput xml, PropertyContext context, IReadOnlyList<DeadProperty> dead)
    {
        foreach (var property in LiveProperties.All)
        {
            if (property.InAllProp && property.AppliesTo(context) && (property.Keeping != Keeping.Instead || Find(dead, property.Name) is null))
            {
                property.Write(xml, context);
            }
        }

        foreach (var property in dead)
        {
            if (LiveProperties.Find(property.Name) is { Keeping: Keeping.Beside } live)
            {
                live.Write(xml, context with { Stored = property });
            }
            else
            {
                xml.Raw(property.Xml);
            }
        }

        // The names of an include element (RFC 4918 14.8) that are not in allprop anyway.
        foreach (var name in query.Names)
        {
            var live = LiveProperties.Find(name);
            if (live is { InAllProp: true } || Find(dead, name) is not null)
            {
                continue;
            }

            if (live is not null && live.AppliesTo(context))
            {
                live.Write(xml, context);
            }
            else
            {
                _missing.Add(name);
            }
        }
    }

    private void WriteNamed(XmlOutput xml, PropertyContext context, IReadOnlyList<DeadProperty> dead)
    {
        foreach (var name in query.Names)
        {
            var live = LiveProperties.Find(name);
            var stored = live is { Keeping: Keeping.Never } ? null : Find(dead, name);
            if (stored is not null && live is not { Keeping: Keeping.Beside })
            {
                xml.Raw(stored.Xml);
            }
            else if (live is not null && live.AppliesTo(context))
            {
                live.Write(xml, context with { Stored = stored });
            }
            else
            {
                _missing.Add(name);
            }
        }
    }

    private static DeadProperty? Find(IReadOnlyList<DeadProperty> dead, PropertyName name)
    {
        foreach (var property in dead)
        {
            if (property.Name == name)
            {
                return property;
            }
        }

        return null;
    }
}
