using System.Text.RegularExpressions;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests;

/// <summary>Holds docs/security.md to what is here: every promise names a test, and every test that is named exists.</summary>
public sealed partial class SecurityPageTests
{
    private static readonly IReadOnlyList<(string Promise, IReadOnlyList<string> Tests)> Promises =
    [
        .. from Match line in TableRow().Matches(NamedTests.Page("security.md"))
           where line.Groups["promise"].Value is not ("promise" or "---")
           select (line.Groups["promise"].Value, NamedTests.In(line.Groups["tests"].Value)),
    ];

    [Fact]
    public void Every_promise_names_a_test()
    {
        Assert.True(Promises.Count > 30, $"{Promises.Count} promises"); // a change of the page's form must not leave nothing to look at
        Assert.DoesNotContain(Promises, promise => promise.Tests.Count == 0);
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        IReadOnlySet<string> known = new HashSet<string>(NamedTests.All(), StringComparer.Ordinal);

        Assert.Empty(from promise in Promises from test in promise.Tests where !known.Contains(test) select $"{promise.Promise}: {test}");
    }

    [GeneratedRegex(@"^\| (?<promise>[^|]+) \| (?<tests>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
