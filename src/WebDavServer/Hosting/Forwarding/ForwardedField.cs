using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace WebDavServer.Hosting.Forwarding;

/// <summary>The header field <c>Forwarded</c> (RFC 7239 4), in which each proxy adds an element behind those before it.</summary>
internal static class ForwardedField
{
    private static readonly SearchValues<char> NameEnds = SearchValues.Create("=,;\" \t");
    private static readonly SearchValues<char> ValueEnds = SearchValues.Create(",;\" \t");

    /// <summary>Reads the field's elements, the nearest proxy's last.</summary>
    /// <param name="lines">The field's lines.</param>
    /// <param name="elements">The elements, with what matters of them.</param>
    /// <returns>Whether all of it could be read: what a client wrote may swallow what a proxy wrote behind it.</returns>
    public static bool TryParse(StringValues lines, out IReadOnlyList<ForwardedElement> elements)
    {
        List<ForwardedElement> found = [];
        elements = found;
        foreach (string? line in lines)
        {
            for (ReadOnlySpan<char> rest = line.AsSpan().Trim(", \t"); !rest.IsEmpty; rest = rest.TrimStart(", \t"))
            {
                if (!TryTakeElement(ref rest, out ForwardedElement? element))
                {
                    return false;
                }

                found.Add(element);
            }
        }

        return true;
    }

    /// <summary>Takes pairs up to the comma behind them; each name may come once.</summary>
    private static bool TryTakeElement(ref ReadOnlySpan<char> rest, [NotNullWhen(true)] out ForwardedElement? element)
    {
        element = new();
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        while (!rest.IsEmpty && rest[0] != ',')
        {
            if (rest[0] != ';')
            {
                if (!TryTakePair(ref rest, out string? name, out string? value) || !names.Add(name))
                {
                    return false;
                }

                element = name.ToUpperInvariant() switch
                {
                    "FOR" => element with { For = value },
                    "PROTO" => element with { Proto = value },
                    "HOST" => element with { Host = value },
                    _ => element,
                };
            }

            if (!rest.IsEmpty && rest[0] == ';')
            {
                rest = rest[1..].TrimStart(" \t");
            }
            else if (!rest.IsEmpty && rest[0] != ',')
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryTakePair(ref ReadOnlySpan<char> rest, [NotNullWhen(true)] out string? name, [NotNullWhen(true)] out string? value)
    {
        (name, value) = (null, null);
        int equals = rest.IndexOfAny(NameEnds);
        if (equals <= 0 || rest[equals] != '=')
        {
            return false;
        }

        name = rest[..equals].ToString();
        rest = rest[(equals + 1)..];
        if (rest.StartsWith('"'))
        {
            value = TakeQuoted(ref rest);
        }
        else
        {
            // A colon or a bracket belongs into quotes, and is often written without: no reading of it but one is possible.
            int end = rest.IndexOfAny(ValueEnds);
            value = (end < 0 ? rest : rest[..end]).ToString();
            rest = end < 0 ? [] : rest[end..];
        }

        rest = rest.TrimStart(" \t");
        return !string.IsNullOrEmpty(value);
    }

    /// <summary>Takes a quoted-string (RFC 9110 5.6.4); null if it has no end.</summary>
    private static string? TakeQuoted(ref ReadOnlySpan<char> rest)
    {
        StringBuilder text = new();
        for (int i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                rest = rest[(i + 1)..];
                return text.ToString();
            }

            if (rest[i] == '\\' && i + 1 < rest.Length)
            {
                i++;
            }

            text.Append(rest[i]);
        }

        return null;
    }
}
