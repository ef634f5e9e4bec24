using WebDav.Protocol;

namespace WebDav.Properties;

/// <summary>Where dead properties are kept. What a method confirms by returning is kept.</summary>
public interface IDeadProperties
{
    /// <summary>The dead properties of one resource, ordered by name.</summary>
    ValueTask<IReadOnlyList<DeadProperty>> ReadAsync(DavPath path, CancellationToken cancellation);

    /// <summary>The dead properties of all members of a collection, by the member's name, in one query; members without any are left out.</summary>
    ValueTask<IReadOnlyDictionary<string, IReadOnlyList<DeadProperty>>> ReadMembersAsync(DavPath collection, CancellationToken cancellation);

    /// <summary>Carries out changes in their order, all or none (RFC 4918 9.2).</summary>
    ValueTask ApplyAsync(DavPath path, IReadOnlyList<PropertyChange> changes, CancellationToken cancellation);

    /// <summary>Gives a copy the properties of its source, in place of those the destination had (RFC 4918 9.8.2).</summary>
    /// <param name="source">The resource copied.</param>
    /// <param name="destination">The copy.</param>
    /// <param name="tree">Whether the members' properties are copied too; the destination's old ones go for the whole tree either way.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask CopyAsync(DavPath source, DavPath destination, bool tree, CancellationToken cancellation);

    /// <summary>Forgets the properties of a whole tree.</summary>
    ValueTask DeleteAsync(DavPath path, CancellationToken cancellation);

    /// <summary>The resources at or below a path that have dead properties, in no particular order, read as they are asked for.</summary>
    IAsyncEnumerable<DavPath> ListAsync(DavPath tree, CancellationToken cancellation);
}
