using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace WebDavServer.Tests.Support;

/// <summary>The tests that a page in docs names, in code type, and those that there are.</summary>
internal static partial class NamedTests
{
    /// <summary>Every fact and theory of these tests, as <c>Class.Method</c>, and every client script.</summary>
    public static IEnumerable<string> All() => OwnTests().Concat(Scripts());

    /// <summary>The names of tests in a text. Other words in code type, such as a status or an element, are none.</summary>
    public static IReadOnlyList<string> In(string text) =>
        [.. Quoted().Matches(text).Select(name => name.Groups["name"].Value).Where(name => TestName().IsMatch(name))];

    /// <summary>A page in docs.</summary>
    public static string Page(string name) => File.ReadAllText(Path.Combine(Repository(), "docs", name));

    private static IEnumerable<string> OwnTests() =>
        from type in typeof(NamedTests).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.GetCustomAttribute<FactAttribute>() is not null
        select $"{type.Name}.{method.Name}";

    private static IEnumerable<string> Scripts() =>
        from folder in (string[])["clients", "reliability"]
        from path in Directory.EnumerateFiles(Path.Combine(Repository(), "tests", folder), "*.sh")
        select Path.GetFileName(path);

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(\w+\.\w+_\w+|litmus .+|\w+\.sh)$", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();
}
