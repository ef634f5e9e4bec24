using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Metrics;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Metrics;

/// <summary>Listens to the meter of one server: the sums of what it counts, by instrument and attributes.</summary>
internal sealed class Counted : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _sums = new(StringComparer.Ordinal);

    public Counted(ServerFixture server)
    {
        WebDavMetrics metrics = server.Services.GetRequiredService<WebDavMetrics>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (metrics.Has(instrument))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            string key = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
            lock (_gate)
            {
                _sums[key] = instrument.IsObservable ? value : _sums.GetValueOrDefault(key) + value;
            }
        });
        _listener.Start();
    }

    /// <summary>The sum of an instrument with its attributes, such as <c>webdav.io network.io.direction=receive</c>.</summary>
    public long this[string key]
    {
        get
        {
            _listener.RecordObservableInstruments();
            lock (_gate)
            {
                return _sums.GetValueOrDefault(key);
            }
        }
    }

    /// <summary>Waits until a sum is as it should be: a request is counted after it was answered.</summary>
    public async Task IsAsync(long value, string key)
    {
        for (int i = 0; i < 2000 && this[key] != value; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(value, this[key]);
    }

    public void Dispose() => _listener.Dispose();
}
