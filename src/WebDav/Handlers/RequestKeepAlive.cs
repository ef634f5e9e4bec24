using WebDav.Progress;

namespace WebDav.Handlers;

/// <summary>Awaits long work for one request, and keeps its client waiting with <c>102 Processing</c> if it is one that can take them.</summary>
internal sealed class RequestKeepAlive(
    KeepAliveEmitter emitter, KeepAlivePolicy policy, KeepAliveFacts facts, Func<IInterimResponse?> interim, RequestReport report)
{
    /// <summary>Awaits work. When this returns, no 102 can follow any more.</summary>
    public async Task<T> WhileAsync<T>(Task<T> work)
    {
        var decision = policy.Decide(facts);
        report.KeepAliveRule = decision.Rule;
        var (result, sent) = await emitter.WhileAsync(work, decision.Maximum > 0 ? interim() : null, decision.Maximum);
        report.InterimResponses += sent;
        return result;
    }
}
