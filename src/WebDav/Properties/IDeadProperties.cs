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

    /// <summary>Forgets the properties of a whole tree, which is gone: if that cannot be written now, then before anything else is.</summary>
    ValueTask DeleteAsync(DavPath path, CancellationToken cancellation);

    /// <summary>The resources at or below a path that have dead properties, in no particular order, read as they are asked for.</summary>
    IAsyncEnumerable<DavPath> ListAsync(DavPath tree, CancellationToken cancellation);
}
