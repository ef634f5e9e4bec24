using System.Text;

namespace WebDavServer.Tests.Support;

/// <summary>
/// Decodes field blocks (RFC 7541), with a dynamic table that goes astray as soon as one block is not what the server's encoder took it
/// for. Kestrel writes no Huffman code, so that is not read here.
/// </summary>
internal sealed class HpackReader
{
    // RFC 7541 Appendix A: the static table, entries 1 to 61.
    private static readonly (string Name, string Value)[] Fixed =
    [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"),
        (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
        (":status", "404"), (":status", "500"), ("accept-charset", ""), ("accept-encoding", "gzip, deflate"), ("accept-language", ""),
        ("accept-ranges", ""), ("accept", ""), ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""),
        ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""),
        ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
        ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""),
        ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""),
        ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""),
        ("via", ""), ("www-authenticate", ""),
    ];

    private readonly List<(string Name, string Value)> _dynamic = []; // newest first
    private int _size;
    private int _limit = 4096;

    /// <summary>How many fields were taken from the dynamic table so far.</summary>
    public int FromDynamic { get; private set; }

    /// <summary>Decodes one field block.</summary>
    public List<KeyValuePair<string, string>> Read(ReadOnlySpan<byte> block)
    {
        List<KeyValuePair<string, string>> fields = [];
        while (block.Length > 0)
        {
            byte first = block[0];
            if ((first & 0x80) != 0) // 6.1: indexed
            {
                (string name, string value) = Entry(Integer(ref block, 7));
                fields.Add(new(name, value));
            }
            else if ((first & 0xe0) == 0x20) // 6.3: size update
            {
                _limit = Integer(ref block, 5);
                Evict();
            }
            else // 6.2: literal; with indexing if the second bit is set
            {
                bool indexes = (first & 0x40) != 0;
                int index = Integer(ref block, indexes ? 6 : 4);
                string name = index == 0 ? Text(ref block) : Entry(index).Name;
                string value = Text(ref block);
                fields.Add(new(name, value));
                if (indexes)
                {
                    _dynamic.Insert(0, (name, value));
                    _size += name.Length + value.Length + 32;
                    Evict();
                }
            }
        }

        return fields;
    }

    private (string Name, string Value) Entry(int index)
    {
        Assert.InRange(index, 1, Fixed.Length + _dynamic.Count);
        if (index <= Fixed.Length)
        {
            return Fixed[index - 1];
        }

        FromDynamic++;
        return _dynamic[index - Fixed.Length - 1];
    }

    private void Evict()
    {
        while (_size > _limit && _dynamic.Count > 0)
        {
            (string name, string value) = _dynamic[^1];
            _size -= name.Length + value.Length + 32;
            _dynamic.RemoveAt(_dynamic.Count - 1);
        }
    }

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        Assert.True((block[0] & 0x80) == 0, "Huffman code is not read here");
        int length = Integer(ref block, 7);
        string text = Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }

    private static int Integer(ref ReadOnlySpan<byte> block, int prefix)
    {
        int most = (1 << prefix) - 1;
        int value = block[0] & most;
        block = block[1..];
        for (int shift = 0; value >= most; shift += 7)
        {
            byte next = block[0];
            block = block[1..];
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                break;
            }
        }

        return value;
    }
}
