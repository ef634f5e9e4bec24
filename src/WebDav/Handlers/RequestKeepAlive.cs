using System.Globalization;
using WebDav.Operations;
using WebDav.Progress;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>Awaits long work for one request, and keeps its client waiting with <c>102 Processing</c> if it is one that can take them.</summary>
internal sealed class RequestKeepAlive(
    KeepAliveEmitter emitter,
    KeepAlivePolicy policy,
    Func<KeepAliveFacts> readFacts,
    RequestAuthority authority,
    Func<IInterimResponse?> way,
    RequestReport report,
    TimeProvider time)
{
    private readonly long _begin = time.GetTimestamp();
    private KeepAliveFacts? _facts;
    private KeepAliveDecision? _decision;
    private IInterimResponse? _way;
    private int _bytes;

    /// <summary>Whether the client is sent no 102s, but reads a 207 that begins before its end is known.</summary>
    public bool AnswersEarly => Decision.AnswersEarly;

    /// <summary>When signs of life are due.</summary>
    public KeepAlivePace Pace => Decision.Pace;

    private KeepAliveFacts Facts => _facts ??= readFacts();

    private KeepAliveDecision Decision => _decision ??= policy.Decide(Facts);

    /// <summary>Awaits work. When this returns, no 102 can follow any more.</summary>
    /// <param name="work">What to wait for.</param>
    /// <param name="operation">The operation behind it, of which a client that asked for it hears; null if there is none.</param>
    public async Task<T> WhileAsync<T>(Task<T> work, Operation? operation = null)
    {
        report.KeepAliveRule = Decision.Rule;
        try
        {
            // A request may wait more than once; its client counts them all.
            return !work.IsCompleted && Pace.Maximum > report.InterimResponses && FindWay() is { } found
                ? await emitter.WhileAsync(work, Pace, cancellation => SendAsync(found, operation, cancellation), report.InterimResponses)
                : await work;
        }
        finally
        {
            report.HasWaited = time.GetElapsedTime(_begin) >= Pace.First;
        }
    }

    private IInterimResponse? FindWay()
    {
        _way ??= way();
        if (_way is null)
        {
            report.KeepAliveRule = "no way over this connection";
        }

        return _way;
    }

    private async ValueTask<bool> SendAsync(IInterimResponse found, Operation? operation, CancellationToken cancellation)
    {
        // Half of what the client takes is for fields: when it is used up, bare ones go on for long.
        var fields = Facts.Asked && !Decision.Bare && operation is not null ? Fields(operation) : [];
        if (_bytes + InterimSize.Of(fields) > Pace.MaximumBytes / 2)
        {
            fields = [];
        }

        var size = InterimSize.Of(fields);
        if (_bytes + size > Pace.MaximumBytes || !await found.SendProcessingAsync(fields, cancellation))
        {
            return false;
        }

        _bytes += size;
        report.InterimResponses++;
        return true;
    }

    // Only for those that asked with "Prefer: processing": some proxies take nothing but a bare status line.
    private List<KeyValuePair<string, string>> Fields(Operation operation)
    {
        var progress = operation.Progress.Snapshot;
        var fields = new List<KeyValuePair<string, string>>();
        if (report.InterimResponses == 0)
        {
            fields.Add(new("Location", OperationLinks.Self(authority.Urls, operation.Id)));
        }

        fields.Add(new("Progress", progress.TotalItems is { } total
            ? string.Create(CultureInfo.InvariantCulture, $"{progress.Items}/{Math.Max(progress.Items, total)}")
            : progress.Items.ToString(CultureInfo.InvariantCulture)));
        if (progress.Items > 0)
        {
            // RFC 2518 9.7: a status and the URL it is about.
            fields.Add(new("Status-URI", $"200 <{authority.Scheme}://{authority.Host}{authority.Urls.Href(progress.Current)}>"));
        }

        return fields;
    }
}
