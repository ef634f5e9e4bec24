using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WebDavServer.Tests.Support;

/// <summary>The built program as a process of its own.</summary>
internal static class ServerProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs the program until it ends by itself.</summary>
    /// <param name="currentDirectory">Where it runs.</param>
    /// <param name="environment">Environment variables to add.</param>
    /// <param name="arguments">Its command line.</param>
    public static async Task<(int ExitCode, string[] Out, string[] Error)> RunAsync(
        string currentDirectory, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using Process process = Start(currentDirectory, environment, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return (process.ExitCode, Lines(await output), Lines(await error));
    }

    /// <summary>Starts the program; the caller ends it.</summary>
    public static Process Start(string currentDirectory, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "WebDavServer.dll"), .. arguments])
        {
            WorkingDirectory = currentDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits until the program says where it listens, and returns that.</summary>
    public static Task<string> ListeningOnAsync(Process process) => RestAfterAsync(process, "Now listening on: ");

    /// <summary>Waits until the log has a line with these words, and returns what follows them.</summary>
    public static async Task<string> RestAfterAsync(Process process, string said)
    {
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            int at = line.IndexOf(said, StringComparison.Ordinal);
            if (at >= 0)
            {
                return line[(at + said.Length)..].Trim();
            }
        }

        Assert.Fail($"The server ended and did not say '{said}': " + await process.StandardError.ReadToEndAsync());
        return "";
    }

    /// <summary>Sends the program a signal.</summary>
    public static void Signal(Process process, int signal) => Assert.Equal(0, Kill(process.Id, signal));

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
