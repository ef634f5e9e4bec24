using WebDav.Operations;

namespace WebDav.State.Shared;

/// <summary>An operation of another server that somebody here looks at or waits for.</summary>
internal sealed class WatchedOperation
{
    /// <summary>How long a server may take from the end of a lease to the record of how its work ended.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>How long it is watched for nobody.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long? _gone;
    private OperationCommand? _wish;

    public WatchedOperation(Guid id, OperationKey key, DateTimeOffset started, TimeProvider time, bool joined)
    {
        (_time, IsJoined) = (time, joined);
        Operation = new RemoteOperation(id, key, started, Want, time);
    }

    /// <summary>The operation.</summary>
    public RemoteOperation Operation { get; }

    /// <summary>Whether a request waits for its end.</summary>
    public bool IsJoined { get; set; }

    /// <summary>What somebody wants of it that its server was not told yet.</summary>
    public OperationCommand? Wish
    {
        get
        {
            lock (_gate)
            {
                return _wish;
            }
        }
    }

    /// <summary>Whether it has ended, or nobody has looked for long.</summary>
    public bool IsForgotten => Operation.HasEnded || (!IsJoined && Operation.Unseen > Patience);

    /// <summary>Takes note of what the database says of it.</summary>
    /// <param name="record">Its record; null while there is none.</param>
    /// <param name="leased">Whether its lease is there.</param>
    public void See(OperationRecord? record, bool leased)
    {
        if (record is not null)
        {
            Operation.Show(record);
        }

        // It ends with its record. Where that never comes, its server has died before it wrote one.
        _gone = leased ? null : _gone ?? _time.GetTimestamp();
        if (!Operation.HasEnded && _gone is { } gone && _time.GetElapsedTime(gone) > Grace)
        {
            Operation.Lose(OperationState.Interrupted);
        }
    }

    /// <summary>Its server was told.</summary>
    public void Granted(OperationCommand wish)
    {
        lock (_gate)
        {
            _wish = _wish == wish ? null : _wish;
        }
    }

    private void Want(OperationCommand wish)
    {
        lock (_gate)
        {
            _wish = _wish == OperationCommand.Cancel ? _wish : wish;
        }
    }
}
