using WebDav.Access;
using WebDav.Protocol;

namespace WebDav.Handlers;

/// <summary>What the endpoint checks for a method before its handler sees the request.</summary>
/// <param name="Name">The method, as it stands in the request line.</param>
/// <param name="Handler">Who answers it.</param>
internal sealed record MethodRow(string Name, IMethodHandler Handler)
{
    /// <summary>Whether it changes anything.</summary>
    public bool Writes { get; init; }

    /// <summary>Whether what it changes is not the resource it names.</summary>
    public bool OnlyReadsTarget { get; init; }

    /// <summary>What a user must be allowed to do with the resource it names.</summary>
    public AccessLevel TargetAccess => Writes && !OnlyReadsTarget ? AccessLevel.ReadWrite : AccessLevel.ReadOnly;

    /// <summary>What it does with a body.</summary>
    public BodyRule Body { get; init; }

    /// <summary>The values of Depth it takes (RFC 4918 10.2); empty where the field means nothing to it.</summary>
    public IReadOnlyList<Depth> Depths { get; init; } = [];

    /// <summary>
    /// Whether a Lock-Token field submits its token where there is no If: Word 2016 saves like this, as MS-WDV 2.2.4 has it, where RFC 4918
    /// 7.5 asks for If.
    /// </summary>
    public bool TakesLockToken { get; init; }

    /// <summary>Whether it names a destination (RFC 4918 10.3).</summary>
    public bool HasDestination { get; init; }

    /// <summary>Whether it answers 404 where nothing is.</summary>
    public bool NeedsResource { get; init; }

    /// <summary>Whether the conditional fields of RFC 9110 13.1 speak of what it does: it reads or changes one representation.</summary>
    public bool IsConditional { get; init; } = true;
}
