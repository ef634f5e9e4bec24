namespace WebDavServer.Tests.Reliability;

/// <summary>
/// Decides whether a history can be that of a server which does one write after the other on a resource, honours locks and conditions,
/// and shows only what was written whole. Each rule is a necessary condition of that; none looks at a clock.
/// </summary>
internal static class HistoryChecker
{
    /// <summary>The collection whose files are only put, removed, locked and read: their order is checked in full.</summary>
    public const string Registers = "/plain/";

    /// <summary>Every violation, in words.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyCollection<HistoryEvent> history) => [.. Answers(history), .. CheckDespiteFailures(history)];

    /// <summary>As <see cref="Check"/>, where servers were killed and requests could go without an answer, or be told to come again.</summary>
    public static IReadOnlyList<string> CheckDespiteFailures(IReadOnlyCollection<HistoryEvent> history) =>
    [
        .. Contents(history), .. Tags(history), .. LostUpdates(history), .. Locks(history), .. UnderLock(history),
        .. history.Where(at => at.Path.StartsWith(Registers, StringComparison.Ordinal)).GroupBy(at => at.Path).SelectMany(Register),
    ];

    // Who only crosses others is refused, and never finds that the server failed, or none at all.
    private static IEnumerable<string> Answers(IEnumerable<HistoryEvent> history) =>
        history.Where(at => at.Status is 0 or >= 500).Select(at => $"no right answer: {at}");

    // What is read was written whole, by a PUT that had begun and was not refused.
    private static IEnumerable<string> Contents(IReadOnlyCollection<HistoryEvent> history)
    {
        Dictionary<string, HistoryEvent> puts = history.Where(at => at.Wrote is not null).ToDictionary(at => at.Wrote!, StringComparer.Ordinal);
        foreach (HistoryEvent read in history.Where(at => at.Read is not null))
        {
            string? name = HistoryContent.NameOf(read.Read!);
            bool known = name == HistoryContent.Empty || (name is not null && puts.TryGetValue(name, out HistoryEvent? put) && put.IsPossible && put.Begin < read.End);
            if (!known)
            {
                yield return $"what was read was never written whole: {read with { Read = Shorten(read.Read!) }}";
            }
        }
    }

    // An entity tag of a resource stands for one content (RFC 9110 8.8.3).
    private static IEnumerable<string> Tags(IEnumerable<HistoryEvent> history) =>
        from at in history
        where at.ETag is not null && at.IsConfirmed
        group at.Wrote ?? HistoryContent.NameOf(at.Read ?? "") by (at.Path, at.ETag) into seen
        where seen.Distinct(StringComparer.Ordinal).Skip(1).Any()
        select $"{seen.Key.ETag} of {seen.Key.Path} stands for {string.Join(" and ", seen.Distinct(StringComparer.Ordinal))}";

    // RFC 9110 13.1.1: of those who would replace the same content, one can.
    private static IEnumerable<string> LostUpdates(IEnumerable<HistoryEvent> history) =>
        from at in history
        where at.IfMatch is not null && at.IsConfirmed
        group at by (at.Path, at.IfMatch) into updates
        where updates.Skip(1).Any()
        select $"an update is lost: {string.Join(" and ", updates)}";

    // RFC 4918 6.1, 7: between the answer of a LOCK and the request of its UNLOCK, no one else changes what it covers, or locks it.
    private static IEnumerable<string> Locks(IReadOnlyCollection<HistoryEvent> history)
    {
        Dictionary<string, HistoryEvent> ends = history
            .Where(at => at.Method == "UNLOCK").GroupBy(at => at.Token!).ToDictionary(tries => tries.Key, tries => tries.MinBy(at => at.Begin)!, StringComparer.Ordinal);
        HistoryEvent[] ordered = [.. history.Where(at => at.IsConfirmed && (at.Method == "LOCK" || at.Changes.Any())).OrderBy(at => at.Begin)];
        for (int i = 0; i < ordered.Length; i++)
        {
            HistoryEvent granted = ordered[i];
            if (granted.Method != "LOCK")
            {
                continue;
            }

            long released = ends.TryGetValue(granted.Token!, out HistoryEvent? end) ? end.Begin : long.MaxValue;
            for (int j = i + 1; j < ordered.Length && ordered[j].Begin < released; j++)
            {
                HistoryEvent other = ordered[j];
                if (other.Begin > granted.End && other.End < released && other.Token != granted.Token
                    && (other.Method == "LOCK" ? [other.Path] : other.Changes).Any(changed => Meet(changed, granted.Path)))
                {
                    yield return $"a lock was passed: {granted} by {other}";
                }
            }
        }
    }

