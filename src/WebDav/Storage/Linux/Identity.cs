namespace WebDav.Storage.Linux;

/// <summary>What makes a file or directory the same one under any name: its device and its inode (inode(7)).</summary>
internal readonly record struct Identity(ulong Device, ulong Inode);
