using WebDav.Setup;

namespace WebDavServer.Hosting;

/// <summary>The part of the section <c>Limits</c> that is about connections.</summary>
/// <param name="Connections">Most at once; one more is closed at once. <c>Limits:Connections</c></param>
/// <param name="HeaderTimeout">How long the head of a request may take from its first byte on. <c>Limits:HeaderTimeout</c></param>
/// <param name="BodyTimeout">How long a client may send, or take, nothing in the middle of a body. <c>Limits:BodyTimeout</c></param>
internal sealed record ConnectionLimits(int Connections, TimeSpan HeaderTimeout, TimeSpan BodyTimeout)
{
    /// <summary>Reads them.</summary>
    public static ConnectionLimits Read(SettingsReader settings) => new(
        settings.Count("Limits:Connections", 5000, least: 1),
        settings.Duration("Limits:HeaderTimeout", TimeSpan.FromSeconds(30)),
        settings.Duration("Limits:BodyTimeout", TimeSpan.FromMinutes(2)));
}
