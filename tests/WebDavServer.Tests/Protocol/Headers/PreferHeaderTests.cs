using Microsoft.Extensions.Primitives;
using WebDav.Protocol.Headers;

namespace WebDavServer.Tests.Protocol.Headers;

public sealed class PreferHeaderTests
{
    private static readonly Preferences None = Preferences.None;

    public static TheoryData<string[], string> Fields => new()
    {
        { [], "" },
        { [""], "" },
        { ["respond-async"], "async" },
        { ["Respond-Async"], "async" },
        { ["respond-async, wait=10"], "async wait=10" }, // RFC 7240 4.3
        { ["respond-async; wait=10"], "async" }, // wait is a parameter here, and not a preference
        { ["respond-async", "wait=10"], "async wait=10" }, // RFC 7240 2: two lines are one list
        { ["wait=100, handling=lenient"], "wait=100" },
        { ["wait = 5"], "wait=5" },
        { ["wait=\"5\""], "wait=5" },
        { ["wait=0"], "wait=0" },
        { ["wait=99999999999999999999"], "wait=2147483647" },
        { ["wait"], "" },
        { ["wait="], "" },
        { ["wait=-1"], "" },
        { ["wait=1.5"], "" },
        { ["wait=soon"], "" },
        { ["wait=1, wait=2"], "wait=1" }, // RFC 7240 2: the first of several
        { ["wait=soon, wait=2"], "" },
        { ["return=minimal"], "minimal" },
        { ["return=\"minimal\""], "minimal" },
        { ["RETURN=Minimal"], "minimal" },
        { ["return=representation"], "representation" },
        { ["return=minimal, return=representation"], "minimal" },
        { ["return=representation", "return=minimal"], "representation" },
        { ["return"], "" },
        { ["return=everything"], "" },
        { ["depth-noroot"], "noroot" },
        { ["return=minimal, depth-noroot"], "minimal noroot" }, // RFC 8144
        { ["processing"], "processing" },
        { ["processing=\"\""], "processing" }, // RFC 7240 2: an empty value is none
        { ["processing="], "processing" },
        { ["processing=no"], "" },
        { ["foo; some-parameter=\"a, respond-async\", processing"], "processing" }, // the comma is quoted
        { ["foo=\"a\\\", respond-async\", processing"], "processing" },
        { ["foo=\"never ended, respond-async"], "" },
        { [",, ,respond-async;;,"], "async" },
        { ["=, ;, =x, respond-async"], "async" },
        { ["\"respond-async\""], "" }, // a name is a token
        { ["respond-async processing"], "" },
        { ["priority=5, Lenient"], "" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Known_preferences_are_heard_and_others_passed_over(string[] lines, string expected) =>
        Assert.Equal(expected, Described(PreferHeader.Parse(new StringValues(lines))));

    [Fact]
    public void No_field_is_no_preference() => Assert.Equal(None, PreferHeader.Parse(StringValues.Empty));

    private static string Described(Preferences preferences)
    {
        string?[] words =
        [
            preferences.RespondAsync ? "async" : null,
            preferences.Wait is { } wait ? $"wait={wait.TotalSeconds}" : null,
            preferences.Processing ? "processing" : null,
            preferences.ReturnMinimal ? "minimal" : null,
            preferences.ReturnRepresentation ? "representation" : null,
            preferences.DepthNoRoot ? "noroot" : null,
        ];
        return string.Join(' ', words.Where(word => word is not null));
    }
}