    // Who holds a lock reads what it has written last.
    private static IEnumerable<string> UnderLock(IEnumerable<HistoryEvent> history)
    {
        foreach (IGrouping<string, HistoryEvent> held in history.Where(at => at.Token is not null).GroupBy(at => at.Token!))
        {
            Dictionary<string, string> last = [];
            foreach (HistoryEvent at in held.OrderBy(at => at.Begin))
            {
                if (at is { Wrote: { } wrote, IsConfirmed: true })
                {
                    last[at.Path] = wrote;
                }
                else if (at.Wrote is not null && at.IsPossible)
                {
                    last.Remove(at.Path); // Nobody knows whether it was written.
                }
                else if (at is { Method: "GET", Status: 200 or 404 } && last.TryGetValue(at.Path, out string? own) && HistoryContent.NameOf(at.Read ?? "") != own)
                {
                    yield return $"what a lock's holder had written was changed: {own}, {at with { Read = Shorten(at.Read ?? "") }}";
                }
            }
        }
    }

    // A read sees a write that had begun, and that no other write, confirmed before the read, came wholly after.
    private static IEnumerable<string> Register(IEnumerable<HistoryEvent> history)
    {
        List<(long Begin, long End, string? Value)> writes = [(-1, -1, null)];
        List<(long Begin, long End)> confirmed = [];
        List<HistoryEvent> reads = [];
        foreach (HistoryEvent at in history.OrderBy(at => at.Begin))
        {
            if (at.Method == "GET")
            {
                reads.Add(at);
            }
            else if (at.Changes.Any() && at.IsPossible)
            {
                writes.Add((at.Begin, at.End, at.Method == "DELETE" ? null : at.Wrote ?? HistoryContent.Empty));
                confirmed.AddRange(at.IsConfirmed ? [(at.Begin, at.End)] : []);
            }
        }

        long[] firstEnd = new long[confirmed.Count + 1]; // of the writes from there on, which began in this order
        firstEnd[^1] = long.MaxValue;
        for (int i = confirmed.Count - 1; i >= 0; i--)
        {
            firstEnd[i] = Math.Min(firstEnd[i + 1], confirmed[i].End);
        }

        ILookup<string, (long Begin, long Over)> candidates = writes.ToLookup(
            write => write.Value ?? "nothing", write => (write.Begin, firstEnd[FirstAfter(confirmed, write.End)]));
        return from read in reads
               where read.Status is 200 or 404
               let value = read.Status == 404 ? "nothing" : HistoryContent.NameOf(read.Read!)
               where value is not null && !candidates[value].Any(write => write.Begin < read.End && write.Over >= read.Begin)
               select $"{value} was not there any more, or not yet: {read with { Read = null }}";
    }

    private static int FirstAfter(List<(long Begin, long End)> ordered, long moment)
    {
        int at = ordered.BinarySearch((moment, long.MaxValue));
        return at < 0 ? ~at : at;
    }

    private static bool Meet(string changed, string locked) =>
        changed == locked || changed.StartsWith(locked + "/", StringComparison.Ordinal) || locked.StartsWith(changed + "/", StringComparison.Ordinal);

    private static string Shorten(string text) => text.Length <= 100 ? text : $"{text[..40]}...{text[^40..]} ({text.Length})";
}
