using WebDav.Handlers;
using WebDav.Operations;

namespace WebDav.Setup;

/// <summary>The part of the section <c>Limits</c> that is the library's.</summary>
internal static class LimitsSettings
{
    /// <summary>Bounds of one request.</summary>
    public static RequestLimits ReadRequests(SettingsReader reader)
    {
        var otherwise = new RequestLimits();
        return new RequestLimits
        {
            Xml = new(
                reader.Count("Limits:XmlBodySize", (int)otherwise.Xml.MaximumBytes, least: 1),
                reader.Count("Limits:XmlDepth", otherwise.Xml.MaximumDepth, least: 1),
                reader.Count("Limits:XmlAttributes", otherwise.Xml.MaximumAttributes, least: 1),
                reader.Count("Limits:PropertiesPerRequest", otherwise.Xml.MaximumProperties, least: 1)),
            IfHeaderLength = reader.Count("Limits:IfHeaderLength", otherwise.IfHeaderLength, least: 1),
            RangesPerGet = reader.Count("Limits:RangesPerGet", otherwise.RangesPerGet, least: 1),
        };
    }

    /// <summary>Bounds of operations at once.</summary>
    public static OperationBounds ReadOperations(SettingsReader reader)
    {
        var otherwise = new OperationBounds();
        return new OperationBounds
        {
            All = reader.Count("Limits:Operations", otherwise.All, least: 1),
            PerUser = reader.Count("Limits:OperationsPerUser", otherwise.PerUser, least: 1),
            DeepPropFindsPerUser = reader.Count("Limits:DeepPropFindsPerUser", otherwise.DeepPropFindsPerUser, least: 1),
        };
    }
}
