namespace WebDav.State;

/// <summary>What a sweep has removed.</summary>
/// <param name="Properties">Dead properties of resources that are gone.</param>
/// <param name="Locks">Locks of resources that are gone.</param>
/// <param name="Expired">Locks that had expired.</param>
internal sealed record SweepReport(long Properties, int Locks, int Expired);
