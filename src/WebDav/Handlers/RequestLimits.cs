using WebDav.Protocol.Headers;
using WebDav.Protocol.Xml;

namespace WebDav.Handlers;

/// <summary>How much one request may ask for (section <c>Limits</c> of the settings).</summary>
internal sealed record RequestLimits
{
    /// <summary>Bounds of an XML body.</summary>
    public XmlLimits Xml { get; init; } = XmlLimits.Default;

    /// <summary>Most characters of an If header; more is 431. <c>Limits:IfHeaderLength</c></summary>
    public int IfHeaderLength { get; init; } = IfHeader.MaximumLength;

    /// <summary>Most ranges that a GET is answered; to more, the whole file is the answer. <c>Limits:RangesPerGet</c></summary>
    public int RangesPerGet { get; init; } = RangeHeader.MaximumRanges;
}
