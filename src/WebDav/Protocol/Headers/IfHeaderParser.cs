using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace WebDav.Protocol.Headers;

/// <summary>Reads the grammar of RFC 4918 10.4.2 from left to right, each character once.</summary>
/// <remarks>
/// <code>
/// If           = 1*No-tag-list | 1*Tagged-list
/// No-tag-list  = List
/// Tagged-list  = Resource-Tag 1*List
/// List         = "(" 1*Condition ")"
/// Condition    = ["Not"] (State-token | "[" entity-tag "]")
/// State-token  = Coded-URL
/// Resource-Tag = "&lt;" Simple-ref "&gt;"
/// </code>
/// </remarks>
internal ref struct IfHeaderParser(ReadOnlySpan<char> text)
{
    private static readonly SearchValues<char> NotInTag = SearchValues.Create(" \t\r\n<>\"");

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;
    private int _conditions;

    public List<IfList> Parse()
    {
        var lists = new List<IfList>();
        string? tag = null;
        for (SkipSpace(); _position < _text.Length; SkipSpace())
        {
            if (At('('))
            {
                lists.Add(new IfList(tag, ReadConditions()));
                continue;
            }

            if (!At('<'))
            {
                throw Bad("expected a list in parentheses or a resource in angle brackets");
            }

            if (tag is null && lists.Count > 0)
            {
                throw Bad("lists with and without a resource are mixed");
            }

            tag = ReadResourceTag();
            SkipSpace();
            if (!At('('))
            {
                throw Bad("a resource is not followed by a list");
            }
        }

        return lists.Count > 0 ? lists : throw Bad("there is no list");
    }

    private List<IfCondition> ReadConditions()
    {
        _position++;
        var conditions = new List<IfCondition>();
        for (SkipSpace(); !At(')'); SkipSpace())
        {
            if (++_conditions > IfHeader.MaximumConditions)
            {
                throw Bad($"more than {IfHeader.MaximumConditions} conditions");
            }

            conditions.Add(ReadCondition());
        }

        if (conditions.Count == 0)
        {
            throw Bad("a list is empty");
        }

        _position++;
        return conditions;
    }

    private IfCondition ReadCondition()
    {
        var not = _text[_position..].StartsWith("Not", StringComparison.OrdinalIgnoreCase);
        if (not)
        {
            _position += 3;
            SkipSpace();
        }

        if (At('<'))
        {
            return new IfCondition(not, ReadStateToken(), null);
        }

        return At('[')
            ? new IfCondition(not, null, ReadEntityTag())
            : throw Bad("expected a state token in angle brackets, an entity tag in square brackets or the end of the list");
    }

    private LockToken ReadStateToken()
    {
        var uri = ReadUntil('>', "a state token is not ended");
        return UriText.IsAbsolute(uri) ? new LockToken(uri.ToString()) : throw Bad("a state token is not an absolute URI");
    }

    // Which resource it is, and whether it is one of ours, is for the evaluation to say: a list about a foreign resource is
    // false, not malformed. White space is excluded by the grammar.
    private string ReadResourceTag()
    {
        var reference = ReadUntil('>', "a resource is not ended");
        var colon = reference.IndexOf(':');
        return !reference.ContainsAny(NotInTag)
            && (reference.StartsWith("/", StringComparison.Ordinal) || (colon > 0 && UriText.IsScheme(reference[..colon])))
            ? reference.ToString()
            : throw Bad("a resource is neither an absolute URI nor an absolute path");
    }

    // The quotes are found before the bracket: an entity tag may hold brackets itself (RFC 9110 8.8.3, etagc). It may hold
    // spaces too, as those of RFC 2616 3.11 do and the examples of RFC 4918 10.4.6.
    private EntityTagHeaderValue ReadEntityTag()
    {
        var start = ++_position;
        if (_text[start..].StartsWith("W/", StringComparison.Ordinal))
        {
            _position += 2;
        }

        if (!At('"'))
        {
            throw Bad("an entity tag is not in quotes");
        }

        ReadUntil('"', "an entity tag is not ended");
        var tag = _text[start.._position];
        if (tag.ContainsAnyInRange('\0', '\x1F') || !EntityTagHeaderValue.TryParse(tag.ToString(), out var value))
        {
            throw Bad("an entity tag is malformed");
        }

        if (!At(']'))
        {
            throw Bad("an entity tag is not followed by its square bracket");
        }

        _position++;
        return value;
    }

    /// <summary>What lies between the character here and the next <paramref name="end"/>; goes behind that.</summary>
    private ReadOnlySpan<char> ReadUntil(char end, string otherwise)
    {
        var rest = _text[(_position + 1)..];
        var length = rest.IndexOf(end);
        if (length < 0)
        {
            throw Bad(otherwise);
        }

        _position += length + 2;
        return rest[..length];
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t')
        {
            _position++;
        }
    }

    private readonly bool At(char c) => _position < _text.Length && _text[_position] == c;

    private readonly DavFaultException Bad(string reason) =>
        DavFaultException.BadRequest($"If, at character {_position + 1}: {reason}");
}
