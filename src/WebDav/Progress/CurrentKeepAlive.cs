namespace WebDav.Progress;

/// <summary>The policy in force.</summary>
internal sealed class CurrentKeepAlive(KeepAlivePolicy first)
{
    private volatile KeepAlivePolicy _value = first;

    /// <summary>The policy; a request looks once, so that it has one and the same all along.</summary>
    public KeepAlivePolicy Value
    {
        get => _value;
        set => _value = value;
    }
}
