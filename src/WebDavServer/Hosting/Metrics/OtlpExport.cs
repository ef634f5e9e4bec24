using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using WebDav.Metrics;

namespace WebDavServer.Hosting.Metrics;

/// <summary>Sends the metrics to a collector as OTLP over HTTP, those of the runtime and of the web server too.</summary>
/// <param name="endpoint">The collector, without the path <c>v1/metrics</c> that OTLP adds.</param>
/// <param name="interval">Time between two.</param>
internal sealed class OtlpExport(Uri endpoint, TimeSpan interval) : IHostedService
{
    /// <summary>What the last message may cost the end of the server: a collector that hangs must not.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private MeterProvider? _provider;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("WebDavServer", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3)))
            .AddMeter(WebDavMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/v1/metrics");
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)Math.Min(interval.TotalMilliseconds, int.MaxValue);
            })
            .Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>After the web server has stopped, so the last requests are among what is sent.</remarks>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_provider is { } provider)
        {
            Task farewell = Task.Run(() => provider.Shutdown((int)Farewell.TotalMilliseconds), CancellationToken.None);
            await farewell.WaitAsync(Farewell, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
