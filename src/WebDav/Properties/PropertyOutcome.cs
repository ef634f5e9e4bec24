using WebDav.Protocol;

namespace WebDav.Properties;

/// <summary>What a PROPPATCH says of one property (RFC 4918 9.2.1).</summary>
/// <param name="Name">The property.</param>
/// <param name="Status">200, 403, 409, 424 or 507.</param>
/// <param name="Condition">The precondition that failed, or null.</param>
internal readonly record struct PropertyOutcome(PropertyName Name, int Status, string? Condition = null);
