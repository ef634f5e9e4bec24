using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Access;
using WebDav.Locking;
using WebDav.Preconditions;
using WebDav.Protocol.Headers;
using WebDav.Protocol;
using WebDav.Storage;
using WebDavServer.Tests.Locking;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Preconditions;

/// <summary>
/// A gate over a real store and a real lock table. The state of the world is told in words, one per line or comma:
/// <c>A on /specs</c>, <c>A on /specs depth 0 shared by anna</c>, <c>A on /x ended</c>, <c>"I am an ETag" of /x</c>.
/// </summary>
internal sealed partial class GateWorld : IDisposable
{
    private readonly Dictionary<string, DavPath> _tags = [];
    private readonly FileStore _store;

    private GateWorld(TempTree tree, FileStore store, LockTable locks, ManualTime time)
    {
        (Tree, _store, Time) = (tree, store, time);
        Leases = new WriteLeases(time);
        Gate = new PreconditionGate(store, locks, Leases);
    }

    public TempTree Tree { get; }

    public ManualTime Time { get; }

    public WriteLeases Leases { get; }

    public PreconditionGate Gate { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The files there are: <c>/resource1</c>, <c>/other</c>, and below <c>/specs</c>, <c>/locked</c>, <c>/flat</c>, <c>/tree</c>, <c>/tree0</c>.</summary>
    public static async Task<GateWorld> MakeAsync(string state)
    {
        var tree = new TempTree();
        string[] files =
        [
            "resource1", "other", "specs/rfc2518.txt", "locked/member", "locked/sub/deep", "flat/member", "tree/one", "tree/sub/two", "tree0/one",
            "users/f/fielding/index.html", "a b/ä",
        ];
        foreach (var file in files)
        {
            tree.AddFile(file, file);
        }

        var store = new FileStore(new FileStoreOptions { Root = tree.Root }, NullLogger<FileStore>.Instance);
        store.Prepare();
        var (kept, time) = (new MemoryLockStore(), new ManualTime());
        var locks = new LockTable(kept, new LockOptions(), time);
        var world = new GateWorld(tree, store, locks, time);
        foreach (var fact in state.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            world.Add(fact, kept);
        }

        await locks.LoadAsync(Cancellation);
        return world;
    }

    /// <summary>The token that a letter stands for: A and B are those of the examples of RFC 4918 10.4.</summary>
    public static string Token(string letter) => letter switch
    {
        "A" => "urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2",
        "B" => "urn:uuid:58f202ac-22cf-11d1-b12d-002035b29092",
        _ => $"urn:uuid:{letter[0] - 'A':D8}-0000-0000-0000-000000000000",
    };

    /// <summary>A path as a request names it.</summary>
    public static DavPath At(string path) => DavPath.TryParse(path, out var parsed, out _, out var error) ? parsed : throw new FormatException(error);

    /// <summary>A request to <c>http://www.example.com</c>.</summary>
    /// <param name="path">Its resource.</param>
    /// <param name="header">Its If; <c>&lt;A&gt;</c> stands for a token, a tag that the state tells of for that of its resource. Null for none.</param>
    /// <param name="principal">Its user.</param>
    /// <param name="needsResource">Whether its method answers 404 where nothing is.</param>
    public async Task<GateRequest> RequestAsync(string path, string? header, string? principal = null, bool needsResource = false) => new(
        At(path),
        principal,
        UserAccess.Full,
        new RequestAuthority("http", "www.example.com", UrlSpace.Whole, OtherHosts: []),
        ConditionalHeaders.Parse(new HeaderDictionary()),
        header is null ? null : IfHeader.Parse(await FillAsync(header)),
        Reads: false,
        needsResource);

    public void Dispose()
    {
        _store.Dispose();
        Tree.Dispose();
    }

    [GeneratedRegex("^(?<letter>[A-Z]) on (?<path>\\S+)(?<flat> depth 0)?(?<shared> shared)?(?<ended> ended)?( by (?<user>\\w+))?$")]
    private static partial Regex LockFact { get; }

    [GeneratedRegex("^(?<tag>\"[^\"]*\") of (?<path>\\S+)$")]
    private static partial Regex TagFact { get; }

    [GeneratedRegex("<([A-Z])>")]
    private static partial Regex Letter { get; }

    private void Add(string fact, MemoryLockStore kept)
    {
        if (TagFact.Match(fact) is { Success: true } tag)
        {
            _tags[tag.Groups["tag"].Value] = At(tag.Groups["path"].Value);
            return;
        }

        var active = LockFact.Match(fact);
        Assert.True(active.Success, $"'{fact}' says nothing");
        kept.Add(new ActiveLock(
            new LockToken(Token(active.Groups["letter"].Value)),
            At(active.Groups["path"].Value),
            active.Groups["shared"].Success ? LockScope.Shared : LockScope.Exclusive,
            active.Groups["flat"].Success ? Depth.Zero : Depth.Infinity,
            Owner: null,
            active.Groups["user"] is { Success: true } user ? user.Value : null,
            TimeSpan.FromHours(1),
            Time.GetUtcNow() + (active.Groups["ended"].Success ? TimeSpan.Zero : TimeSpan.FromHours(1))));
    }

    private async Task<string> FillAsync(string header)
    {
        header = Letter.Replace(header, match => $"<{Token(match.Groups[1].Value)}>");
        foreach (var (tag, path) in _tags)
        {
            header = header.Replace(tag, (await _store.FindAsync(path, Cancellation))!.ETag.ToString(), StringComparison.Ordinal);
        }

        return header;
    }
}
