using WebDav.Progress;

namespace WebDav.Handlers;

/// <summary>Awaits long work for one request, and keeps its client waiting with <c>102 Processing</c> if it is one that can take them.</summary>
internal sealed class RequestKeepAlive(
    KeepAliveEmitter emitter, KeepAlivePolicy policy, KeepAliveFacts facts, Func<IInterimResponse?> interim, RequestReport report)
{
    private IInterimResponse? _interim;

    /// <summary>Awaits work. When this returns, no 102 can follow any more.</summary>
    public Task<T> WhileAsync<T>(Task<T> work)
    {
        var decision = policy.Decide(facts);
        report.KeepAliveRule = decision.Rule;

        // A request may wait more than once; its client counts them all.
        var left = decision.Maximum - report.InterimResponses;
        _interim ??= left > 0 ? interim() : null;
        return emitter.WhileAsync(work, _interim, left, () => report.InterimResponses++);
    }
}
