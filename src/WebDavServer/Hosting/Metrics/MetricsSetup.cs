using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace WebDavServer.Hosting.Metrics;

/// <summary>Has the metrics sent. Where the settings name no collector, nothing of OpenTelemetry is loaded.</summary>
internal static class MetricsSetup
{
    /// <summary>Has them sent, if the settings say where to.</summary>
    public static void AddMetricsExport(this IServiceCollection services, OtlpOptions options)
    {
        if (options.Endpoint is { } endpoint)
        {
            AddOtlp(services, endpoint, options.Interval);
        }
    }

    // A method of its own: what it names is loaded when it is called.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddOtlp(IServiceCollection services, Uri endpoint, TimeSpan interval) =>
        services.AddHostedService(_ => new OtlpExport(endpoint, interval));
}
