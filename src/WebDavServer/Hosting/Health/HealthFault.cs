namespace WebDavServer.Hosting.Health;

/// <summary>What one check has found wrong.</summary>
/// <param name="Word">For everybody: it names no path.</param>
/// <param name="Reason">For the log.</param>
internal sealed record HealthFault(string Word, string Reason);
