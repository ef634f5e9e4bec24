namespace WebDav.Protocol;

/// <summary>Ends a request with a <see cref="DavFault"/>. For bad input; the usual refusals are returned, not thrown.</summary>
public sealed class DavFaultException : Exception
{
    /// <summary>Ends a request with a fault.</summary>
    public DavFaultException(DavFault fault)
        : base(fault.Reason) => Fault = fault;

    /// <summary>What the client is told.</summary>
    public DavFault Fault { get; }

    /// <summary>A 400 Bad Request for something that cannot be understood (RFC 9110 15.5.1).</summary>
    public static DavFaultException BadRequest(string reason) => new(new DavFault(400, reason));
}
