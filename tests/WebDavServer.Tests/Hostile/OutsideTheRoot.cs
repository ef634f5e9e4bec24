using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hostile;

/// <summary>
/// A directory with the served one in it, and beside that what nobody may read or write: its text is <see cref="Secret"/>, and so
/// long as nothing else is.
/// </summary>
internal sealed class OutsideTheRoot : IDisposable
{
    /// <summary>What the file outside holds.</summary>
    public const string Secret = "what-lies-outside-the-root";

    /// <summary>How long it is, as PROPFIND would tell it.</summary>
    public const string Length = "7919";

    private readonly TempTree _all = new();
    private readonly IReadOnlyList<string> _before;

    public OutsideTheRoot()
    {
        string content = Secret.PadRight(int.Parse(Length), '.');
        foreach (string name in new[] { "secret", "file", "outside/secret", "outside/file", "outside/in/file" })
        {
            _all.AddFile(name, content);
        }

        _all.AddFile("served/in/file", "inside");
        _before = Beside();
    }

    /// <summary>The directory to serve.</summary>
    public string Served => _all.At("served");

    /// <summary>The path of something in the directory to serve.</summary>
    public string At(string name) => Path.Combine(Served, name);

    /// <summary>The path of something beside it.</summary>
    public string Beside(string name) => _all.At(name);

    /// <summary>Writes a file that only the server itself may read, with the same text.</summary>
    public void AddReserved(string name) => _all.AddFile($"served/.webdav/{name}", Secret.PadRight(int.Parse(Length), '.'));

    /// <summary>Fails if anything beside the served directory is other than it was.</summary>
    public void Check() => Assert.Equal(_before, Beside());

    /// <summary>Fails if an answer holds anything of what lies outside, or of a file of the system.</summary>
    public static void Check(RawResponse answer, string asked)
    {
        string text = answer.Text;
        Assert.False(
            text.Contains(Secret, StringComparison.Ordinal) || text.Contains($">{Length}<", StringComparison.Ordinal) || text.Contains("root:x:0", StringComparison.Ordinal),
            $"{asked} was answered with what lies outside");
    }

    /// <inheritdoc/>
    public void Dispose() => _all.Dispose();

    private IReadOnlyList<string> Beside() =>
    [
        .. _all.List("outside"),
        .. Directory.EnumerateFileSystemEntries(_all.Root).Where(path => path != Served).Order(StringComparer.Ordinal)
            .Select(path => $"{path}={(File.Exists(path) ? File.ReadAllText(path) : "")}"),
    ];
}
