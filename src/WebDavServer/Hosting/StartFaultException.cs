namespace WebDavServer.Hosting;

/// <summary>The server cannot start, for reasons that the person who starts it can put right.</summary>
internal sealed class StartFaultException(int exitCode, IReadOnlyList<string> lines) : Exception(string.Join('\n', lines))
{
    /// <summary>The exit code for a wrong option or setting.</summary>
    public const int WrongSettings = 2;

    /// <summary>The exit code for a right setting that the machine refuses: no such directory, port in use, permission denied.</summary>
    public const int CannotStart = 1;

    /// <summary>What the process returns.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>One line for each fault.</summary>
    public IReadOnlyList<string> Lines { get; } = lines;
}
