namespace WebDav.Storage;

/// <summary>The ways in which a store can fail to do what it was asked.</summary>
public enum StoreFault
{
    /// <summary>Something went wrong below: a damaged disk, a lost network drive. 500.</summary>
    InputOutput,

    /// <summary>The resource is not there (any more). 404.</summary>
    NotFound,

    /// <summary>The collection that should hold the resource is not there. 409.</summary>
    NoParent,

    /// <summary>The server may not read or write it: permissions, a read-only file system, a link that leads outside. 403.</summary>
    Denied,

    /// <summary>Something is there already, or came to be there meanwhile. 409, unless the method says 405 or 412.</summary>
    AlreadyExists,

    /// <summary>A collection still has members. 409.</summary>
    NotEmpty,

    /// <summary>A name, or the whole path, is longer than the store can take. 414 for a request's own URL.</summary>
    NameTooLong,

    /// <summary>No room is left, or a quota is used up. 507.</summary>
    NoSpace,

    /// <summary>The file grew beyond what the store can hold. 507.</summary>
    TooLarge,

    /// <summary>Source and destination are on different file systems, so that a rename cannot move it.</summary>
    CrossDevice,

    /// <summary>The server has run out of file handles, or the resource is in use. 503.</summary>
    Busy,

    /// <summary>What the server keeps its state in cannot be reached now: nothing was done. 503.</summary>
    Unavailable,

    /// <summary>This server was taken for dead, and another has taken over what it was at: nothing was done. 503.</summary>
    Superseded,

    /// <summary>A link leads back to a collection it is in (RFC 5842 7.2). 508.</summary>
    Loop,
}
