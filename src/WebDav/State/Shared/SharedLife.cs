using WebDav.Storage;

namespace WebDav.State.Shared;

/// <summary>The state of one server of several: it takes its seat, and gives it up at its end.</summary>
internal sealed class SharedLife(SharedDatabase database, Heart heart) : IStateLife
{
    /// <inheritdoc/>
    public ValueTask StartAsync(CancellationToken cancellation)
    {
        database.Prepare();
        try
        {
            heart.Start();
            return ValueTask.CompletedTask;
        }
        catch (StoreException fault)
        {
            throw new StateException($"This server cannot take its place among those that share the directory: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public ValueTask StopAsync() => heart.StopAsync();
}
