using System.Diagnostics;
using Microsoft.Extensions.Primitives;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDavServer.Tests.Protocol.Headers;

public sealed class IfHeaderTests
{
    private const string One = "urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2";
    private const string Two = "urn:uuid:58f202ac-22cf-11d1-b12d-002035b29092";

    // The headers of RFC 4918 as they stand there, and what they say: one text per list.
    public static TheoryData<string, string[]> Examples => new()
    {
        { $"(<{One}>\t[\"I am an ETag\"])   ([\"I am another ETag\"])", [$"<{One}> \"I am an ETag\"", "\"I am another ETag\""] }, // 10.4.6
        { $"(Not <{One}>  <{Two}>)", [$"Not <{One}> <{Two}>"] }, // 10.4.7
        { $"(<{One}>)   (Not <DAV:no-lock>)", [$"<{One}>", "Not <DAV:no-lock>"] }, // 10.4.8
        {
            $"</resource1>   (<{One}>   [W/\"A weak ETag\"]) ([\"strong ETag\"])", // 10.4.9
            [$"/resource1: <{One}> W/\"A weak ETag\"", "/resource1: \"strong ETag\""]
        },
        { $"<http://www.example.com/specs/>   (<{One}>)", [$"http://www.example.com/specs/: <{One}>"] }, // 10.4.10
        { "</specs/rfc2518.doc> ([\"4217\"])", ["/specs/rfc2518.doc: \"4217\""] }, // 10.4.11
        { "</specs/rfc2518.doc> (Not [\"4217\"])", ["/specs/rfc2518.doc: Not \"4217\""] }, // 10.4.11
        {
            "<http://www.example.com/users/f/fielding/index.html>   (<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>)", // 7.6
            ["http://www.example.com/users/f/fielding/index.html: <urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"]
        },
        { "(<urn:uuid:e71d4fae-5dec-22d6-fea5-00a0c91e6be4>)", ["<urn:uuid:e71d4fae-5dec-22d6-fea5-00a0c91e6be4>"] }, // 9.10.8
        {
            "<http://www.example.com/container/> (<urn:uuid:fe184f2e-6eec-41d0-c765-01adc56e6bb4>) " // 9.9.6
            + "(<urn:uuid:e454f3f3-acdc-452a-56c7-00a5c91e4b77>)",
            [
                "http://www.example.com/container/: <urn:uuid:fe184f2e-6eec-41d0-c765-01adc56e6bb4>",
                "http://www.example.com/container/: <urn:uuid:e454f3f3-acdc-452a-56c7-00a5c91e4b77>",
            ]
        },
    };

    // What clients send, and the corners of the grammar.
    public static TheoryData<string, string[]> Unusual => new()
    {
        { "(<a:b>)", ["<a:b>"] },
        { "( <a:b> )", ["<a:b>"] },
        { "(<a:b>[\"e\"])", ["<a:b> \"e\""] },
        { "(<a:b><c:d>)(<e:f>)", ["<a:b> <c:d>", "<e:f>"] },
        { "\t (<a:b>) \t", ["<a:b>"] },
        { "(not <a:b>)", ["Not <a:b>"] },
        { "(NOT[\"e\"])", ["Not \"e\""] },
        { "(Not<a:b> Not<c:d>)", ["Not <a:b> Not <c:d>"] },
        { "([\"\"])", ["\"\""] },
        { "([W/\"\"])", ["W/\"\""] },
        { "([\")\"])", ["\")\""] },
        { "([\"]\"])", ["\"]\""] },
        { "([\"<a:b>\"])", ["\"<a:b>\""] },
        { "([\"Not\"])", ["\"Not\""] },
        { "([\"ä\"])", ["\"ä\""] }, // obs-text, RFC 9110 5.5
        { "(<DAV:no-lock>)", ["<DAV:no-lock>"] },
        { "(<DAV:>)", ["<DAV:>"] }, // an absolute URI with an empty path
        { "(<opaquelocktoken:a(b)c>)", ["<opaquelocktoken:a(b)c>"] },
        { "(<http://h/a?b=c>)", ["<http://h/a?b=c>"] },
        { "</> (<a:b>)", ["/: <a:b>"] },
        { "</a%20b>(<a:b>)", ["/a%20b: <a:b>"] },
        { "</ä> (<a:b>)", ["/ä: <a:b>"] },
        { "</a(b)> (<a:b>)", ["/a(b): <a:b>"] },
        { "</a?b> (<a:b>)", ["/a?b: <a:b>"] },
        { "<ftp://x/y> (<a:b>)", ["ftp://x/y: <a:b>"] }, // foreign, but well-formed
        { "</a> (<a:b>) </b> (<c:d>) (<e:f>)", ["/a: <a:b>", "/b: <c:d>", "/b: <e:f>"] },
        { "</a> (<a:b>) </a> (<c:d>)", ["/a: <a:b>", "/a: <c:d>"] },
        { $"(<{One}> [\"1-2\"]) (Not <DAV:no-lock> [\"1-2\"])", [$"<{One}> \"1-2\"", "Not <DAV:no-lock> \"1-2\""] }, // litmus
    };

