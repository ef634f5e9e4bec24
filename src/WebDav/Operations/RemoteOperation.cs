namespace WebDav.Operations;

/// <summary>An operation of another server, as its record shows it: it is watched like one of this server, and what is asked of it is passed on.</summary>
/// <param name="id">Its id.</param>
/// <param name="key">What it does.</param>
/// <param name="started">When it began, UTC.</param>
/// <param name="tell">Passes a command on to the server that is at it.</param>
/// <param name="time">Tells how long nobody has looked, and when it was lost.</param>
internal sealed class RemoteOperation(
    Guid id, OperationKey key, DateTimeOffset started, Action<OperationCommand> tell, TimeProvider time) : Operation(id, key, started)
{
    private OperationRecord? _record;
    private long _seen = time.GetTimestamp();

    /// <summary>How long nobody has looked at it.</summary>
    public TimeSpan Unseen => time.GetElapsedTime(Volatile.Read(ref _seen));

    /// <inheritdoc/>
    /// <remarks>As of the newest record: its version, too, so that who watches from several servers sees one history.</remarks>
    public override (long Version, OperationState State, OperationEnd? End) Now
    {
        get
        {
            Volatile.Write(ref _seen, time.GetTimestamp());
            var ended = base.Now;
            return ended.End is not null ? ended with { Version = Math.Max(ended.Version, _record?.Version ?? 0) }
                : (_record?.Version ?? 0, _record?.State ?? OperationState.Running, null);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Asking whether it has ended is not looking at it.</remarks>
    public override bool HasEnded => Completion.IsCompleted;

    /// <summary>Takes over what a newer record says; its end, too.</summary>
    public void Show(OperationRecord record)
    {
        _record = record;
        Progress.Show(new(record.Items, record.Bytes, record.Failed, Protocol.DavPath.FromValue(record.Current ?? ""))
        {
            TotalItems = record.TotalItems,
            TotalBytes = record.TotalBytes,
        });
        if (record is { Ended: { } at } && record.ToResult() is { } result)
        {
            Conclude(record.State, result, at);
            Announce();
        }
    }

    /// <inheritdoc/>
    public override void Pause() => tell(OperationCommand.Pause);

    /// <inheritdoc/>
    public override void Resume() => tell(OperationCommand.Resume);

    /// <inheritdoc/>
    /// <remarks>Only what somebody asks for is passed on: the end of this server is none of the other's.</remarks>
    public override bool Stop(OperationState reason)
    {
        if (HasEnded)
        {
            return false;
        }

        if (reason == OperationState.Cancelled)
        {
            tell(OperationCommand.Cancel);
        }
        else
        {
            Lose(reason);
        }

        return true;
    }

    /// <summary>Ends the wait for it without an end of its own: its server, or this one, is gone.</summary>
    public void Lose(OperationState reason)
    {
        Conclude(reason, OperationResult.Unfinished(Key.Method, reason), time.GetUtcNow());
        Announce();
    }
}
