using System.Runtime.InteropServices;

namespace WebDav.Storage.Linux;

/// <summary>Flags of open(2). Two of them have other values on arm64 than on x64.</summary>
internal static class OpenFlags
{
    private const int ReadWriteMode = 0x2;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int NoTerminal = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int PathOnly = 0x200000;

    private static readonly bool s_arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private static int Directory => s_arm ? 0x4000 : 0x10000;

    private static int NoFollow => s_arm ? 0x8000 : 0x20000;

    /// <summary>A handle on whatever has the name, links included, that can do nothing but stand for it.</summary>
    public static int Handle => PathOnly | NoFollow | CloseOnExec;

    /// <summary>A handle on a directory to start other calls from; no permission to list it is needed.</summary>
    public static int DirectoryHandle => PathOnly | Directory | CloseOnExec;

    /// <summary>A directory whose entries are to be read, or that is to be flushed.</summary>
    public static int ReadDirectory => Directory | NoFollow | CloseOnExec;

    /// <summary>A file's content. Should it be a pipe by now, the open does not wait for a writer (fifo(7)).</summary>
    public static int ReadFile => NoFollow | NonBlocking | NoTerminal | CloseOnExec;

    /// <summary>A file that must not have been there.</summary>
    public static int CreateFile => ReadWriteMode | Create | Exclusive | NoFollow | NoTerminal | CloseOnExec;
}
