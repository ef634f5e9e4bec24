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
    internal sealed record Done(int Status, ETag? ETag = null, bool ModifiedAccepted = false) : DavResult;

    /// <summary>The client has the content already: 304.</summary>
    internal sealed record NotModified(Entry Entry) : DavResult;

    /// <summary>A 207 of the resources that failed (RFC 4918 13).</summary>
    internal sealed record Failures(IReadOnlyList<MemberFault> Members) : DavResult;

    /// <summary>A file's content, or parts of it (RFC 9110 14).</summary>
    internal sealed record Content(IContent File, RangeOutcome Ranges, bool HeadersOnly) : DavResult;

    /// <summary>A collection's members, as a page with links.</summary>
    internal sealed record Listing(Entry Collection, IAsyncEnumerable<Entry> Members, bool HeadersOnly) : DavResult;

    /// <summary>What can be done with a resource (RFC 9110 9.3.7, RFC 4918 10.1).</summary>
    internal sealed record Options(string Allow) : DavResult;

    /// <summary>The properties of a resource and of those below it (RFC 4918 9.1).</summary>
    internal sealed record Properties(WalkTree Walk, PropFindQuery Query, StoreSpace? Space, bool Held, bool NoRoot) : DavResult;

    /// <summary>What became of each property of a PROPPATCH (RFC 4918 9.2.1).</summary>
    internal sealed record Patched(Entry Entry, IReadOnlyList<PropertyOutcome> Outcomes) : DavResult;

    /// <summary>An operation goes on, and the answer begins: a 207 that tells its end when it is known.</summary>
    internal sealed record Awaited(Operation Operation) : DavResult;

    /// <summary>An operation goes on, and can be asked for: 202 (RFC 7240 4.1).</summary>
    internal sealed record Accepted(Guid Operation) : DavResult;

    /// <summary>A lock that was granted or refreshed (RFC 4918 9.10.1).</summary>
    internal sealed record Locked(Entry Entry, ActiveLock Lock, IReadOnlyList<ActiveLock> Covering, bool Created, bool Refreshed) : DavResult;
}