    [Theory]
    [MemberData(nameof(Examples))]
    [MemberData(nameof(Unusual))]
    public void The_grammar_is_understood(string text, string[] lists) => Assert.Equal(lists, Described(IfHeader.Parse(text)!));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("()")]
    [InlineData("( )")]
    [InlineData("(<a:b>")]
    [InlineData("(<a:b>))")]
    [InlineData("((<a:b>))")]
    [InlineData("(<a:b>) x")]
    [InlineData("x (<a:b>)")]
    [InlineData("(<a:b>), (<c:d>)")] // lists are not separated by commas
    [InlineData("(<a:b>, <c:d>)")]
    [InlineData("(<a:b>;<c:d>)")]
    [InlineData("<a:b>")]
    [InlineData("</a>")]
    [InlineData("</a> </b> (<c:d>)")]
    [InlineData("</a> (<a:b>) </b>")]
    [InlineData("(<a:b>) </a> (<c:d>)")] // mixed
    [InlineData("(<a:b>) </a>")]
    [InlineData("</a> ()")]
    [InlineData("<> (<a:b>)")]
    [InlineData("<a> (<a:b>)")] // relative
    [InlineData("<../a> (<a:b>)")]
    [InlineData("</a b> (<a:b>)")] // no white space in a Resource-Tag, 10.4.2
    [InlineData("< /a> (<a:b>)")]
    [InlineData("</a (<a:b>)")]
    [InlineData("</a\"> (<a:b>)")]
    [InlineData("(<>)")]
    [InlineData("(<a>)")]
    [InlineData("(</a>)")] // a state token is an absolute URI
    [InlineData("(<a:b c>)")]
    [InlineData("(< a:b>)")]
    [InlineData("(<a:b >)")]
    [InlineData("(<a:<b>>)")]
    [InlineData("(<a:b#c>)")]
    [InlineData("(<a:ä>)")]
    [InlineData("(a:b)")]
    [InlineData("(<a:b)")]
    [InlineData("(<a:b]>")]
    [InlineData("(Not)")]
    [InlineData("(Not )")]
    [InlineData("(Not Not <a:b>)")]
    [InlineData("(Nott <a:b>)")]
    [InlineData("(No <a:b>)")]
    [InlineData("Not (<a:b>)")]
    [InlineData("(Not (<a:b>))")]
    [InlineData("([])")]
    [InlineData("([e])")]
    [InlineData("([*])")]
    [InlineData("([\"e])")]
    [InlineData("([e\"])")]
    [InlineData("([\"e\")")]
    [InlineData("([\"e\"")]
    [InlineData("([\"e\" ])")] // no white space between the bracket and the tag, 10.4.2
    [InlineData("([ \"e\"])")]
    [InlineData("([\"e\"x])")]
    [InlineData("([\"e\",\"f\"])")]
    [InlineData("([\"e\"\"f\"])")]
    [InlineData("([w/\"e\"])")] // "W/" is case-sensitive, RFC 9110 8.8.3
    [InlineData("([W\"e\"])")]
    [InlineData("([W/ \"e\"])")]
    [InlineData("([W/e])")]
    [InlineData("([\"e\u0001\"])")]
    [InlineData("([\"e\n\"])")]
    [InlineData("[\"e\"]")]
    [InlineData("\"e\"")]
    [InlineData("(\"e\")")]
    [InlineData("(<a:b>)\0")]
    [InlineData("(\u00a0<a:b>)")]
    public void What_the_grammar_does_not_have_is_refused(string text) => Refused.With(400, () => IfHeader.Parse(text));

    [Fact]
    public void No_field_is_no_condition() => Assert.Null(IfHeader.Parse(StringValues.Empty));

    [Fact]
    public void A_field_in_several_lines_is_one_field()
    {
        Assert.Equal(["<a:b>", "<c:d>"], Described(IfHeader.Parse(new StringValues(["(<a:b>)", "(<c:d>)"]))!));
        Assert.Equal(["<a:b> \"e\""], Described(IfHeader.Parse(new StringValues(["(<a:b>", "[\"e\"])"]))!));
        Refused.With(400, () => IfHeader.Parse(new StringValues(["(<a:b>)", "</a> (<c:d>)"])));
    }

    [Fact]
    public void Every_token_that_is_mentioned_is_submitted()
    {
        var header = IfHeader.Parse("</a> (<a:b> Not <c:d> [\"e\"]) </b> (<a:b>) (Not <DAV:no-lock>)")!; // RFC 4918 10.4.1
        Assert.Equal([new("DAV:no-lock"), new("a:b"), new("c:d")], header.Tokens.OrderBy(token => token.Uri, StringComparer.Ordinal));
        Assert.Empty(IfHeader.Parse("([\"e\"])")!.Tokens);
    }

    [Fact]
    public void Many_tokens_are_taken_and_too_many_are_not()
    {
        Assert.Equal(200, IfHeader.Parse(Repeated($"(<{One}>) ", 200))!.Lists.Count);
        Assert.Equal(IfHeader.MaximumConditions, IfHeader.Parse(Repeated("(<a:b>)", IfHeader.MaximumConditions))!.Lists.Count);
        Refused.With(400, () => IfHeader.Parse(Repeated("(<a:b>)", IfHeader.MaximumConditions + 1)));
        Refused.With(400, () => IfHeader.Parse($"({Repeated("<a:b>", IfHeader.MaximumConditions + 1)})"));
        Refused.With(431, () => IfHeader.Parse($"(<a:{new string('b', IfHeader.MaximumLength)}>)"));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("<")]
    [InlineData("([\"")]
    [InlineData("(Not ")]
    [InlineData("</a> (<a:b>")]
    [InlineData(" ")]
    public void The_longest_field_costs_no_time(string piece)
    {
        var text = Repeated(piece, IfHeader.MaximumLength / piece.Length);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++)
        {
            Refused.With(400, () => IfHeader.Parse(text));
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
    }

    private static string Repeated(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static IEnumerable<string> Described(IfHeader header) =>
        header.Lists.Select(list =>
            (list.ResourceTag is null ? "" : list.ResourceTag + ": ")
            + string.Join(' ', list.Conditions.Select(condition =>
            {
                Assert.True(condition.Token is null != condition.ETag is null);
                return (condition.Not ? "Not " : "") + (condition.Token?.ToString() ?? condition.ETag!.ToString());
            })));
}
