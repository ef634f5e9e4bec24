namespace WebDav.Properties;

/// <summary>How large dead properties may be, and how many (section <c>Properties</c> of the settings).</summary>
public sealed record PropertyOptions
{
    /// <summary>
    /// Most bytes of one property, as UTF-8: its whole element as it is kept, with the namespace declarations that were in scope.
    /// <c>Properties:MaximumSize</c>
    /// </summary>
    public int MaximumSize { get; init; } = 64 * 1024;

    /// <summary>Most properties kept for one resource. <c>Properties:MaximumPerResource</c></summary>
    public int MaximumPerResource { get; init; } = 1000;
}
