using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace WebDav.Protocol.Xml;

/// <summary>
/// Writes the server's XML as UTF-8 straight into a buffer. Elements of the <c>DAV:</c> namespace carry the prefix <c>D</c>, which
/// every document declares on its root: some clients look for no other.
/// </summary>
internal sealed class XmlOutput(IBufferWriter<byte> output)
{
    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Writes markup as it is.</summary>
    public void Raw(ReadOnlySpan<byte> utf8)
    {
        output.Write(utf8);
        Length += utf8.Length;
    }

    /// <summary>Writes markup as it is.</summary>
    public void Raw(ReadOnlySpan<char> markup)
    {
        while (!markup.IsEmpty)
        {
            var chunk = markup.Length > 4096 ? markup[..(char.IsHighSurrogate(markup[4095]) ? 4095 : 4096)] : markup;
            var space = output.GetSpan(chunk.Length * 3);
            Utf8.FromUtf16(chunk, space, out _, out var written);
            output.Advance(written);
            Length += written;
            markup = markup[chunk.Length..];
        }
    }

    /// <summary>Begins a document whose root is an element of the <c>DAV:</c> namespace.</summary>
    public void StartDocument(ReadOnlySpan<byte> root)
    {
        Raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:"u8);
        Raw(root);
        Raw(" xmlns:D=\"DAV:\">"u8);
    }

    /// <summary>Writes a start tag in the <c>DAV:</c> namespace.</summary>
    public void Start(ReadOnlySpan<byte> name)
    {
        Raw("<D:"u8);
        Raw(name);
        Raw(">"u8);
    }

    /// <summary>Writes an end tag in the <c>DAV:</c> namespace.</summary>
    public void End(ReadOnlySpan<byte> name)
    {
        Raw("</D:"u8);
        Raw(name);
        Raw(">"u8);
    }

    /// <summary>Writes an element in the <c>DAV:</c> namespace that holds text.</summary>
    public void Element(ReadOnlySpan<byte> name, ReadOnlySpan<char> text)
    {
        Start(name);
        Text(text);
        End(name);
    }

    /// <summary>Writes an element of another namespace that holds text.</summary>
    public void Element(PropertyName name, ReadOnlySpan<char> text)
    {
        Raw("<n:"u8);
        Raw(name.Local);
        Raw(" xmlns:n=\""u8);
        Text(name.Namespace);
        Raw("\">"u8);
        Text(text);
        Raw("</n:"u8);
        Raw(name.Local);
        Raw(">"u8);
    }

    /// <summary>Writes an empty element of any name.</summary>
    public void Empty(PropertyName name)
    {
        if (string.Equals(name.Namespace, DavNames.Namespace, StringComparison.Ordinal))
        {
            Raw("<D:"u8);
            Raw(name.Local);
        }
        else if (name.Namespace.Length == 0)
        {
            Raw("<"u8);
            Raw(name.Local);
        }
        else
        {
            Raw("<n:"u8);
            Raw(name.Local);
            Raw(" xmlns:n=\""u8);
            Text(name.Namespace);
            Raw("\""u8);
        }

        Raw("/>"u8);
    }

    /// <summary>
    /// Writes text with its markup characters escaped. What XML 1.0 cannot hold (control characters that a name on disk may have)
    /// is replaced by U+FFFD, so the document stays well-formed.
    /// </summary>
    public void Text(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var special = IndexOfSpecial(text);
            if (special < 0)
            {
                Raw(text);
                return;
            }

            Raw(text[..special]);
            Raw(Escape(text[special]));
            text = text[(special + 1)..];
        }
    }

    private static int IndexOfSpecial(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '<' or '>' or '&' or '"' or < ' ' or '\uFFFE' or '\uFFFF')
            {
                return i;
            }

            if (char.IsSurrogate(c))
            {
                if (Rune.DecodeFromUtf16(text[i..], out _, out var length) != OperationStatus.Done)
                {
                    return i;
                }

                i += length - 1;
            }
        }

        return -1;
    }

    private static ReadOnlySpan<byte> Escape(char c) => c switch
    {
        '<' => "&lt;"u8,
        '>' => "&gt;"u8,
        '&' => "&amp;"u8,
        '"' => "&quot;"u8,
        '\t' => "&#9;"u8,
        '\n' => "&#10;"u8,
        '\r' => "&#13;"u8,
        _ => "\uFFFD"u8,
    };
}
