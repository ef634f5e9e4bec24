using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace WebDavServer.Tests;

/// <summary>Holds the house together: a folder of the library imports only folders on lower floors, and only the top ones know HTTP.</summary>
public sealed partial class FloorsTests
{
    private static readonly Dictionary<string, int> Floors = new()
    {
        ["Metrics"] = 0,
        ["Protocol"] = 0,
        ["Scheduling"] = 0,
        ["Access"] = 1,
        ["Storage"] = 1,
        ["Locking"] = 1,
        ["Properties"] = 2,
        ["Preconditions"] = 2,
        ["Trees"] = 3,
        ["Progress"] = 4,
        ["Operations"] = 5,
        ["Browser"] = 6,
        ["Handlers"] = 6,
        ["State"] = 6,
        ["Setup"] = 7,
    };

    private static string Library => Path.Combine(Repository(), "src", "WebDav");

    [Fact]
    public void Every_folder_of_the_library_has_a_floor()
    {
        var folders = Directory.GetDirectories(Library).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));

        Assert.Equal(Floors.Keys.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_imports_only_folders_on_lower_floors()
    {
        var upwards = from file in Sources()
                      from used in Imports(file.Text)
                      where used != file.Folder && Floors[used] >= Floors[file.Folder]
                      select $"{file.Folder}/{file.Name} imports {used}";

        Assert.Empty(upwards);
    }

    [Fact]
    public void Below_the_operations_and_their_pages_nothing_knows_a_request_or_a_connection()
    {
        // Header collections and the readers of header fields are vocabulary; a context, a connection or a server is not.
        var leaks = from file in Sources()
                    where Floors[file.Folder] < Floors["Operations"]
                    where KnowsHttp().IsMatch(file.Text)
                    select $"{file.Folder}/{file.Name}";

        Assert.Empty(leaks);
    }

    [Fact]
    public void Trees_know_no_clock()
    {
        var clocks = from file in Sources()
                     where file.Folder == "Trees" && file.Text.Contains("TimeProvider", StringComparison.Ordinal)
                     select file.Name;

        Assert.Empty(clocks);
    }

    [Fact]
    public void Every_file_says_its_folder_in_its_namespace()
    {
        var astray = from file in Sources()
                     where !file.Text.Contains($"\nnamespace WebDav.{file.Namespace};", StringComparison.Ordinal)
                     select $"{file.Folder}/{file.Name}";

        Assert.Empty(astray);
    }

    private static IEnumerable<string> Imports(string text) =>
        LibraryNames().Matches(text).Select(match => match.Groups[1].Value).Where(Floors.ContainsKey).Distinct();

    private static IEnumerable<(string Folder, string Namespace, string Name, string Text)> Sources() =>
        from path in Directory.EnumerateFiles(Library, "*.cs", SearchOption.AllDirectories)
        let parts = Path.GetRelativePath(Library, path).Split(Path.DirectorySeparatorChar)
        where parts.Length > 1 && parts[0] is not ("bin" or "obj")
        select (parts[0], string.Join('.', parts[..^1]), parts[^1], "\n" + File.ReadAllText(path));

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    [GeneratedRegex(@"\bWebDav\.(\w+)\b")]
    private static partial Regex LibraryNames();

    [GeneratedRegex(@"\b(HttpContext|HttpRequest|HttpResponse|ConnectionContext|Kestrel)\b")]
    private static partial Regex KnowsHttp();
}
