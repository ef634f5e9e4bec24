using System.Globalization;
using WebDav.Operations;
using WebDav.Progress;
using WebDav.Protocol.Headers;

namespace WebDav.Handlers;

/// <summary>Awaits long work for one request, and keeps its client waiting with <c>102 Processing</c> if it is one that can take them.</summary>
internal sealed class RequestKeepAlive(
    KeepAliveEmitter emitter,
    KeepAlivePolicy policy,
    KeepAliveFacts facts,
    RequestAuthority authority,
    Func<IInterimResponse?> interim,
    RequestReport report)
{
    private IInterimResponse? _interim;

    /// <summary>Awaits work. When this returns, no 102 can follow any more.</summary>
    /// <param name="work">What to wait for.</param>
    /// <param name="operation">The operation behind it, of which a client that asked for it hears; null if there is none.</param>
    public Task<T> WhileAsync<T>(Task<T> work, Operation? operation = null)
    {
        var decision = policy.Decide(facts);
        report.KeepAliveRule = decision.Rule;

        // A request may wait more than once; its client counts them all.
        var left = decision.Maximum - report.InterimResponses;
        _interim ??= left > 0 ? interim() : null;
        return emitter.WhileAsync(
            work, _interim, left, () => report.InterimResponses++, facts.Asked && operation is not null ? () => Fields(operation) : null);
    }

    // Only for those that asked with "Prefer: processing": some proxies take nothing but a bare status line.
    private List<KeyValuePair<string, string>> Fields(Operation operation)
    {
        var progress = operation.Progress.Snapshot;
        var fields = new List<KeyValuePair<string, string>>();
        if (report.InterimResponses == 0)
        {
            fields.Add(new("Location", OperationLinks.Self(authority.PathBase, operation.Id)));
        }

        fields.Add(new("Progress", progress.TotalItems is { } total
            ? string.Create(CultureInfo.InvariantCulture, $"{progress.Items}/{Math.Max(progress.Items, total)}")
            : progress.Items.ToString(CultureInfo.InvariantCulture)));
        if (progress.Items > 0)
        {
            // RFC 2518 9.7: a status and the URL it is about.
            fields.Add(new("Status-URI", $"200 <{authority.Scheme}://{authority.Host}{progress.Current.ToHref(authority.PathBase)}>"));
        }

        return fields;
    }
}
