using WebDav.Protocol;

namespace WebDav.Storage;

/// <summary>A store could not do what it was asked.</summary>
public sealed class StoreException : IOException
{
    /// <summary>A fault at a path.</summary>
    /// <param name="fault">Which fault.</param>
    /// <param name="path">The resource that it happened to.</param>
    /// <param name="detail">What the system said, for the log; never shown to clients.</param>
    /// <param name="inner">The exception behind it, if any.</param>
    public StoreException(StoreFault fault, DavPath path, string detail, Exception? inner = null)
        : base($"{fault} at {path}: {detail}", inner)
    {
        Fault = fault;
        Path = path;
    }

    /// <summary>Which fault.</summary>
    public StoreFault Fault { get; }

    /// <summary>The resource that it happened to.</summary>
    public DavPath Path { get; }
}
