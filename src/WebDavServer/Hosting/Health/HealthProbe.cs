namespace WebDavServer.Hosting.Health;

/// <summary>A look at everything, at work or over.</summary>
/// <param name="Begun">When it began, as a timestamp of the clock.</param>
/// <param name="Checks">Each check by its name; its task ends with what is wrong, null if nothing, and never fails.</param>
internal sealed record HealthProbe(long Begun, IReadOnlyList<(string Name, Task<HealthFault?> Found)> Checks)
{
    private static readonly HealthFault NoAnswer = new("no answer", "it takes longer than it should");

    /// <summary>Ends with the last check.</summary>
    public Task Over { get; } = Task.WhenAll(Checks.Select(check => check.Found));

    /// <summary>What is found so far.</summary>
    public IReadOnlyList<(string Name, HealthFault? Fault)> Findings =>
        [.. Checks.Select(check => (check.Name, check.Found.IsCompletedSuccessfully ? check.Found.Result : NoAnswer))];
}
