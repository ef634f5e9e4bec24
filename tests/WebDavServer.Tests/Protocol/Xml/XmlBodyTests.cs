using System.Diagnostics;
using System.Text;
using System.Xml.Linq;
using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDavServer.Tests.Protocol.Xml;

public sealed class XmlBodyTests
{
    [Fact]
    public async Task An_empty_body_is_none() => Assert.Null(await ReadAsync([]));

    public static TheoryData<string, bool> Encodings => new()
    {
        { "utf-8", false }, { "utf-8", true }, { "utf-16", true }, { "utf-16BE", true },
    };

    [Theory] // RFC 4918 8.2: at least UTF-8 and UTF-16
    [MemberData(nameof(Encodings))]
    public async Task A_body_may_be_utf_8_or_utf_16(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        foreach (var declaration in new[] { "", $"<?xml version=\"1.0\" encoding=\"{(name == "utf-8" ? name : "utf-16")}\"?>\n" })
        {
            var text = encoding.GetBytes(declaration + "<a>ä€😀</a>");
            var root = await ReadAsync(mark ? [.. encoding.GetPreamble(), .. text] : text);
            Assert.Equal("ä€😀", root!.Value);
        }
    }

    [Fact]
    public async Task White_space_comments_and_cdata_stay_as_they_are()
    {
        const string Text = "<a xml:space=\"default\"> <b>\n\t</b><!-- c --><![CDATA[<]]><?p i?> t </a>";
        var root = await ReadAsync("<!-- before -->\n" + Text + "\n<!-- after -->\n");
        Assert.Equal(Text, root!.ToString(SaveOptions.DisableFormatting));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData("<a>")]
    [InlineData("<a></b>")]
    [InlineData("<a/>x")]
    [InlineData("<a/><b/>")]
    [InlineData("<a/>\0")]
    [InlineData(" <?xml version=\"1.0\"?><a/>")]
    [InlineData("<a b=\"1\" b=\"2\"/>")]
    [InlineData("<a b=1/>")]
    [InlineData("<a>&</a>")]
    [InlineData("<a>&undeclared;</a>")]
    [InlineData("<a>&#0;</a>")]
    [InlineData("<a>&#xD800;</a>")]
    [InlineData("<a>\u0001</a>")]
    [InlineData("<a>\ufffe</a>")]
    [InlineData("<a>]]></a>")]
    [InlineData("<a><!-- -- --></a>")]
    [InlineData("<D:a/>")] // a prefix that is not declared
    [InlineData("<a xmlns:bar=\"\"/>")] // litmus propfind_invalid2
    [InlineData("<a xmlns:xmlns=\"x\"/>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"nonsense\"?><a/>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-7\"?><a/>")]
    [InlineData("<?xml version=\"2.0\"?><a/>")]
    [InlineData("{\"json\":true}")]
    public async Task What_is_not_well_formed_is_refused(string text)
    {
        var fault = await FaultAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal(400, fault.Status);
        Assert.Null(fault.Condition);
    }

    [Theory]
    [InlineData("<a>\u00ff</a>", "latin1")] // not UTF-8
    [InlineData("\u00ef\u00bb\u00bf", "latin1")] // a byte order mark alone
    [InlineData("\u00ff\u00fe<", "latin1")] // half a character of UTF-16
    public async Task Bytes_that_are_no_text_are_refused(string text, string encoding) =>
        Assert.Equal(400, (await FaultAsync(Encoding.GetEncoding(encoding).GetBytes(text))).Status);

    [Theory] // RFC 4918 20.6
    [InlineData("<!DOCTYPE a><a/>")]
    [InlineData("<?xml version=\"1.0\"?>\n<!-- c -->\n<?p i?> <!DOCTYPE a SYSTEM \"http://evil.example/x.dtd\"><a/>")]
    [InlineData("<!DOCTYPE a PUBLIC \"x\" \"file:///etc/passwd\">\n<a/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>")]
    [InlineData("<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>")]
    [InlineData("<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://evil.example/\"> %p;]><a/>")]
    [InlineData("<!DOCTYPE a [\n]>\n<a>")]
    public async Task A_document_type_is_refused_by_name(string text)
    {
        var fault = await FaultAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal(400, fault.Status);
        Assert.Equal(DavNames.NoExternalEntities, fault.Condition);
    }

