using System.Diagnostics;

namespace WebDavServer.Tests.Support;

/// <summary>For what .NET has no call: pipes, and names that are not UTF-8.</summary>
internal static class Shell
{
    /// <summary>Runs a line of sh in a directory; it must succeed.</summary>
    public static void Run(string directory, string line)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line]) { WorkingDirectory = directory })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
