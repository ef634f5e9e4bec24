using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>
/// What is right for a cell of the fault table, said by RFC 4918 and not by the server: the status, the members that a 207 names, and
/// what may be missing of the tree where.
/// </summary>
/// <param name="Status">The status of the response.</param>
/// <param name="Members">The members of a 207 below the cell, with the status of each.</param>
/// <param name="Unchanged">Whether all is as it was before.</param>
/// <param name="MissingInCopy">The member at and below which the destination may lack some; null if it is whole.</param>
/// <param name="LeftAtSource">The member at and below which something may still be at the source of a DELETE or MOVE; null if it is gone.</param>
internal sealed record FaultExpectation(
    int Status, IReadOnlyDictionary<string, int> Members, bool Unchanged = false, string? MissingInCopy = null, string? LeftAtSource = null)
{
    private static readonly Dictionary<string, int> None = [];

    /// <summary>What is right.</summary>
    public static FaultExpectation Of(FaultCell cell)
    {
        FaultScenario scenario = cell.Scenario;
        if (cell.Fault == StoreFault.NotFound)
        {
            return OfVanished(cell);
        }

        if (cell.Part == FaultPart.Settling)
        {
            return new(scenario.Success, None);
        }

        int status = StatusOf(cell);
        if (cell.Part == FaultPart.Removing && (scenario.Method == "MOVE" || cell.IsMembers))
        {
            // RFC 4918 9.6.1, 9.9.4: what stays is named, and keeps what holds it; a move has arrived by then.
            return new(207, Named(cell, status), LeftAtSource: cell.Member);
        }

        if (cell.Part == FaultPart.Removing)
        {
            return new(status, None, LeftAtSource: "");
        }

        if (!cell.IsMembers || cell.Fault == StoreFault.NoSpace)
        {
            return new(status, None, Unchanged: true); // RFC 4918 9.8.5: 507 for the whole, as no other member would have room
        }

        // RFC 4918 9.8.5: the siblings are copied, unless something whole would have to go for what is not whole, or the source is to go.
        return scenario.Method == "MOVE" || scenario.Replaces
            ? new(207, new Dictionary<string, int>(Named(cell, status)) { [scenario.Method == "MOVE" ? scenario.Source : scenario.Destination!] = 424 }, Unchanged: true)
            : new(207, Named(cell, status), MissingInCopy: cell.Member);
    }

    /// <summary>The status of a request that fails as a whole.</summary>
    private static int StatusOf(FaultCell cell) => cell.Fault switch
    {
        StoreFault.Denied => 403,
        StoreFault.AlreadyExists => cell.Call == StoreCall.UploadPublish ? 405 : 409, // a collection, which has come to be there
        StoreFault.NoSpace => 507,
        StoreFault.NameTooLong => 414,
        StoreFault.Busy => 503,
        _ => 500,
    };

    // What goes while it is walked is left out, as if it had gone a moment sooner; what the request itself names is missed as long as
    // nothing of it has been read. What was to be replaced and is gone need not be.
    private static FaultExpectation OfVanished(FaultCell cell) => cell switch
    {
        { Path: "" } => new(cell.Scenario.Destination is null ? 404 : 409, None),
        { Scenario.Method: "PUT" } => new(IsAdmitted(cell) ? cell.Scenario.Success : 201, None),
        { Part: FaultPart.Settling } => new(cell.Scenario.Success, None, MissingInCopy: cell.Member),
        _ when cell.Scenario.Source.StartsWith(cell.Path + "/", StringComparison.Ordinal) => new(404, None),
        { Call: StoreCall.Find, Path: "b", Scenario.Replaces: true } => new(201, None),
        { Part: FaultPart.Whole, Member: "" } when cell.Path == cell.Scenario.Source => new(404, None),
        { Member: "", Call: StoreCall.List or StoreCall.StagedMakeCollection or StoreCall.StagedCopyFile, Part: FaultPart.Filling } => new(404, None),
        { Part: FaultPart.Filling } => new(cell.Scenario.Success, None, MissingInCopy: cell.Member),
        _ => new(cell.Scenario.Success, None),
    };

    // What comes in chunks is admitted once more when all of it is there; what came at once is received under the lease.
    private static bool IsAdmitted(FaultCell cell) =>
        cell.Call == StoreCall.UploadPublish || (!cell.Scenario.Chunked && cell.Call is StoreCall.Upload or StoreCall.UploadWrite);

    private static Dictionary<string, int> Named(FaultCell cell, int status) => new()
    {
        [cell.Member is "" ? cell.Scenario.Source : $"{cell.Scenario.Source}/{cell.Member}"] = status,
    };
}
