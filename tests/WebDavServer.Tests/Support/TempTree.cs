namespace WebDavServer.Tests.Support;

/// <summary>A directory of its own for one test, gone when disposed.</summary>
internal sealed class TempTree : IDisposable
{
    /// <summary>Where it is, absolute.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("webdav-test-").FullName;

    /// <summary>The absolute path of something in it, named with <c>/</c>.</summary>
    public string At(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file, with the directories above it; returns its absolute path.</summary>
    public string AddFile(string name, string content = "")
    {
        string path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Makes a directory; returns its absolute path.</summary>
    public string AddDirectory(string name) => Directory.CreateDirectory(At(name)).FullName;

    /// <summary>What a file holds.</summary>
    public string Read(string name) => File.ReadAllText(At(name));

    /// <summary>Whether there is a file or a directory of that name.</summary>
    public bool Has(string name) => Path.Exists(At(name));

    /// <summary>
    /// Everything below a directory, sorted: <c>name/</c> for a directory, <c>name=content</c> for a file, <c>name->target</c> for a
    /// symbolic link. The server's own <c>.webdav</c> at the top is left out.
    /// </summary>
    public IReadOnlyList<string> List(string name = "")
    {
        DirectoryInfo top = new(At(name));
        return [.. Below(top).Select(entry => Describe(top, entry)).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int tries = 1; Directory.Exists(Root); tries++)
        {
            try
            {
                Directory.Delete(Root, recursive: true);
            }
            catch (IOException) when (tries < 50)
            {
                Thread.Sleep(50); // An operation that its test has not waited for may still be at work.
            }
        }
    }

    private IEnumerable<FileSystemInfo> Below(DirectoryInfo directory) =>
        directory.EnumerateFileSystemInfos()
            .Where(entry => entry.FullName != At(".webdav"))
            .SelectMany(entry => entry is DirectoryInfo { LinkTarget: null } inner ? Below(inner).Prepend(entry) : [entry]);

    private static string Describe(DirectoryInfo top, FileSystemInfo entry)
    {
        string name = Path.GetRelativePath(top.FullName, entry.FullName);
        return entry switch
        {
            { LinkTarget: { } target } => $"{name}->{target}",
            DirectoryInfo => name + "/",
            _ => $"{name}={File.ReadAllText(entry.FullName)}",
        };
    }
}
