using System.Diagnostics.Metrics;

namespace WebDav.Metrics;

/// <summary>What the server counts, as instruments of the meter <c>WebDav</c>. What nobody listens to costs nothing.</summary>
/// <remarks>Names and attributes are those of OpenTelemetry's conventions where there are any.</remarks>
public sealed class WebDavMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "WebDav";

    private static readonly KeyValuePair<string, object?> Receive = new("network.io.direction", "receive");
    private static readonly KeyValuePair<string, object?> Transmit = new("network.io.direction", "transmit");

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _interimResponses;
    private readonly Counter<long> _io;

    /// <summary>Makes the meter.</summary>
    public WebDavMetrics()
    {
        _requests = _meter.CreateCounter<long>("webdav.requests", "{request}", "Requests that were answered");
        _interimResponses = _meter.CreateCounter<long>("webdav.interim_responses", "{response}", "102 Processing sent to those who wait");
        _io = _meter.CreateCounter<long>("webdav.io", "By", "Content of files that was received and sent");
    }

    /// <summary>Counts a request, with the 102s that it was sent.</summary>
    /// <param name="method">One of a few names; never what a client makes up, which would be a series of its own each time.</param>
    /// <param name="status">The final status.</param>
    /// <param name="interimResponses">How many 102s came before it.</param>
    public void Request(string method, int status, int interimResponses)
    {
        if (_requests.Enabled)
        {
            _requests.Add(1, new("http.request.method", method), new("http.response.status_code", status));
        }

        if (interimResponses > 0)
        {
            _interimResponses.Add(interimResponses);
        }
    }

    /// <summary>Counts bytes of content that have come in.</summary>
    public void Received(long bytes) => _io.Add(bytes, Receive);

    /// <summary>Counts bytes of content that were handed to the connection.</summary>
    public void Sent(long bytes) => _io.Add(bytes, Transmit);

    /// <summary>Shows how many there are of something at the moment, which is only asked when somebody collects.</summary>
    public void Observe(string name, string unit, string description, Func<long> count) =>
        _meter.CreateObservableUpDownCounter(name, count, unit, description);

    /// <summary>Whether an instrument is of this meter, and not of another server in the same process.</summary>
    public bool Has(Instrument instrument) => instrument.Meter == _meter;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
