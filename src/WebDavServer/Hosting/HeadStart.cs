using WebDav.State;

namespace WebDavServer.Hosting;

/// <summary>
/// What every start needs and what takes its time only once, in loading and compiling: SQLite and the logger's configuration. With
/// more than one processor it is over when the settings have been read.
/// </summary>
internal static class HeadStart
{
    /// <summary>Begins it, where there is a processor to spare.</summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount > 1)
        {
            _ = Task.Run(() => StateDatabase.InMemory().DisposeAsync().AsTask());
            _ = Task.Run(LoggingSetup.Warm);
        }
    }
}
