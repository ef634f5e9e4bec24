namespace WebDav.Storage.Linux;

/// <summary>What a directory entry is (readdir(3), <c>d_type</c>); everything else is a pipe, a socket or a device.</summary>
internal enum EntryType : byte
{
    /// <summary>The file system does not say.</summary>
    Unknown = 0,
    Directory = 4,
    File = 8,
    Link = 10,
}
