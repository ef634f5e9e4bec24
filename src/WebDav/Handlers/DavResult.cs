using WebDav.Locking;
using WebDav.Operations;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Protocol.Xml;
using WebDav.Storage;
using WebDav.Trees;

namespace WebDav.Handlers;

/// <summary>What a handler decided; <see cref="ResultWriter"/> turns it into a response. There are no other results than these.</summary>
internal abstract record DavResult
{
    private DavResult()
    {
    }

    /// <summary>A refusal, with its condition element where the RFC has one.</summary>
    public static implicit operator DavResult(DavFault fault) => new Refused(fault);

    /// <summary>Refused or failed, and nothing was changed.</summary>
    internal sealed record Refused(DavFault Fault) : DavResult;

    /// <summary>Success without a body: 200, 201 or 204.</summary>
    /// <param name="Status">The status.</param>
    /// <param name="ETag">The validator of what was written, or null.</param>
    /// <param name="ModifiedAccepted">Whether the modification time that the client sent was set.</param>
    internal sealed record Done(int Status, ETag? ETag = null, bool ModifiedAccepted = false) : DavResult
    {
        /// <summary>Whether the body was left out because the client had preferred that (RFC 8144 2.3).</summary>
        public bool Minimal { get; init; }
    }

    /// <summary>The client has the content already: 304.</summary>
    internal sealed record NotModified(Entry Entry) : DavResult;

    /// <summary>A 207 of the resources that failed (RFC 4918 13).</summary>
    internal sealed record Failures(IReadOnlyList<MemberFault> Members) : DavResult;

    /// <summary>A file's content, or parts of it (RFC 9110 14).</summary>
    internal sealed record Content(IContent File, RangeOutcome Ranges, bool HeadersOnly) : DavResult
    {
        /// <summary>Why the request was refused, where the content is sent along with the refusal (RFC 8144 3.2); null for success.</summary>
        public DavFault? Refusal { get; init; }
    }

    /// <summary>A collection's members, as a page.</summary>
    /// <param name="Collection">The collection.</param>
    /// <param name="Members">Those of its members that the user may read.</param>
    /// <param name="Locks">The locks in whose scope the collection is.</param>
    /// <param name="User">Whose page it is.</param>
    /// <param name="Refusal">Why nothing can be changed here; null where the user may.</param>
    /// <param name="HeadersOnly">Whether only the head is sent.</param>
    internal sealed record Listing(
        Entry Collection,
        IAsyncEnumerable<ListedMember> Members,
        IReadOnlyList<ActiveLock> Locks,
        DavUser User,
        string? Refusal,
        bool HeadersOnly) : DavResult;

    /// <summary>A collection with all that is below it, as a zip.</summary>
    internal sealed record Zip(Entry Collection, WalkTree Walk, bool HeadersOnly) : DavResult;

    /// <summary>What can be done with a resource (RFC 9110 9.3.7, RFC 4918 10.1).</summary>
    /// <param name="Allow">The methods.</param>
    /// <param name="CanBePatched">Whether PATCH is one of them.</param>
    internal sealed record Options(string Allow, bool CanBePatched = false) : DavResult;

    /// <summary>The properties of a resource and of those below it (RFC 4918 9.1).</summary>
    /// <param name="Walk">The resources.</param>
    /// <param name="Query">Which properties.</param>
    /// <param name="Space">The room left, where that was asked for.</param>
    /// <param name="Held">Whether the answer is kept back until it is whole.</param>
    /// <param name="NoRoot">Whether the first resource is left out.</param>
    /// <param name="Operation">As what a deep one is watched and controlled; null for others.</param>
    internal sealed record Properties(
        WalkTree Walk, PropFindQuery Query, StoreSpace? Space, bool Held, bool NoRoot, Operation? Operation) : DavResult;

    /// <summary>What became of each property of a PROPPATCH (RFC 4918 9.2.1).</summary>
    internal sealed record Patched(Entry Entry, IReadOnlyList<PropertyOutcome> Outcomes) : DavResult;

    /// <summary>An operation goes on, and the answer begins: a 207 that tells its end when it is known.</summary>
    internal sealed record Awaited(Operation Operation) : DavResult;

    /// <summary>An operation goes on, and can be asked for: 202 (RFC 7240 4.1).</summary>
    /// <param name="Operation">Which.</param>
    /// <param name="Applied">The preferences by which it is so (RFC 7240 3); null where none were asked for.</param>
    internal sealed record Accepted(Guid Operation, string? Applied = null) : DavResult;

    /// <summary>What became of each property of an extended MKCOL that made no collection (RFC 5689 3).</summary>
    internal sealed record NotMade(IReadOnlyList<PropertyOutcome> Outcomes) : DavResult;

    /// <summary>A lock that was granted or refreshed (RFC 4918 9.10.1).</summary>
    internal sealed record Locked(Entry Entry, LockToken Token, IReadOnlyList<ActiveLock> Covering, bool Created, bool Refreshed) : DavResult;
}
