using WebDav.Protocol;

namespace WebDavServer.Tests.Protocol;

/// <summary>What a parser says no with.</summary>
internal static class Refused
{
    /// <summary>Runs something that must end in a fault with this status and a reason for people.</summary>
    public static DavFault With(int status, Action parse)
    {
        var fault = Assert.Throws<DavFaultException>(parse).Fault;
        Assert.Equal(status, fault.Status);
        Assert.NotEmpty(fault.Reason);
        return fault;
    }
}
