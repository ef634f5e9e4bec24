using Microsoft.Extensions.Logging;
using WebDav.Protocol;
using WebDav.State;
using WebDav.Storage;

namespace WebDavServer.Hosting.Health;

/// <summary>
/// Whether requests can be served: the root can be read, the database can be written, and there is room. It can be asked often and
/// by everybody: one look serves all who ask within a few seconds, there is never more than one, and nobody waits long for it.
/// </summary>
internal sealed partial class Readiness(
    IStore store, IStateDatabase state, FileStoreOptions files, HealthOptions options, TimeProvider time, ILogger<Readiness> logger)
{
    /// <summary>How long what was found counts.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(5);

    /// <summary>How long a check may take: a disk that hangs must not hang this.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private HealthProbe? _probe;
    private string _told = "";

    /// <summary>Each check, with what is wrong or null.</summary>
    public async ValueTask<IReadOnlyList<(string Name, HealthFault? Fault)>> AskAsync()
    {
        HealthProbe probe = Current();
        if (Patience - time.GetElapsedTime(probe.Begun) is var left && left > TimeSpan.Zero)
        {
            await probe.Over.WaitAsync(left, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        IReadOnlyList<(string Name, HealthFault? Fault)> findings = probe.Findings;
        Tell(findings);
        return findings;
    }

    private HealthProbe Current()
    {
        lock (_gate)
        {
            // One that hangs is waited for, however old it is: another would hang beside it.
            if (_probe is null || (_probe.Over.IsCompleted && time.GetElapsedTime(_probe.Begun) >= Lasts))
            {
                _probe = Begin();
            }

            return _probe;
        }
    }

    private HealthProbe Begin()
    {
        List<(string, Task<HealthFault?>)> checks = [("root", CheckAsync(RootAsync)), ("database", CheckAsync(DatabaseAsync))];
        if (!files.ReadOnly)
        {
            checks.Add(("space", CheckAsync(SpaceAsync)));
        }

        return new(time.GetTimestamp(), checks);
    }

    // On a thread of its own: the calls of the file system hold theirs.
    private static Task<HealthFault?> CheckAsync(Func<Task<HealthFault?>> check) => Task.Run(async () =>
    {
        try
        {
            return await check();
        }
        catch (Exception failure)
        {
            return new("failed", failure.Message);
        }
    });

    private async Task<HealthFault?> RootAsync()
    {
        await foreach (Entry _ in store.ListAsync(DavPath.Root, CancellationToken.None))
        {
            break; // It could be read.
        }

        return null;
    }

    private async Task<HealthFault?> DatabaseAsync()
    {
        await state.ProbeAsync();
        return null;
    }

    private async Task<HealthFault?> SpaceAsync()
    {
        long available = (await store.SpaceAsync(DavPath.Root, CancellationToken.None)).Available;
        return available >= options.LeastSpace ? null : new("too little", $"{available} bytes are left, fewer than Health:LeastSpace");
    }

    private void Tell(IReadOnlyList<(string Name, HealthFault? Fault)> findings)
    {
        string words = string.Join(", ", findings.Where(check => check.Fault is not null).Select(check => $"{check.Name} {check.Fault!.Word}"));
        string reasons = string.Join("; ", findings.Where(check => check.Fault is not null).Select(check => $"{check.Name}: {check.Fault!.Reason}"));
        lock (_gate)
        {
            if (words == _told)
            {
                return;
            }

            _told = words;
        }

        if (words.Length > 0)
        {
            LogNotReady(LogText.Safe(reasons));
        }
        else
        {
            LogReady();
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The server is not ready: {Reasons}")]
    private partial void LogNotReady(string reasons);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The server is ready again")]
    private partial void LogReady();
}
