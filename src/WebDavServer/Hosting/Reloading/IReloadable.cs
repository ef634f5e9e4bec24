namespace WebDavServer.Hosting.Reloading;

/// <summary>A part of the server that takes new settings while it runs.</summary>
internal interface IReloadable
{
    /// <summary>Whether a setting is one that it takes.</summary>
    bool Takes(string key);

    /// <summary>Reads its part of new settings, and adds what is wrong with it to <paramref name="faults"/>. Nothing changes yet.</summary>
    /// <returns>Puts what was read in force; it cannot fail.</returns>
    Action Read(ServerSettings settings, List<string> faults);
}
