using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Protocol;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Storage;

/// <summary>What a server was about to do when another took its staging directory away fails, whatever it was and however far it had come.</summary>
public sealed class SharedStagingTests : IDisposable
{
    private static readonly Dictionary<ulong, DavPath> NoMoves = [];

    private readonly TempTree _tree = new();
    private readonly FileStore _stale;
    private readonly FileStore _other;

    public SharedStagingTests()
    {
        _tree.AddFile("file", "old");
        _tree.AddFile("tree/member", "old");
        _tree.AddDirectory("empty");
        _stale = Make("stale");
        _other = Make("other");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IReadOnlyList<string> Staging =>
        [.. Directory.GetDirectories(_tree.At(".webdav/servers")).SelectMany(Directory.GetFileSystemEntries)];

    public void Dispose()
    {
        _stale.Dispose();
        _other.Dispose();
        _tree.Dispose();
    }

    [Fact]
    public async Task An_upload_that_is_whole_is_not_published()
    {
        await using IUpload upload = await UploadAsync("/file", "stale");

        Fence();

        await SupersededAsync(async () => await upload.PublishAsync(replace: true, modified: null, Cancellation));
        Assert.Equal("old", _tree.Read("file"));
    }

    [Fact]
    public async Task A_new_upload_cannot_begin()
    {
        Fence();

        await SupersededAsync(async () => await _stale.UploadAsync(At("/new"), Cancellation));
    }

    [Fact]
    public async Task A_copy_that_is_whole_is_not_published()
    {
        await using IStagedTree staged = await _stale.StageTreeAsync(At("/copy"), keepTimes: false, Cancellation);
        await staged.MakeCollectionAsync(At("/copy"), Cancellation);
        await foreach (long _ in staged.CopyFileAsync(At("/file"), At("/copy/file"), Cancellation))
        {
        }

        Fence();

        await SupersededAsync(async () => await staged.PublishAsync(replace: false, Cancellation));
        Assert.False(_tree.Has("copy"));
    }

    [Fact]
    public async Task A_copy_whose_things_were_taken_away_but_not_yet_its_directory_is_not_published()
    {
        await using IStagedTree staged = await _stale.StageTreeAsync(At("/copy"), keepTimes: false, Cancellation);
        await staged.MakeCollectionAsync(At("/copy"), Cancellation);

        Directory.Move(Assert.Single(Directory.GetDirectories(_tree.At(".webdav/servers/stale"))), _tree.At(".webdav/taken"));

        await SupersededAsync(async () => await staged.PublishAsync(replace: false, Cancellation));
        Assert.False(_tree.Has("copy"));
    }

    [Theory]
    [InlineData("/file")]
    [InlineData("/empty")]
    public async Task Nothing_is_removed(string path)
    {
        Fence();

        await SupersededAsync(async () => await RemoveAsync(At(path)));
        Assert.True(_tree.Has(path[1..]));
    }

    [Fact]
    public async Task No_collection_is_made()
    {
        Fence();

        await SupersededAsync(async () => await _stale.MakeCollectionAsync(At("/new"), Cancellation));
        Assert.False(_tree.Has("new"));
    }

    [Theory]
    [InlineData("/file", "/new")]
    [InlineData("/tree", "/file")]
    [InlineData("/file", "/empty")]
    public async Task Nothing_is_moved(string source, string destination)
    {
        IReadOnlyList<string> before = _tree.List();
        Fence();

        await SupersededAsync(async () => await _stale.RenameAsync(At(source), At(destination), replace: true, Cancellation));
        Assert.Equal(before, _tree.List());
    }

    [Fact]
    public async Task What_lay_between_two_names_gets_the_first_one_back()
    {
        Entry moved = (await _stale.FindAsync(At("/tree"), Cancellation))!;
        Directory.Move(_tree.At("tree"), _tree.At(".webdav/servers/stale/between"));

        Assert.Empty(_other.Sharing.Fence("stale", new Dictionary<ulong, DavPath> { [moved.Identity.Number] = At("/tree") }));

        Assert.Equal("old", _tree.Read("tree/member"));
        Assert.False(_tree.Has(".webdav/servers/stale"));
    }

    [Fact]
    public async Task What_lay_between_two_names_is_kept_where_others_have_taken_the_first()
    {
        Entry moved = (await _stale.FindAsync(At("/file"), Cancellation))!;
        File.Move(_tree.At("file"), _tree.At(".webdav/servers/stale/between"));
        _tree.AddFile("file", "another");

        (DavPath path, string place) = Assert.Single(
            _other.Sharing.Fence("stale", new Dictionary<ulong, DavPath> { [moved.Identity.Number] = At("/file") }));

        Assert.Equal(At("/file"), path);
        Assert.Equal("old", await File.ReadAllTextAsync(place, Cancellation));
        Assert.Equal("another", _tree.Read("file"));
    }

    [Fact]
    public async Task What_is_taken_away_is_removed()
    {
        await using IUpload upload = await UploadAsync("/file", "stale");
        await using IStagedTree staged = await _stale.StageTreeAsync(At("/copy"), keepTimes: false, Cancellation);
        await staged.MakeCollectionAsync(At("/copy"), Cancellation);
        Fence();
        Assert.Equal(2, Staging.Count);

        _other.Sharing.Clear();

        Assert.Empty(Staging);
    }

    [Fact]
    public async Task Whoever_enters_anew_can_write_again()
    {
        Fence();
        _stale.Sharing.Enter("again");

        await using IUpload upload = await UploadAsync("/file", "new");
        await upload.PublishAsync(replace: true, modified: null, Cancellation);

        Assert.Equal("new", _tree.Read("file"));
    }

    [Fact]
    public async Task Whoever_may_changes_names_as_a_server_alone_does()
    {
        await _stale.MakeCollectionAsync(At("/made"), Cancellation);
        await _stale.RenameAsync(At("/file"), At("/made/file"), replace: false, Cancellation);
        IDisplaced displaced = (await _stale.RenameAsync(At("/made"), At("/tree"), replace: true, Cancellation))!;
        await foreach (int _ in displaced.RemoveAsync(Cancellation))
        {
        }

        await RemoveAsync(At("/empty"));
        Assert.Equal(StoreFault.AlreadyExists, await FaultAsync(async () => await _stale.MakeCollectionAsync(At("/tree"), Cancellation)));
        Assert.Equal(StoreFault.NotEmpty, await FaultAsync(async () => await RemoveAsync(At("/tree"))));
        Assert.Equal(StoreFault.NotFound, await FaultAsync(async () => await RemoveAsync(At("/gone"))));
        Assert.Equal(StoreFault.NoParent, await FaultAsync(async () => await _stale.RenameAsync(At("/tree"), At("/gone/tree"), replace: false, Cancellation)));

        Assert.Equal(["tree/", "tree/file=old"], _tree.List());
        Assert.Empty(Staging);
    }

    private static DavPath At(string path) => DavPath.FromValue(path);

    private static async Task SupersededAsync(Func<Task> act) => Assert.Equal(StoreFault.Superseded, await FaultAsync(act));

    private static async Task<StoreFault> FaultAsync(Func<Task> act) => (await Assert.ThrowsAsync<StoreException>(act)).Fault;

    private void Fence() => Assert.Empty(_other.Sharing.Fence("stale", NoMoves));

    private FileStore Make(string name)
    {
        FileStore store = new(
            new FileStoreOptions { Root = _tree.Root, StagingDirectory = _tree.At(".webdav/servers"), Shared = true }, NullLogger<FileStore>.Instance);
        store.Sharing.Enter(name);
        return store;
    }

    private async Task RemoveAsync(DavPath path)
    {
        using IRemoval removal = _stale.BeginRemoval();
        await removal.RemoveAsync(path, Cancellation);
    }

    private async Task<IUpload> UploadAsync(string path, string content)
    {
        IUpload upload = await _stale.UploadAsync(At(path), Cancellation);
        await upload.WriteAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(content)), Cancellation);
        return upload;
    }
}
