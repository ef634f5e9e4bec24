using System.Runtime.InteropServices;

namespace WebDav.Storage.Linux;

/// <summary><c>struct statvfs</c> (fstatvfs(3)) on 64-bit glibc and musl.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatvfsBuffer
{
    [FieldOffset(8)]
    public ulong FragmentSize;

    [FieldOffset(16)]
    public ulong Blocks;

    [FieldOffset(24)]
    public ulong Free;

    [FieldOffset(32)]
    public ulong Available;
}
