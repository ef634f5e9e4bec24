using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>One cell of the fault table: the n-th call of a kind for a path fails once.</summary>
/// <param name="Scenario">The request.</param>
/// <param name="Call">The call.</param>
/// <param name="Path">Its path below the cell's directory, in which <c>b</c> is the destination; empty for that directory.</param>
/// <param name="Nth">Which of the calls of this kind for this path, from 1.</param>
/// <param name="Part">In which part of the work it comes.</param>
/// <param name="Fault">The fault.</param>
internal sealed record FaultCell(FaultScenario Scenario, StoreCall Call, string Path, int Nth, FaultPart Part, StoreFault Fault)
{
    /// <summary>The member of the source that the call is about, also where it names its copy; empty for the source itself, null for neither.</summary>
    public string? Member => BelowOf(Path, Scenario.Source) ?? (Scenario.Destination is { } destination ? BelowOf(Path, destination) : null);

    /// <summary>Whether it fails one member and not the request as a whole.</summary>
    public bool IsMembers => Part != FaultPart.Whole && Member is not (null or "");

    /// <inheritdoc/>
    public override string ToString() => $"{Scenario.Name}: {Call} {Path} #{Nth}: {Fault}";

    private static string? BelowOf(string path, string top) =>
        path == top ? "" : path.StartsWith(top + "/", StringComparison.Ordinal) ? path[(top.Length + 1)..] : null;
}
