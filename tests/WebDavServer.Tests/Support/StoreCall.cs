namespace WebDavServer.Tests.Support;

/// <summary>The calls of a store, and of what it hands out, that a <see cref="FaultyStore"/> can tell apart.</summary>
public enum StoreCall
{
    /// <summary>Looking a resource up.</summary>
    Find,

    /// <summary>The first step of listing a collection.</summary>
    List,

    /// <summary>Each further step of listing a collection, counted by the collection's path.</summary>
    ListNext,

    /// <summary>Opening a file.</summary>
    Open,

    /// <summary>Beginning an upload.</summary>
    Upload,

    /// <summary>Appending to an upload.</summary>
    UploadWrite,

    /// <summary>Merging an upload with the present content.</summary>
    UploadMerge,

    /// <summary>Publishing an upload.</summary>
    UploadPublish,

    /// <summary>Making a collection.</summary>
    MakeCollection,

    /// <summary>Beginning a copy, by its destination.</summary>
    Stage,

    /// <summary>Making a collection of a copy, by its path in the copy.</summary>
    StagedMakeCollection,

    /// <summary>Copying a file, by its source.</summary>
    StagedCopyFile,

    /// <summary>After each chunk of a file that is copied, by its source.</summary>
    StagedCopyChunk,

    /// <summary>Completing a collection of a copy, by its source.</summary>
    StagedComplete,

    /// <summary>Publishing a copy, by its destination.</summary>
    StagedPublish,

    /// <summary>Each step of removing what was replaced, by the destination.</summary>
    DisplacedRemove,

    /// <summary>Renaming, by the source.</summary>
    Rename,

    /// <summary>Removing.</summary>
    Remove,

    /// <summary>Setting times or the read-only mark.</summary>
    Change,

    /// <summary>Asking whether a resource can be written; a failure is the answer.</summary>
    CheckWritable,

    /// <summary>Asking for the room left.</summary>
    Space,
}
