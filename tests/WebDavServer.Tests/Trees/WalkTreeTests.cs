using System.Diagnostics.CodeAnalysis;
using WebDav.Protocol;
using WebDav.Storage;
using WebDav.Trees;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Trees;

public sealed class WalkTreeTests : IAsyncLifetime
{
    private readonly TreeBench _bench = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "The same tree each time.")]
    public async Task Every_member_is_visited_once_and_every_collection_left_once()
    {
        Random random = new(20261019);
        List<string> directories = [""];
        for (int i = 0; i < 400; i++)
        {
            string path = $"{directories[random.Next(directories.Count)]}/{(char)('a' + random.Next(26))}{i}";
            if (random.Next(3) == 0)
            {
                _bench.Tree.AddDirectory(path[1..]);
                directories.Add(path);
            }
            else
            {
                _bench.Tree.AddFile(path[1..]);
            }
        }

        IReadOnlyList<WalkStep> steps = await WalkAsync("");

        string[] expected =
        [
            "",
            .. Directory.GetFileSystemEntries(_bench.Tree.Root, "*", SearchOption.AllDirectories)
                .Select(path => path[_bench.Tree.Root.Length..])
                .Where(path => !path.StartsWith("/.webdav", StringComparison.Ordinal)),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Paths(steps, WalkStepKind.Visit).Order(StringComparer.Ordinal));
        Assert.Equal(directories.Order(StringComparer.Ordinal), Paths(steps, WalkStepKind.Leave).Order(StringComparer.Ordinal));
        AssertNested(steps);
        _bench.AssertClean();
    }

    [Fact]
    public async Task Memory_holds_the_levels_and_not_the_members()
    {
        for (int i = 0; i < 30; i++)
        {
            _bench.Tree.AddFile($"a/{i}/b/{i}/file");
        }

        await WalkAsync("");

        Assert.Equal(5, _bench.Store.MostOpenListings); // "/", a, i, b, i
        Assert.Equal(0, _bench.Store.OpenListings);
    }

    [Theory]
    [InlineData(Depth.Zero, new[] { "/d" })]
    [InlineData(Depth.One, new[] { "/d", "/d/a", "/d/f" })]
    [InlineData(Depth.Infinity, new[] { "/d", "/d/a", "/d/a/b", "/d/f" })]
    public async Task Depth_says_how_far_it_goes(Depth depth, string[] visited)
    {
        // RFC 4918 10.2
        _bench.Tree.AddFile("d/a/b");
        _bench.Tree.AddFile("d/f");

        IReadOnlyList<WalkStep> steps = await WalkAsync("/d", depth);

        Assert.Equal(visited, Paths(steps, WalkStepKind.Visit).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_collection_that_cannot_be_listed_is_told_and_the_walk_goes_on_beside_it()
    {
        _bench.Tree.AddFile("d/a/x");
        _bench.Tree.AddFile("d/b/x");
        _bench.Tree.AddFile("d/c/x");
        _bench.Store.Fail(StoreCall.List, "/d/b", StoreFault.Denied);

        IReadOnlyList<WalkStep> steps = await WalkAsync("/d");

        Assert.Equal(["/d", "/d/a", "/d/a/x", "/d/b", "/d/c", "/d/c/x"], Paths(steps, WalkStepKind.Visit).Order(StringComparer.Ordinal));
        WalkStep unlistable = Assert.Single(steps, step => step.Kind == WalkStepKind.Unlistable);
        Assert.Equal(("/d/b", StoreFault.Denied), (unlistable.Entry.Path.Value, unlistable.Fault!.Fault));
        Assert.Contains("/d/b", Paths(steps, WalkStepKind.Leave));
        _bench.AssertClean();
    }

    [Fact]
    public async Task A_listing_that_breaks_off_is_told_after_the_members_it_gave()
    {
        _bench.Tree.AddFile("d/a");
        _bench.Tree.AddFile("d/b");
        _bench.Tree.AddFile("d/c");
        _bench.Store.Fail(StoreCall.ListNext, "/d", StoreFault.InputOutput, nth: 2);

        IReadOnlyList<WalkStep> steps = await WalkAsync("/d");

        Assert.Equal(
            [WalkStepKind.Visit, WalkStepKind.Visit, WalkStepKind.Visit, WalkStepKind.Unlistable, WalkStepKind.Leave],
            steps.Select(step => step.Kind));
    }

    [Theory]
    [InlineData(nameof(WalkStepKind.Visit))]
    [InlineData(nameof(WalkStepKind.Leave))]
    [InlineData(nameof(WalkStepKind.Unlistable))]
    public async Task Only_what_was_visited_last_is_skipped(string at)
    {
        // Whenever Skip is called, it never leaves out the next sibling.
        _bench.Tree.AddFile("d/a/x");
        _bench.Tree.AddFile("d/b/x");
        _bench.Store.Fail(StoreCall.List, "/d/a", StoreFault.Denied);
        _bench.Store.Fail(StoreCall.List, "/d/b", StoreFault.Denied);
        WalkTree walk = new(_bench.Store, await _bench.EntryAsync("/d"), Depth.Infinity, followLinks: true);

        int listed = 0;
        await foreach (WalkStep step in walk.StepsAsync(CancellationToken.None))
        {
            if (step.Kind.ToString() == at && step.Entry.Path.Level == 2)
            {
                walk.Skip();
            }

            listed += step.Kind == WalkStepKind.Unlistable ? 1 : 0;
        }

        Assert.Equal(at == nameof(WalkStepKind.Visit) ? 0 : 2, listed);
    }

    [Fact]
    public async Task A_walk_that_is_cancelled_holds_nothing_any_more()
    {
        _bench.Tree.AddFile("a/b/c/d/file");
        using CancellationTokenSource cancel = new();
        WalkTree walk = new(_bench.Store, await _bench.EntryAsync(""), Depth.Infinity, followLinks: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (WalkStep step in walk.StepsAsync(cancel.Token))
            {
                if (step.Entry.Path.Name == "file")
                {
                    Assert.Equal(5, _bench.Store.OpenListings);
                    await cancel.CancelAsync();
                }
            }
        });

        _bench.AssertClean();
    }

    [Fact]
    public async Task A_walk_that_is_given_up_holds_nothing_any_more()
    {
        _bench.Tree.AddFile("a/b/c/d/file");
        WalkTree walk = new(_bench.Store, await _bench.EntryAsync(""), Depth.Infinity, followLinks: true);

        await foreach (WalkStep step in walk.StepsAsync(CancellationToken.None))
        {
            if (step.Entry.Path.Name == "file")
            {
                break;
            }
        }

        _bench.AssertClean();
    }

    [Theory]
    [InlineData("d/up", "..")]
    [InlineData("d/self", ".")]
    [InlineData("d/a/top", "../../d")]
    public async Task A_link_that_leads_back_is_a_loop(string link, string target)
    {
        // RFC 5842 7.2
        _bench.Tree.AddFile("d/a/x");
        Directory.CreateSymbolicLink(_bench.Tree.At(link), target);

        IReadOnlyList<WalkStep> steps = await WalkAsync("");

        WalkStep loop = Assert.Single(steps, step => step.Kind == WalkStepKind.Unlistable);
        Assert.Equal(("/" + link, StoreFault.Loop), (loop.Entry.Path.Value, loop.Fault!.Fault));
    }

    [Fact]
    public async Task Links_that_lead_to_each_other_end_the_walk_too()
    {
        _bench.Tree.AddDirectory("x");
        _bench.Tree.AddDirectory("y");
        Directory.CreateSymbolicLink(_bench.Tree.At("x/y"), "../y");
        Directory.CreateSymbolicLink(_bench.Tree.At("y/x"), "../x");

        IReadOnlyList<WalkStep> steps = await WalkAsync("");

        Assert.Equal(["/x/y/x", "/y/x/y"], Paths(steps, WalkStepKind.Unlistable).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Links_are_not_followed_where_they_must_not_be()
    {
        _bench.Tree.AddFile("outside/x");
        _bench.Tree.AddDirectory("d");
        Directory.CreateSymbolicLink(_bench.Tree.At("d/link"), "../outside");

        WalkTree walk = new(_bench.Store, await _bench.EntryAsync("/d"), Depth.Infinity, followLinks: false);
        IReadOnlyList<WalkStep> steps = await TreeBench.DoneAsync(walk.StepsAsync(CancellationToken.None));

        Assert.Equal(["/d", "/d/link"], Paths(steps, WalkStepKind.Visit));
    }

    private static IEnumerable<string> Paths(IEnumerable<WalkStep> steps, WalkStepKind kind) =>
        steps.Where(step => step.Kind == kind).Select(step => step.Entry.Path.Value);

    /// <summary>Whatever is visited lies in the collection that was entered last and not yet left.</summary>
    private static void AssertNested(IEnumerable<WalkStep> steps)
    {
        Stack<DavPath> within = new();
        foreach (WalkStep step in steps)
        {
            if (step.Kind == WalkStepKind.Leave)
            {
                Assert.Equal(within.Pop(), step.Entry.Path);
                continue;
            }

            Assert.True(within.Count == 0 || step.Entry.Path.Parent == within.Peek(), $"{step.Entry.Path} is visited out of its place");
            if (step.Entry.IsCollection)
            {
                within.Push(step.Entry.Path);
            }
        }

        Assert.Empty(within);
    }

    private async Task<IReadOnlyList<WalkStep>> WalkAsync(string path, Depth depth = Depth.Infinity) =>
        await TreeBench.DoneAsync(new WalkTree(_bench.Store, await _bench.EntryAsync(path), depth, followLinks: true).StepsAsync(CancellationToken.None));
}
