using WebDav.Protocol;

namespace WebDav.Storage;

/// <summary>What a client is told when the store fails.</summary>
internal static class StoreFaults
{
    /// <summary>The status and words for a fault of the store (RFC 4918 11, RFC 9110 15). The system's own words stay in the log.</summary>
    public static DavFault ToDavFault(this StoreFault fault) => fault switch
    {
        StoreFault.NotFound => new DavFault(404, "no such resource"),
        StoreFault.NoParent => new DavFault(409, "the collection that should hold the resource does not exist"),
        StoreFault.Denied => new DavFault(403, "the server may not access the resource"),
        StoreFault.AlreadyExists => new DavFault(409, "a resource has come to be there"),
        StoreFault.NotEmpty => new DavFault(409, "the collection still has members"),
        StoreFault.NameTooLong => new DavFault(414, "the name is longer than the file system can take"),
        StoreFault.NoSpace => new DavFault(507, "no space is left", DavNames.SufficientDiskSpace),
        StoreFault.TooLarge => new DavFault(507, "the file is larger than the file system can take"),
        StoreFault.Busy => new DavFault(503, "the resource is in use, or the server has no file handle left"),
        StoreFault.Unavailable => new DavFault(503, "the server's database cannot be reached now") { RetryAfter = TimeSpan.FromSeconds(2) },
        StoreFault.Superseded => new DavFault(503, "the server has lost its part in this; ask again") { RetryAfter = TimeSpan.FromSeconds(1) },
        StoreFault.Loop => new DavFault(508, "a link leads back to a collection it is in"),
        StoreFault.CrossDevice => new DavFault(500, "the resource is on another file system"),
        _ => new DavFault(500, "the file system reported an error"),
    };

    /// <summary>
    /// Whether the log is to say more of a fault than the answer does: it lies with the machine. The others lie with what was asked,
    /// as when rclone makes a collection before the one that is to hold it.
    /// </summary>
    public static bool IsTheMachines(this StoreFault fault) => fault is not
        (StoreFault.NotFound or StoreFault.NoParent or StoreFault.AlreadyExists or StoreFault.NotEmpty or StoreFault.NameTooLong);

    /// <inheritdoc cref="ToDavFault(StoreFault)"/>
    public static DavFault ToDavFault(this StoreException exception) => exception.Fault.ToDavFault();
}
