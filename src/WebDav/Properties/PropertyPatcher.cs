using WebDav.Protocol;
using WebDav.Protocol.Xml;
using WebDav.Storage;

namespace WebDav.Properties;

/// <summary>Carries out a PROPPATCH (RFC 4918 9.2): all of it, in document order, or nothing.</summary>
internal sealed class PropertyPatcher(IDeadProperties properties, IStore store, PropertyOptions options)
{
    /// <summary>Sets and removes properties.</summary>
    /// <returns>What is said of each property: all 200, or the refused ones with their fault and 424 for the innocent.</returns>
    public async ValueTask<IReadOnlyList<PropertyOutcome>> PatchAsync(
        Entry target, IReadOnlyList<PropertyInstruction> instructions, CancellationToken cancellation)
    {
        var kept = await properties.ReadAsync(target.Path, cancellation);
        var patch = PropertyPatch.Of(instructions, target.IsCollection, kept, options);
        if (!patch.IsRefused)
        {
            await CarryOutAsync(patch, target.Path, kept, cancellation);
        }

        return patch.Outcomes;
    }

    /// <summary>Finds out what comes of the properties that a collection is to be made with (RFC 5689 3).</summary>
    public PropertyPatch PlanCollection(IReadOnlyList<PropertyInstruction> instructions) =>
        PropertyPatch.OfNewCollection(instructions, options);

    /// <summary>Carries out what was planned; if the resource itself refuses its part, the plan says so and nothing has changed.</summary>
    /// <param name="patch">The plan.</param>
    /// <param name="path">The resource.</param>
    /// <param name="kept">The dead properties that it has.</param>
    /// <param name="cancellation">Ends it before anything is changed.</param>
    public async ValueTask CarryOutAsync(
        PropertyPatch patch, DavPath path, IReadOnlyList<DeadProperty> kept, CancellationToken cancellation)
    {
        await properties.ApplyAsync(path, patch.Changes, cancellation);
        if (patch.OnEntry.IsEmpty)
        {
            return;
        }

        try
        {
            await store.ChangeAsync(path, patch.OnEntry, CancellationToken.None);
        }
        catch (StoreException refused)
        {
            await properties.ApplyAsync(path, PutBack(patch.Changes, kept), CancellationToken.None);
            patch.RefuseOnEntry(refused.ToDavFault());
        }
    }

    private static List<PropertyChange> PutBack(IEnumerable<PropertyChange> changes, IReadOnlyList<DeadProperty> kept) =>
        [.. changes.Select(change => change.Name).Distinct().Select(name => new PropertyChange(name, kept.FirstOrDefault(old => old.Name == name)))];
}
