namespace WebDav.Storage;

/// <summary>What makes a resource the same one under any name. A type of its own and not a number of 128 bits: those cannot be compiled ahead.</summary>
/// <param name="FileSystem">The file system that it is on: of a file, its device (inode(7)).</param>
/// <param name="Number">Its number there: of a file, its inode.</param>
public readonly record struct Identity(ulong FileSystem, ulong Number);
