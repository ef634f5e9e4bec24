namespace WebDav.State;

/// <summary>What has to be done with the state before the first request and after the last.</summary>
internal interface IStateLife
{
    /// <summary>Puts in order what a crash has left behind.</summary>
    ValueTask StartAsync(CancellationToken cancellation);

    /// <summary>Leaves nothing for others to put in order.</summary>
    ValueTask StopAsync();
}
