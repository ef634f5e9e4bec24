namespace WebDav.Scheduling;

/// <summary>
/// Runs tasks on the thread pool, few at once and in the order of coming. Unlike those of the framework, it lets go of a task that is
/// cancelled before it has begun, so that nobody waits for it behind others that hang.
/// </summary>
internal sealed class FewThreads(int count) : TaskScheduler, IThreadPoolWorkItem
{
    private readonly LinkedList<Task> _waiting = [];
    private int _busy;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => count;

    /// <summary>Whether nothing waits for a thread.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_waiting)
            {
                return _waiting.Count == 0;
            }
        }
    }

    /// <summary>One of the threads: goes on as long as there is something to do.</summary>
    public void Execute()
    {
        while (Next() is { } task)
        {
            TryExecuteTask(task);
        }
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        lock (_waiting)
        {
            _waiting.AddLast(task);
            if (_busy == count)
            {
                return;
            }

            _busy++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    protected override bool TryDequeue(Task task)
    {
        lock (_waiting)
        {
            return _waiting.Remove(task);
        }
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_waiting)
        {
            return [.. _waiting];
        }
    }

    private Task? Next()
    {
        lock (_waiting)
        {
            var next = _waiting.First?.Value;
            if (next is null)
            {
                _busy--;
            }
            else
            {
                _waiting.RemoveFirst();
            }

            return next;
        }
    }
}
