namespace WebDav.Locking;

/// <summary>What a request in progress does to a resource, as far as other requests must wait for it.</summary>
internal enum LeaseKind
{
    /// <summary>Writes the resource itself: PUT, MKCOL, PROPPATCH, a LOCK of depth 0.</summary>
    Resource,

    /// <summary>Adds or removes a member of the collection, beside others that do.</summary>
    Members,

    /// <summary>Writes the resource and everything below it: DELETE, MOVE, the destination of COPY, a deep LOCK.</summary>
    Tree,

    /// <summary>Reads everything below and needs it to stay where it is, beside others that read or write single files: the source of COPY.</summary>
    Source,
}
