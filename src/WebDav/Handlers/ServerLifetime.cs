namespace WebDav.Handlers;

/// <summary>How long the server runs. A tree operation ends with the server, not with the connection of the client that asked for it.</summary>
/// <param name="Stopping">Cancelled when the server stops.</param>
internal sealed record ServerLifetime(CancellationToken Stopping);
