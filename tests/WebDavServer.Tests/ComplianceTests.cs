using System.Text.RegularExpressions;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests;

/// <summary>Holds docs/compliance.md to what is here: every MUST has a test or a reason, and every test that is named exists.</summary>
public sealed partial class ComplianceTests
{
    private static readonly string[] Levels = ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "ADVICE"];
    private static readonly string[] Sections = ["4", "5", "6", "7", "8", "9", "10", "13", "14", "15", "16", "17", "18", "20"];
    private static readonly IReadOnlyList<Row> Rows = Read();

    [Fact]
    public void Every_row_has_its_level_and_every_section_its_rows()
    {
        Assert.DoesNotContain(Rows, row => !Levels.Contains(row.Level));
        Assert.Empty(Sections.Except(Rows.Select(row => row.Section.Split('.')[0])));
    }

    [Fact]
    public void Every_MUST_names_a_test_or_a_reason()
    {
        // And so does every other row: a page that says nothing of a SHOULD would be no help.
        Assert.DoesNotContain(Rows, row => row.Tests.Count == 0 && !row.HasReason);
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        IReadOnlySet<string> known = new HashSet<string>([.. NamedTests.All(), .. LitmusTests()], StringComparer.Ordinal);

        Assert.Empty(from row in Rows from test in row.Tests where !known.Contains(test) select $"{row.Section}: {test}");
    }

    [Fact]
    public void Some_rows_name_each_kind_of_test()
    {
        // A change of the page's form must not make the other tests look at nothing.
        Assert.True(Rows.Count > 150, $"{Rows.Count} rows");
        Assert.Contains(Rows, row => row.Tests.Any(test => test.StartsWith("litmus ", StringComparison.Ordinal)));
        Assert.Contains(Rows, row => row.Tests.Contains("crash.sh"));
        Assert.Contains(Rows, row => row.HasReason);
    }

    private static IEnumerable<string> LitmusTests() =>
        from Match suite in LitmusSuite().Matches(Page())
        from test in suite.Groups["tests"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select $"litmus {suite.Groups["suite"].Value}: {test}";

    private static List<Row> Read() =>
    [
        .. from Match line in TableRow().Matches(Page())
           let heldBy = line.Groups["held"].Value
           select new Row(
               line.Groups["section"].Value,
               line.Groups["level"].Value,
               NamedTests.In(heldBy),
               Reason().IsMatch(heldBy)),
    ];

    private static string Page() => NamedTests.Page("compliance.md");

    [GeneratedRegex(@"^\| (?<section>[0-9.]+) \| .+? \| (?<level>[A-Z ]+?) \| (?<held>.+) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"\*\*(Otherwise|Not here|By nature)\b.{40}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reason();

    [GeneratedRegex(@"^(?<suite>basic|copymove|props|locks|http): (?<tests>.+)$", RegexOptions.Multiline)]
    private static partial Regex LitmusSuite();

    private sealed record Row(string Section, string Level, IReadOnlyList<string> Tests, bool HasReason);
}
