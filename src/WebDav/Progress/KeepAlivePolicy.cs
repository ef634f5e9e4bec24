using System.Net;

namespace WebDav.Progress;

/// <summary>
/// How requests are kept alive. Some clients take a <c>102 Processing</c> for the final answer and then read every later answer one
/// request too late, and some proxies lose the final answer: so it is decided by what is known, not by hope. First match wins.
/// </summary>
internal sealed class KeepAlivePolicy(KeepAliveOptions options)
{
    private readonly KeepAliveClient[] _clients = [.. options.Clients, .. KeepAliveClient.BuiltIn];

    /// <summary>Who is sent any.</summary>
    public KeepAliveMode Mode => options.Mode;

    /// <summary>Decides on a request.</summary>
    public KeepAliveDecision Decide(KeepAliveFacts facts)
    {
        var client = FindClient(facts.UserAgent);
        var proxy = FindProxy(facts.Remote);
        var (allowed, rule) = Judge(facts, client, proxy);
        var pace = Pace(client?.Limits, proxy?.Limits);
        var gets102 = allowed && pace.Maximum > 0;
        return new KeepAliveDecision(rule, gets102 ? pace : pace with { Maximum = 0 })
        {
            Bare = proxy?.Bare ?? false,
            AnswersEarly = !gets102 && client is { ReadsToEnd: true } && !facts.IsHttp10 && options.Mode != KeepAliveMode.Off,
        };
    }

    private (bool Allowed, string Rule) Judge(KeepAliveFacts facts, KeepAliveClient? client, KeepAliveProxy? proxy)
    {
        if (options.Mode == KeepAliveMode.Off)
        {
            return (false, "off");
        }

        if (facts.IsHttp10)
        {
            return (false, "http/1.0");
        }

        if (facts.Method is "GET" or "HEAD" or "OPTIONS")
        {
            return (false, $"method ({facts.Method})");
        }

        if (options.Mode == KeepAliveMode.Always)
        {
            return (true, "always");
        }

        // Hop-by-hop: a proxy that does not know it takes it away, so it proves that the way is clear.
        if (facts.Opted)
        {
            return (true, "connection option");
        }

        return options.Mode == KeepAliveMode.OnRequest && !facts.Asked
            ? (false, "not asked for")
            : JudgeByKnowledge(facts, client, proxy);
    }

    private (bool Allowed, string Rule) JudgeByKnowledge(KeepAliveFacts facts, KeepAliveClient? client, KeepAliveProxy? proxy)
    {
        if (proxy is { Limits.Allowed: false })
        {
            return (false, $"proxy ({facts.Remote})");
        }

        // Who has chosen "only on request" has said that the proxies in front, seen or not, are his clients' affair.
        if (proxy is null && facts.ProxyField is { } field && options.Mode == KeepAliveMode.Auto)
        {
            return (false, $"proxy ({field})");
        }

        if (client is not null)
        {
            return (client.Limits.Allowed, $"client ({client.Name})");
        }

        return facts.Asked ? (true, "asked for") : (false, "unknown client");
    }

    // Of a client and a proxy, the one that takes fewer sets the pace: its few have to last.
    private KeepAlivePace Pace(KeepAliveLimits? client, KeepAliveLimits? proxy)
    {
        client ??= KeepAliveLimits.None;
        proxy ??= KeepAliveLimits.None;
        var (tight, wide) = proxy.Maximum < client.Maximum ? (proxy, client) : (client, proxy);
        return new KeepAlivePace(
            Math.Min(options.Maximum, tight.Maximum),
            tight.First ?? wide.First ?? options.FirstAfter,
            tight.Interval ?? wide.Interval ?? options.Interval,
            tight.Growth ?? wide.Growth ?? 1,
            client.MaximumBytes);
    }

    private KeepAliveClient? FindClient(string? userAgent) =>
        string.IsNullOrEmpty(userAgent) ? null : Array.Find(_clients, client => client.Matches(userAgent));

    private KeepAliveProxy? FindProxy(IPAddress? remote)
    {
        if (remote is null || options.Proxies.Count == 0)
        {
            return null;
        }

        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        return options.Proxies.FirstOrDefault(proxy => proxy.Network.Contains(address));
    }
}
