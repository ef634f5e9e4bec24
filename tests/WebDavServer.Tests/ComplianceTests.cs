using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

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
        IReadOnlySet<string> known = new HashSet<string>([.. OwnTests(), .. LitmusTests(), .. Scripts()], StringComparer.Ordinal);

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

    private static IEnumerable<string> OwnTests() =>
        from type in typeof(ComplianceTests).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.GetCustomAttribute<FactAttribute>() is not null
        select $"{type.Name}.{method.Name}";

    private static IEnumerable<string> LitmusTests() =>
        from Match suite in LitmusSuite().Matches(Page())
        from test in suite.Groups["tests"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select $"litmus {suite.Groups["suite"].Value}: {test}";

    private static IEnumerable<string> Scripts() =>
        Directory.EnumerateFiles(Path.Combine(Repository(), "tests", "clients"), "*.sh").Select(path => Path.GetFileName(path));

    private static List<Row> Read() =>
    [
        .. from Match line in TableRow().Matches(Page())
           let heldBy = line.Groups["held"].Value
           select new Row(
               line.Groups["section"].Value,
               line.Groups["level"].Value,
               [.. Quoted().Matches(heldBy).Select(name => name.Groups["name"].Value).Where(IsTestName)],
               Reason().IsMatch(heldBy)),
    ];

    // Other words in code type, such as a status or an element, are no names of tests.
    private static bool IsTestName(string text) => TestName().IsMatch(text);

    private static string Page() => File.ReadAllText(Path.Combine(Repository(), "docs", "compliance.md"));

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    [GeneratedRegex(@"^\| (?<section>[0-9.]+) \| .+? \| (?<level>[A-Z ]+?) \| (?<held>.+) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(\w+\.\w+_\w+|litmus .+|\w+\.sh)$", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();

    [GeneratedRegex(@"\*\*(Otherwise|Not here|By nature)\b.{40}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reason();

    [GeneratedRegex(@"^(?<suite>basic|copymove|props|locks|http): (?<tests>.+)$", RegexOptions.Multiline)]
    private static partial Regex LitmusSuite();

    private sealed record Row(string Section, string Level, IReadOnlyList<string> Tests, bool HasReason);
}
