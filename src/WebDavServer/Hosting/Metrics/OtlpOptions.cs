using WebDav.Setup;

namespace WebDavServer.Hosting.Metrics;

/// <summary>Where metrics are sent to: the section <c>Metrics:Otlp</c>.</summary>
internal sealed class OtlpOptions(SettingsReader reader)
{
    /// <summary>The collector, without the path <c>v1/metrics</c> that OTLP adds; null for none.</summary>
    public Uri? Endpoint { get; } = ReadEndpoint(reader, "Metrics:Otlp:Endpoint");

    /// <summary>Time between two messages.</summary>
    public TimeSpan Interval { get; } = reader.Duration("Metrics:Otlp:Interval", TimeSpan.FromMinutes(1));

    private static Uri? ReadEndpoint(SettingsReader reader, string key)
    {
        if (reader.Text(key) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.Query.Length > 0)
        {
            reader.Fault(key, $"'{text}' is no address such as http://localhost:4318");
        }

        return endpoint;
    }
}