    [Fact]
    public async Task A_document_type_that_is_only_mentioned_is_not_one()
    {
        Assert.NotNull(await ReadAsync("<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE a>]]></a>"));
        Assert.Null((await FaultAsync("<!-- <!DOCTYPE a> --><a>"u8.ToArray())).Condition);
        Assert.Null((await FaultAsync("<a><!DOCTYPE a></a>"u8.ToArray())).Condition);
    }

    [Fact]
    public async Task A_body_may_be_as_large_as_the_limit_and_no_larger()
    {
        var body = Encoding.UTF8.GetBytes($"<a>{new string('x', 20_000)}</a>");
        Assert.NotNull(await ReadAsync(body, new XmlLimits(MaximumBytes: body.Length)));
        Assert.Equal(413, (await FaultAsync(body, new XmlLimits(MaximumBytes: body.Length - 1))).Status);
    }

    [Fact]
    public async Task An_endless_body_is_not_read_to_its_end()
    {
        using var body = new Endless();
        var fault = (await Assert.ThrowsAsync<DavFaultException>(() => XmlBody.ReadAsync(body, XmlLimits.Default, default))).Fault;
        Assert.Equal(413, fault.Status);
        Assert.True(body.Sent < 2 * XmlLimits.Default.MaximumBytes);
    }

    [Fact]
    public async Task Elements_may_be_as_deep_as_the_limit_and_no_deeper()
    {
        Assert.NotNull(await ReadAsync(Nested(64)));
        Assert.Equal(400, (await FaultAsync(Encoding.UTF8.GetBytes(Nested(65)))).Status);
    }

    [Fact]
    public async Task An_element_may_have_as_many_attributes_as_the_limit_and_no_more()
    {
        Assert.NotNull(await ReadAsync($"<a {Attributes(64)}/>"));
        Assert.Equal(400, (await FaultAsync(Encoding.UTF8.GetBytes($"<a {Attributes(65)}/>"))).Status);

        static string Attributes(int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => $"a{i}=\"\""));
    }

    public static TheoryData<string> Heavy => new(
        Nested(100_000),
        string.Concat(Enumerable.Repeat("<a>", 300_000)),
        $"<a {string.Join(' ', Enumerable.Range(0, 60_000).Select(i => $"xmlns:p{i}=\"u\""))}/>",
        $"<a {string.Join(' ', Enumerable.Range(0, 60_000).Select(i => $"p{i}=\"u\""))}/>",
        $"<{new string('a', 1_000_000)}",
        $"<a>{string.Concat(Enumerable.Repeat("&amp;", 200_000))}",
        $"<!DOCTYPE a [{string.Concat(Enumerable.Repeat("<!ENTITY a 'b'>", 60_000))}]><a/>",
        $"<!DOCTYPE a [{new string('<', 1_000_000)}");

    [Theory]
    [MemberData(nameof(Heavy), DisableDiscoveryEnumeration = true)]
    public async Task A_body_made_to_be_slow_is_refused_at_once(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var start = Stopwatch.GetTimestamp();
        var fault = await FaultAsync(body, new XmlLimits(MaximumBytes: 4 * 1024 * 1024));
        Assert.Equal(400, fault.Status);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2), Stopwatch.GetElapsedTime(start).ToString());
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));

    private static Task<XElement?> ReadAsync(string text) => ReadAsync(Encoding.UTF8.GetBytes(text));

    private static async Task<XElement?> ReadAsync(byte[] body, XmlLimits? limits = null)
    {
        using var stream = new MemoryStream(body);
        return await XmlBody.ReadAsync(stream, limits ?? XmlLimits.Default, default);
    }

    private static async Task<DavFault> FaultAsync(byte[] body, XmlLimits? limits = null) =>
        (await Assert.ThrowsAsync<DavFaultException>(() => ReadAsync(body, limits))).Fault;

    private sealed class Endless : Stream
    {
        public long Sent { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Sent; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)'<', offset, count);
            Sent += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
