using System.Buffers;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDavServer.Tests.Storage;

/// <summary>A real directory with a store on it, and another directory beside it that the store must not reach.</summary>
internal sealed class ServedDirectory : IAsyncDisposable
{
    private readonly string _top = Path.Combine(Path.GetTempPath(), $"webdav-store-{Guid.NewGuid():N}");
    private readonly List<string> _elsewhere = [];
    private readonly List<string> _mounts = [];

    public ServedDirectory(
        SymlinkPolicy symlinks = SymlinkPolicy.InsideRoot, bool flush = false, bool readOnly = false, bool openAt2 = true)
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Outside);
        Options = new FileStoreOptions
        {
            Root = Root,
            Symlinks = symlinks,
            Durability = flush ? Durability.Flush : Durability.Rename,
            ReadOnly = readOnly,
        };
        Store = Start();
        Store.Direct.HasOpenAt2 = openAt2;
    }

    public string Root => Path.Combine(_top, "root");

    public string Outside => Path.Combine(_top, "outside");

    public string Staging => Path.Combine(Root, ".webdav", "staging");

    public FileStoreOptions Options { get; }

    public FileStore Store { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static DavPath P(string path) => DavPath.FromValue(path);

    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    public static async Task<StoreFault> FaultOf(Func<Task> action) => (await Assert.ThrowsAsync<StoreException>(action)).Fault;

    /// <summary>A store as the next start of the server would make it.</summary>
    public FileStore Start()
    {
        var store = new FileStore(Options, NullLogger<FileStore>.Instance);
        store.Prepare();
        return store;
    }

    public string OnDisk(string path) => Root + path;

    public void File(string path, string content = "content") => System.IO.File.WriteAllText(OnDisk(path), content);

    public void Folder(string path) => Directory.CreateDirectory(OnDisk(path));

    public void Link(string path, string to) => System.IO.File.CreateSymbolicLink(OnDisk(path), to);

    public void Pipe(string path) => Run("mkfifo", OnDisk(path));

    /// <summary>A directory on another file system.</summary>
    public string OtherDevice()
    {
        var path = $"/dev/shm/webdav-store-{Guid.NewGuid():N}";
        Directory.CreateDirectory(path);
        _elsewhere.Add(path);
        return path;
    }

    /// <summary>Mounts a file system inside the root: one in memory, if nothing else is asked for.</summary>
    public void Mount(string path, params string[] what)
    {
        Folder(path);
        Run("mount", [.. what is [] ? ["-t", "tmpfs", "none"] : what, OnDisk(path)]);
        _mounts.Add(OnDisk(path));
    }

    /// <summary>Mounts a file over another.</summary>
    public void MountFile(string path, string file)
    {
        Run("mount", "--bind", file, OnDisk(path));
        _mounts.Add(OnDisk(path));
    }

    /// <summary>Says that a mount has gone with its directory to another path.</summary>
    public void Moved(string mount, string to) => _mounts[_mounts.IndexOf(OnDisk(mount))] = OnDisk(to);

    public async Task<List<string>> List(string path = "")
    {
        var names = new List<string>();
        await foreach (var entry in Store.ListAsync(P(path), Cancellation))
        {
            names.Add(entry.Path.Name);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public async Task<Entry?> Find(string path) => await Store.FindAsync(P(path), Cancellation);

    public async Task<string> Read(string path)
    {
        await using var content = await Store.OpenAsync(P(path), Cancellation);
        var buffer = new byte[64 * 1024];
        var length = await content.ReadAsync(0, buffer, Cancellation);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    public async Task<Entry> Put(string path, string content = "new", bool replace = true, DateTimeOffset? modified = null)
    {
        await using var upload = await Store.UploadAsync(P(path), Cancellation);
        await upload.WriteAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(content)), Cancellation);
        return await upload.PublishAsync(replace, modified, Cancellation);
    }

    /// <summary>Copies one file through a staged tree; gives the chunks that were reported.</summary>
    public async Task<List<long>> Copy(string source, string destination, bool keepTimes = false, bool replace = true)
    {
        var chunks = new List<long>();
        await using var tree = await Store.StageTreeAsync(P(destination), keepTimes, Cancellation);
        await foreach (var bytes in tree.CopyFileAsync(P(source), P(destination), Cancellation))
        {
            chunks.Add(bytes);
        }

        await tree.PublishAsync(replace, Cancellation);
        return chunks;
    }

    public async Task Remove(DavPath path)
    {
        using var removal = Store.BeginRemoval();
        await removal.RemoveAsync(path, Cancellation);
    }

    public string[] Staged() => Directory.GetFileSystemEntries(Staging);

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        foreach (var mount in _mounts)
        {
            Run("umount", "-l", mount);
        }

        foreach (var directory in _elsewhere.Append(_top))
        {
            Run("rm", "-rf", directory); // Directory.Delete cannot spell names that are not UTF-8
        }

        await Task.CompletedTask;
    }
}
