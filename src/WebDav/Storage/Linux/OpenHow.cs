using System.Runtime.InteropServices;

namespace WebDav.Storage.Linux;

/// <summary><c>struct open_how</c> (openat2(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct OpenHow(ulong Flags, ulong Mode, ulong Resolve)
{
    public const ulong NoMagicLinks = 0x2;
    public const ulong NoLinks = 0x4;
    public const ulong Beneath = 0x8;
}
