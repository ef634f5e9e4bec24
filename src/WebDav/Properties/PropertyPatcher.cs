using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDav.Properties;

/// <summary>Carries out a PROPPATCH (RFC 4918 9.2): all of it, in document order, or nothing.</summary>
internal sealed class PropertyPatcher(IDeadProperties properties)
{
    /// <summary>Sets and removes properties.</summary>
    /// <returns>What is said of each property: all 200, or the refused ones with their fault and 424 for the innocent.</returns>
    public async ValueTask<IReadOnlyList<PropertyOutcome>> PatchAsync(
        DavPath path, IReadOnlyList<PropertyInstruction> instructions, CancellationToken cancellation)
    {
        var names = instructions.Select(instruction => instruction.Name).Distinct().ToList();
        if (names.Exists(IsProtected))
        {
            return [.. names.Select(name => IsProtected(name)
                ? new PropertyOutcome(name, 403, DavNames.CannotModifyProtectedProperty)
                : new PropertyOutcome(name, 424))];
        }

        await properties.ApplyAsync(
            path,
            [.. instructions.Select(instruction => new PropertyChange(
                instruction.Name,
                instruction.Element is null ? null : new DeadProperty(instruction.Name, PropertyFragment.Of(instruction.Element))))],
            cancellation);
        return [.. names.Select(name => new PropertyOutcome(name, 200))];
    }

    // RFC 4918 15: the properties the server computes are protected, but for displayname.
    private static bool IsProtected(PropertyName name) => LiveProperties.Find(name) is { CanBeReplaced: false };
}
