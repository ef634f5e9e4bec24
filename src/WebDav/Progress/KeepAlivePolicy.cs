namespace WebDav.Progress;

/// <summary>
/// Who is sent <c>102 Processing</c>. Some clients take one for the final answer and then read every later answer one request
/// too late, and some proxies lose the final answer: so it is decided by what is known, not by hope. First match wins.
/// </summary>
internal sealed class KeepAlivePolicy(KeepAliveOptions options)
{
    public KeepAliveDecision Decide(KeepAliveFacts facts)
    {
        if (options.Mode == KeepAliveMode.Off)
        {
            return new KeepAliveDecision(0, "off");
        }

        if (facts.IsHttp10)
        {
            return new KeepAliveDecision(0, "http/1.0");
        }

        return options.Mode switch
        {
            KeepAliveMode.Always => new KeepAliveDecision(options.Maximum, "always"),
            KeepAliveMode.OnRequest => facts.Asked ? new KeepAliveDecision(options.Maximum, "asked for") : new KeepAliveDecision(0, "not asked for"),
            _ => DecideByKnowledge(facts),
        };
    }

    private KeepAliveDecision DecideByKnowledge(KeepAliveFacts facts)
    {
        if (facts.ProxyField is not null)
        {
            return new KeepAliveDecision(0, $"proxy ({facts.ProxyField})");
        }

        if (KeepAliveClient.Find(facts.UserAgent) is { } client)
        {
            return new KeepAliveDecision(Math.Min(options.Maximum, client.Maximum), $"client ({client.Product.TrimEnd('/')})");
        }

        return facts.Asked ? new KeepAliveDecision(options.Maximum, "asked for") : new KeepAliveDecision(0, "unknown client");
    }
}
