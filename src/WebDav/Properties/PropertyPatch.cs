using System.Text;
using System.Xml.Linq;
using WebDav.Protocol;
using WebDav.Protocol.Xml;
using WebDav.Storage;

namespace WebDav.Properties;

/// <summary>What setting and removing properties comes to, found out before any of it is done (RFC 4918 9.2: all or nothing).</summary>
internal sealed class PropertyPatch
{
    private readonly PropertyOptions _options;
    private readonly bool _collection;
    private readonly List<PropertyName> _names;
    private readonly Dictionary<PropertyName, PropertyOutcome> _refused = [];
    private readonly HashSet<PropertyName> _onEntry = [];
    private readonly List<PropertyChange> _changes = [];

    private PropertyPatch(IReadOnlyList<PropertyInstruction> instructions, bool collection, PropertyOptions options)
    {
        (_collection, _options) = (collection, options);
        _names = [.. instructions.Select(instruction => instruction.Name).Distinct()];
    }

    /// <summary>Whether nothing of it may be done.</summary>
    public bool IsRefused => _refused.Count > 0;

    /// <summary>What is to be done to the properties that are kept, in the order of the document.</summary>
    public IReadOnlyList<PropertyChange> Changes => _changes;

    /// <summary>What is to be done to the file or collection itself.</summary>
    public EntryChange OnEntry { get; private set; } = EntryChange.None;

    /// <summary>What is said of each property: 200, or the refused ones with their fault and 424 for the innocent (RFC 4918 9.2.1).</summary>
    public IReadOnlyList<PropertyOutcome> Outcomes =>
        [.. _names.Select(name => _refused.GetValueOrDefault(name, new PropertyOutcome(name, IsRefused ? 424 : 200)))];

    /// <summary>Plans a PROPPATCH.</summary>
    /// <param name="instructions">What the client wants.</param>
    /// <param name="collection">Whether it is of a collection.</param>
    /// <param name="kept">The dead properties that the resource has.</param>
    /// <param name="options">How large they may be, and how many.</param>
    public static PropertyPatch Of(
        IReadOnlyList<PropertyInstruction> instructions, bool collection, IReadOnlyList<DeadProperty> kept, PropertyOptions options)
    {
        var patch = new PropertyPatch(instructions, collection, options);
        foreach (var instruction in instructions)
        {
            patch.Add(instruction);
        }

        patch.RefuseTooMany(kept);
        return patch;
    }

    /// <summary>Plans the properties of a collection that is to be made with them (RFC 5689 3): its type is one of them.</summary>
    public static PropertyPatch OfNewCollection(IReadOnlyList<PropertyInstruction> instructions, PropertyOptions options)
    {
        var patch = new PropertyPatch(instructions, collection: true, options);
        foreach (var instruction in instructions)
        {
            if (instruction is { Name: { Namespace: DavNames.Namespace, Local: "resourcetype" } name, Element: { } type })
            {
                patch.CheckType(name, type);
            }
            else
            {
                patch.Add(instruction);
            }
        }

        patch.RefuseTooMany(kept: []);
        return patch;
    }

    /// <summary>Refuses those that act on the file or collection, because that failed.</summary>
    public void RefuseOnEntry(DavFault fault)
    {
        foreach (var name in _onEntry)
        {
            Refuse(name, fault.Status, fault.Condition);
        }
    }

    private void Add(PropertyInstruction instruction)
    {
        var (name, element) = instruction;
        var live = LiveProperties.Find(name);
        if (live is { CanBeSet: false } || (live is { Keeping: Keeping.Never } && element is null))
        {
            Refuse(name, 403, DavNames.CannotModifyProtectedProperty);
            return;
        }

        if (live?.Act is { } act && element is not null)
        {
            if (act(element, _collection) is not { } change)
            {
                Refuse(name, 409);
                return;
            }

            OnEntry = OnEntry.Then(change);
            if (!change.IsEmpty)
            {
                _onEntry.Add(name);
            }
        }

        if (live is not { Keeping: Keeping.Never })
        {
            Keep(name, element);
        }
    }

    private void Keep(PropertyName name, XElement? element)
    {
        var value = element is null ? null : new DeadProperty(name, PropertyFragment.Of(element));
        if (value is not null && Encoding.UTF8.GetByteCount(value.Xml) > _options.MaximumSize)
        {
            Refuse(name, 507);
            return;
        }

        _changes.Add(new PropertyChange(name, value));
    }

    // Those that come beyond the number are refused, never those that take the place of an old value.
    private void RefuseTooMany(IReadOnlyList<DeadProperty> kept)
    {
        var old = kept.Select(property => property.Name).ToHashSet();
        var last = new Dictionary<PropertyName, bool>();
        foreach (var (name, value) in _changes)
        {
            last[name] = value is not null;
        }

        var staying = old.Count(name => last.GetValueOrDefault(name, true));
        var added = last.Where(change => change.Value && !old.Contains(change.Key)).Select(change => change.Key);
        foreach (var name in added.Skip(Math.Max(0, _options.MaximumPerResource - staying)))
        {
            Refuse(name, 507);
        }
    }

    // RFC 5689 3.1: a collection, and nothing that this server does not know.
    private void CheckType(PropertyName name, XElement type)
    {
        if (!type.DavElements("collection").Any() || type.Elements().Any(element => !element.IsDav("collection")))
        {
            Refuse(name, 403, DavNames.ValidResourceType);
        }
    }

    private void Refuse(PropertyName name, int status, string? condition = null) =>
        _refused.TryAdd(name, new PropertyOutcome(name, status, condition));
}
