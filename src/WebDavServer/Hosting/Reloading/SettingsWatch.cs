using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace WebDavServer.Hosting.Reloading;

/// <summary>
/// Looks at the settings when one of their directories changes, when somebody asks for it with SIGHUP, and from time to time, because
/// not every file system tells of its changes and a symbolic link may change far from its name.
/// </summary>
internal sealed partial class SettingsWatch(Reload reload, IHostApplicationLifetime program, TimeProvider time, ILogger<SettingsWatch> logger)
    : BackgroundService
{
    /// <summary>How long it waits after the first sign of a change: what is written at once is not read in halves.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>After how long it looks of itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<bool> _signs = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, FileSystemWatcher> _directories = new(StringComparer.Ordinal);
    private PosixSignalRegistration? _hangUp;
    private ITimer? _clock;
    private readonly bool _isAtTerminal = !Console.IsInputRedirected;
    private volatile bool _asked;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        _clock = time.CreateTimer(_ => Notice(), null, Patience, Patience);
        Follow();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _hangUp?.Dispose();
        _clock?.Dispose();
        foreach (FileSystemWatcher watcher in _directories.Values)
        {
            watcher.Dispose();
        }

        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (bool _ in _signs.Reader.ReadAllAsync(stoppingToken))
            {
                await Task.Delay(Settling, time, stoppingToken);
                bool asked = _asked;
                _asked = false;
                reload.Look(asked);
                Follow();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end, that of a start which has failed included: the host would log it as a fault.
        }
    }

    /// <summary>Somebody asks for a look, or the terminal is closed from which the program was started: that ends it, as it ends any other.</summary>
    private void OnHangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_isAtTerminal && !HasTerminal())
        {
            program.StopApplication();
            return;
        }

        _asked = true;
        Notice();
    }

    private static bool HasTerminal()
    {
        try
        {
            using SafeFileHandle terminal = File.OpenHandle("/dev/tty");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Notice() => _signs.Writer.TryWrite(true);

    /// <summary>Watches the directories of the files as they are now. The files themselves will not do: most programs replace them.</summary>
    private void Follow()
    {
        HashSet<string> wanted = [.. reload.Files.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!)];
        foreach (string left in _directories.Keys.Except(wanted).ToList())
        {
            _directories.Remove(left, out FileSystemWatcher? watcher);
            watcher?.Dispose();
        }

        foreach (string directory in wanted.Except(_directories.Keys).ToList())
        {
            Watch(directory);
        }
    }

    private void Watch(string directory)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new(directory) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite };
            watcher.Changed += (_, _) => Notice();
            watcher.Created += (_, _) => Notice();
            watcher.Deleted += (_, _) => Notice();
            watcher.Renamed += (_, _) => Notice();
            watcher.Error += (_, _) => Notice();
            watcher.EnableRaisingEvents = true;
            _directories.Add(directory, watcher);
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            (string place, string reason) = (LogText.Safe(directory), LogText.Safe(fault.Message));
            LogUnwatched(place, reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Changes in {Directory} will be seen within half a minute, not at once: {Reason}")]
    private partial void LogUnwatched(string directory, string reason);
}
