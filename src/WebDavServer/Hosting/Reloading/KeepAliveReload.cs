using WebDav.Progress;
using WebDav.Setup;

namespace WebDavServer.Hosting.Reloading;

/// <summary>Takes a new section <c>KeepAlive</c> while the server runs.</summary>
internal sealed class KeepAliveReload(CurrentKeepAlive keepAlive) : IReloadable
{
    /// <inheritdoc/>
    public bool Takes(string key) => key.StartsWith("KeepAlive:", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Action Read(ServerSettings settings, List<string> faults)
    {
        SettingsReader reader = new(settings.Configuration);
        KeepAlivePolicy next = new(KeepAliveSettings.Read(reader));
        faults.AddRange(reader.Faults.Select(LogText.Safe));
        return () => keepAlive.Value = next;
    }
}
