using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WebDav.Protocol.Headers;

/// <summary>The value of <c>If-Match</c> or <c>If-None-Match</c> (RFC 9110 13.1.1, 13.1.2).</summary>
/// <param name="Any">Whether it is <c>*</c>: any representation at all.</param>
/// <param name="Tags">The entity tags; empty for <c>*</c>.</param>
internal sealed record EntityTagList(bool Any, IReadOnlyList<EntityTagHeaderValue> Tags)
{
    /// <summary>Parses the field; null when it is absent.</summary>
    /// <param name="values">The field's lines, read as one list.</param>
    /// <param name="field">Its name, for the message.</param>
    /// <exception cref="DavFaultException">
    /// 400: it cannot be understood. To go on without it would be to do what the client wanted to be kept from.
    /// </exception>
    public static EntityTagList? Parse(StringValues values, string field)
    {
        if (values.Count == 0)
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParseStrictList([.. values.Select(value => value ?? "")], out var tags) || tags.Count == 0)
        {
            throw DavFaultException.BadRequest($"{field} is neither * nor a list of entity tags in quotes");
        }

        var any = tags.Count(EntityTagHeaderValue.Any.Equals);
        if (any == 0)
        {
            return new EntityTagList(Any: false, [.. tags]);
        }

        return any == tags.Count
            ? new EntityTagList(Any: true, [])
            : throw DavFaultException.BadRequest($"{field} is * and a list of entity tags at once");
    }

    /// <summary>Whether an existing representation is among those listed.</summary>
    /// <param name="tag">Its entity tag.</param>
    /// <param name="strong">
    /// The strong comparison, by which a weak tag matches nothing, as <c>If-Match</c> needs; else the weak one (RFC 9110 8.8.3.2).
    /// </param>
    public bool Matches(ETag tag, bool strong)
    {
        if (Any)
        {
            return true;
        }

        var text = tag.ToString();
        return Tags.Any(listed => !(strong && listed.IsWeak) && listed.Tag.Equals(text, StringComparison.Ordinal));
    }
}
