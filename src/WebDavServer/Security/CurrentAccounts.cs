namespace WebDavServer.Security;

/// <summary>The accounts in force.</summary>
internal sealed class CurrentAccounts(Accounts first)
{
    private volatile Accounts _value = first;

    /// <summary>The accounts; a request looks once, so that it has one and the same all along.</summary>
    public Accounts Value
    {
        get => _value;
        set => _value = value;
    }
}
