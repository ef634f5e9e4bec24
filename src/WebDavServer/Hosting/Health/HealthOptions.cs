using WebDav.Setup;

namespace WebDavServer.Hosting.Health;

/// <summary>When the server counts as ready: the section <c>Health</c>.</summary>
internal sealed class HealthOptions(SettingsReader reader)
{
    /// <summary>Bytes that must be left where files are.</summary>
    public long LeastSpace { get; } = reader.Size("Health:LeastSpace", 16 * 1024 * 1024);
}
