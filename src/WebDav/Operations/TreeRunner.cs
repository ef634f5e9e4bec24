using WebDav.Progress;
using WebDav.Protocol;
using WebDav.Trees;

namespace WebDav.Operations;

/// <summary>Runs a tree operation to its end, on its own: nobody has to wait for it.</summary>
internal static class TreeRunner
{
    /// <summary>Most failures that are listed.</summary>
    public const int MaximumFailures = 10_000;

    /// <summary>Runs the steps of an operation.</summary>
    /// <param name="steps">The operation.</param>
    /// <param name="tracker">Takes note of each step.</param>
    public static Task<TreeOutcome> RunAsync(IAsyncEnumerable<TreeEvent> steps, ProgressTracker tracker) => Task.Run(async () =>
    {
        var failures = new List<MemberFault>();
        var unlisted = 0L;
        await foreach (var step in steps)
        {
            tracker.Add(step);
            if (step.Failure is null)
            {
                continue;
            }

            if (failures.Count < MaximumFailures)
            {
                failures.Add(step.Failure);
            }
            else
            {
                unlisted++;
            }
        }

        return new TreeOutcome(failures, unlisted);
    });
}
