using Microsoft.Extensions.Logging;

namespace WebDavServer.Hosting.Reloading;

/// <summary>Reads the settings anew and puts in force what can be while the server runs: all of it, or nothing if anything is wrong.</summary>
internal sealed partial class Reload(ServerSettings first, IEnumerable<IReloadable> parts, ILogger<Reload> logger)
{
    private readonly IReloadable[] _parts = [.. parts];
    private SettingsSnapshot _inForce = first.Snapshot;
    private IReadOnlyList<string> _lastFaults = [];

    /// <summary>The files from which the settings come, those of certificates among them.</summary>
    public IReadOnlyList<string> Files { get; private set; } = first.Files;

    /// <summary>Looks whether the settings have changed. Not to be called again before it returns.</summary>
    /// <param name="asked">Whether somebody has asked for it, who is told in any case what came of it.</param>
    public void Look(bool asked)
    {
        List<string> faults = [];
        try
        {
            ServerSettings next = first.Again();
            Files = [.. next.Files.Union(first.Files)];
            PutInForce(next, asked || _lastFaults.Count > 0, faults);
        }
        catch (StartFaultException wrong)
        {
            faults.AddRange(wrong.Lines);
        }
        catch (Exception fault)
        {
            faults.Add(LogText.Safe(fault.Message)); // Whatever it is, the server goes on with what it has.
        }

        Report(faults, asked);
    }

    private void PutInForce(ServerSettings next, bool says, List<string> faults)
    {
        IReadOnlyList<string> changed = next.Snapshot.KeysThatDifferFrom(_inForce);
        if (changed.Count == 0 && next.Faults.Count == 0)
        {
            if (says)
            {
                LogUnchanged();
            }

            return;
        }

        faults.AddRange(SettingsCheck.Faults(next));
        List<Action> changes = [];
        foreach (IReloadable part in _parts)
        {
            Action change = part.Read(next, faults);
            if (changed.Any(part.Takes))
            {
                changes.Add(change);
            }
        }

        if (faults.Count == 0)
        {
            changes.ForEach(change => change());
            _inForce = next.Snapshot;
            Tell(changed);
        }
    }

    private void Tell(IReadOnlyList<string> changed)
    {
        ILookup<bool, string> keys = changed.ToLookup(key => _parts.Any(part => part.Takes(key)));
        if (SectionsOf(keys[true]) is { Length: > 0 } reloaded)
        {
            LogReloaded(reloaded);
        }

        if (SectionsOf(keys[false]) is { Length: > 0 } later)
        {
            LogLater(later);
        }
    }

    // Whoever looks every half minute does not say the same every half minute.
    private void Report(List<string> faults, bool asked)
    {
        string[] lines = [.. faults.Distinct()];
        if (asked || !lines.SequenceEqual(_lastFaults))
        {
            foreach (string line in lines)
            {
                LogWrong(line);
            }
        }

        _lastFaults = lines;
    }

    // Auth:Users:0:Name is told as Auth:Users: one name for all that was changed there.
    private static string SectionsOf(IEnumerable<string> keys) =>
        string.Join(", ", keys.Select(key => LogText.Safe(string.Join(':', key.Split(':').Take(2)))).Distinct(StringComparer.OrdinalIgnoreCase));

    [LoggerMessage(Level = LogLevel.Information, Message = "Settings reloaded: {Sections}")]
    private partial void LogReloaded(string sections);

    [LoggerMessage(Level = LogLevel.Information, Message = "Settings read anew: they are those in force")]
    private partial void LogUnchanged();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Settings changed that take effect at the next start: {Sections}")]
    private partial void LogLater(string sections);

    [LoggerMessage(Level = LogLevel.Error, Message = "The new settings are wrong and the old ones stay: {Fault}")]
    private partial void LogWrong(string fault);
}
