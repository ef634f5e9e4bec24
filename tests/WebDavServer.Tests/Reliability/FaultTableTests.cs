using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Locking;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.State;
using WebDav.Storage;
using WebDavServer.Tests.Support;
using Xunit.Sdk;

namespace WebDavServer.Tests.Reliability;

/// <summary>
/// The fault table: a store that fails each single call that a COPY, MOVE, DELETE or PUT makes, with every fault. Which calls there are
/// is found out by a run without faults, so that none is left out when the code changes. <see cref="FaultExpectation"/> says what is right.
/// </summary>
public sealed class FaultTableTests : IAsyncLifetime
{
    private const int FewestCells = 300;

    private static readonly StoreFault[] Faults =
    [
        StoreFault.Denied, StoreFault.NotFound, StoreFault.AlreadyExists, StoreFault.NoSpace, StoreFault.InputOutput, StoreFault.NameTooLong,
        StoreFault.Busy,
    ];

    private FaultyServer _faulty = null!;
    private int _cells;
    private string _top = "";
    private string _token = "";

    /// <summary>The rows of the table.</summary>
    public static TheoryData<string> Scenarios => [.. FaultScenario.All.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ServerFixture Server => _faulty.Server;

    private LockTable Locks => Server.Services.GetRequiredService<LockTable>();

    private IDeadProperties Properties => Server.Services.GetRequiredService<IDeadProperties>();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _faulty = await FaultyServer.StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _faulty.DisposeAsync();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Every_call_that_fails_is_answered_rightly_and_leaves_the_rest_as_it_should_be(string name)
    {
        List<string> wrong = [];
        foreach (FaultCell cell in await CellsAsync(FaultScenario.All[name]))
        {
            try
            {
                await CheckAsync(cell);
            }
            catch (XunitException failure)
            {
                wrong.Add($"{cell}\n    {failure.Message.ReplaceLineEndings("\n    ")}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} cells are wrong:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public async Task The_table_is_as_large_as_the_work_is_long()
    {
        int cells = 0;
        foreach (FaultScenario scenario in FaultScenario.All.Values)
        {
            IReadOnlyList<FaultCell> row = await CellsAsync(scenario);
            Assert.NotEmpty(row);
            cells += row.Count;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cells} cells");
        Assert.InRange(cells, FewestCells, int.MaxValue);
    }

    // The calls of a run without faults, each with every fault. What was replaced is cleared away without faults, which IDisplaced forbids.
    private async Task<IReadOnlyList<FaultCell>> CellsAsync(FaultScenario scenario)
    {
        await PrepareAsync(scenario);
        Assert.Equal(scenario.Success, (await AskAsync(scenario)).Status);
        List<FaultCell> cells = [];
        Dictionary<(StoreCall, string), int> seen = [];
        bool published = scenario.Method == "DELETE";
        foreach ((StoreCall call, DavPath path) in _faulty.Store.Calls)
        {
            if (call is StoreCall.DisplacedRemove || (scenario.Across && call == StoreCall.Rename))
            {
                continue;
            }

            string below = path.Value.StartsWith(_top, StringComparison.Ordinal) ? path.Value[_top.Length..].TrimStart('/') : "";
            int nth = seen[(call, below)] = seen.GetValueOrDefault((call, below)) + 1;
            FaultPart part = published && call == StoreCall.Find && scenario.Method != "DELETE" ? FaultPart.Settling : PartOf(call, published);
            published |= call == StoreCall.StagedPublish;
            cells.AddRange(Faults.Select(fault => new FaultCell(scenario, call, below, nth, part, fault)));
        }

        await ClearAsync();
        return cells;
    }

    private static FaultPart PartOf(StoreCall call, bool published) => call switch
    {
        StoreCall.List or StoreCall.ListNext or StoreCall.Remove when published => FaultPart.Removing,
        StoreCall.List or StoreCall.ListNext or StoreCall.StagedMakeCollection or StoreCall.StagedCopyFile or StoreCall.StagedCopyChunk
            or StoreCall.StagedComplete => FaultPart.Filling,
        _ => FaultPart.Whole,
    };

    private async Task CheckAsync(FaultCell cell)
    {
        FaultScenario scenario = cell.Scenario;
        await PrepareAsync(scenario);
        string[] before = List("");
        string path = $"{_top}/{cell.Path}".TrimEnd('/');
        if (cell.Fault == StoreFault.NotFound)
        {
            _faulty.Store.Before(cell.Call, path, () => Vanish(cell), cell.Nth);
        }
        else
        {
            _faulty.Store.Fail(cell.Call, path, cell.Fault, cell.Nth, times: 1);
        }

        RawResponse answer = await AskAsync(scenario);
        FaultExpectation right = FaultExpectation.Of(cell);
        CheckAnswer(cell, right, answer);
        CheckTree(cell, right, before);
        await CheckStateAsync(cell);
        await CheckNextAsync(cell, right, before);
        await ClearAsync();
    }

    private static void CheckAnswer(FaultCell cell, FaultExpectation right, RawResponse answer)
    {
        Assert.True(right.Status == answer.Status, $"the answer is {answer.Status}, not {right.Status}: {answer.Text}");
        if (right.Status == 207)
        {
            MultiStatus parts = MultiStatus.Of(answer);
            string top = Regex.Match(parts.Hrefs[0], "^/[^/]+/").Value;
            Assert.Equal(
                right.Members.Select(member => $"{member.Key} {member.Value}").Order(StringComparer.Ordinal),
                parts.Hrefs.Select(href => $"{InSource(cell, href[top.Length..].TrimEnd('/'), parts.Status(href))} {parts.Status(href)}").Order(StringComparer.Ordinal));
        }
        else if (right.Status >= 400)
        {
            Assert.NotEmpty(answer.Body);
            Assert.Equal(cell.Fault == StoreFault.NoSpace ? "sufficient-disk-space" : null, answer.Condition());
            Assert.Equal(right.Status == 503, answer["Retry-After"] is not null);
        }
    }

    // RFC 4918 9.8.5 lets a failure be that of the member or of its copy.
    private static string InSource(FaultCell cell, string member, int status) =>
        status != 424 && cell.Scenario.Destination is { } to && member.StartsWith(to + "/", StringComparison.Ordinal)
            ? cell.Scenario.Source + member[to.Length..]
            : member;

    private void CheckTree(FaultCell cell, FaultExpectation right, string[] before)
    {
        FaultScenario scenario = cell.Scenario;
        string[] after = List("");
        if (right.Unchanged)
        {
            Assert.Equal(before, after);
            return;
        }

        if (cell.Fault == StoreFault.NotFound && (right.Status is 404 or 409))
        {
            // What is gone stays gone, and nothing is made in its place.
            Assert.Equal(before.Where(entry => !At(entry, scenario.Source.StartsWith(cell.Path + "/", StringComparison.Ordinal) || cell.Path is "" ? cell.Path : scenario.Source)), after);
            return;
        }

        if (scenario.Method == "PUT")
        {
            Assert.Equal(FaultScenario.NewContent, _faulty.Tree.Read($"{_top}/{scenario.Source}".TrimStart('/')));
            return;
        }

        string[] whole = Relative(before, scenario.Source);
        if (scenario.Destination is { } destination)
        {
            CheckPart(Relative(after, destination), whole, right.MissingInCopy);
        }

        string[] source = Relative(after, scenario.Source);
        if (!scenario.Empties)
        {
            string? gone = cell.Fault == StoreFault.NotFound && VanishedOf(cell).StartsWith($"{_top}/{scenario.Source}", StringComparison.Ordinal) ? cell.Member : null;
            CheckPart(source, whole, gone);
        }
        else if (right.LeftAtSource is { } left)
        {
            Assert.Contains(before.Where(entry => Relative([entry], scenario.Source).Any(it => At(it, left))), after.Contains);
            Assert.All(source, entry => Assert.True(At(entry, left) || IsAbove(entry, left), $"{entry} is left at the source"));
        }
        else
        {
            Assert.Empty(source);
        }
    }

    // All that is there is as in the whole; what is not at or below the exception is all there.
    private static void CheckPart(string[] found, string[] whole, string? except)
    {
        Assert.All(found, entry => Assert.Contains(entry, whole));
        Assert.All(whole.Where(entry => except is null || !At(entry, except)), entry => Assert.Contains(entry, found));
    }

    // Nothing is left in staging or half-settled, and whatever has a property or a lock is there.
    private async Task CheckStateAsync(FaultCell cell)
    {
        string staging = _faulty.Tree.At(".webdav/staging");
        Assert.Empty(Directory.GetFileSystemEntries(staging));
        Assert.Empty(await Server.Services.GetRequiredService<TransferIntents>().PendingAsync(server: null, Cancellation));
        bool Exempt(DavPath path) => cell.Fault == StoreFault.NotFound && path.IsAtOrBelow(DavPath.FromValue(VanishedOf(cell)));
        await foreach (DavPath path in Properties.ListAsync(DavPath.FromValue(_top), Cancellation))
        {
            Assert.True(Exempt(path) || _faulty.Tree.Has(path.Value.TrimStart('/')), $"the properties of {path} are left, which is gone");
        }

        foreach (ActiveLock active in Locks.Below(DavPath.FromValue(_top)))
        {
            Assert.True(Exempt(active.Root) || _faulty.Tree.Has(active.Root.Value.TrimStart('/')), $"a lock of {active.Root} is left, which is gone");
        }

        foreach (string entry in List("").Where(entry => entry.EndsWith("/one=1", StringComparison.Ordinal) || entry is "b=1"))
        {
            DavPath one = DavPath.FromValue($"{_top}/{entry[..entry.IndexOf('=', StringComparison.Ordinal)]}");
            Assert.Equal(Note("note of one"), Assert.Single(await Properties.ReadAsync(one, Cancellation)));
        }

        // The lock is there as long as what it locks is, wherever the request has failed.
        bool locked = Locks.Below(DavPath.FromValue(_top)).Count > 0;
        Assert.True(locked || Exempt(DavPath.FromValue($"{_top}/a/sub/two")) || !_faulty.Tree.Has($"{_top}/a/sub/two".TrimStart('/')), "the lock is lost");
    }

    // The same request again succeeds, now that nothing fails; what a MOVE could not take away can be removed.
    private async Task CheckNextAsync(FaultCell cell, FaultExpectation right, string[] before)
    {
        _faulty.Store.Forget();
        FaultScenario scenario = cell.Scenario;
        if (right.Status < 207 || cell.Fault == StoreFault.NotFound)
        {
            return;
        }

        if (scenario.Method == "MOVE" && !right.Unchanged)
        {
            Assert.Equal(204, await Server.StatusAsync("DELETE", $"{_top}/{scenario.Source}", [Submit]));
        }
        else
        {
            Arm(scenario);
            int expected = scenario.Method == "COPY" && !right.Unchanged ? 204 : scenario.Success;
            Assert.Equal(expected, (await AskAsync(scenario)).Status);
        }

        CheckTree(cell with { Fault = StoreFault.InputOutput }, new(scenario.Success, right.Members), before);
        _faulty.Store.Forget();
        await CheckStateAsync(cell);
    }

    private string Submit => $"If: (<{_token}>) (Not <DAV:no-lock>)";

    private async Task<RawResponse> AskAsync(FaultScenario scenario)
    {
        if (scenario.Chunked)
        {
            await using RawConnection connection = await Server.ConnectAsync();
            await connection.SendRequestAsync(scenario.Method, $"{_top}/{scenario.Source}", [Submit, "Transfer-Encoding: chunked"]);
            await connection.SendAsync($"{FaultScenario.NewContent.Length:x}\r\n{FaultScenario.NewContent}\r\n0\r\n\r\n");
            return await connection.ReadAsync();
        }

        string[] destination = scenario.Destination is { } to ? [$"Destination: {_top}/{to}"] : [];
        return await Server.AskAsync(
            scenario.Method, $"{_top}/{scenario.Source}", [Submit, .. destination], scenario.Method == "PUT" ? FaultScenario.NewContent : null);
    }

    // A directory of the cell's own: a tree with properties and a lock, and at the destination another, if one is replaced.
    private async Task PrepareAsync(FaultScenario scenario)
    {
        _faulty.Store.Forget();
        string top = $"c{++_cells}";
        _top = "/" + top;
        _faulty.Tree.AddFile($"{top}/a/one", "1");
        _faulty.Tree.AddFile($"{top}/a/sub/two", "22");
        _faulty.Tree.AddFile($"{top}/a/sub/deep/three", "333");
        _faulty.Tree.AddDirectory($"{top}/a/empty");
        await SetNoteAsync($"{_top}/a/one", "note of one");
        await SetNoteAsync($"{_top}/a/sub", "note of sub");
        await SetNoteAsync($"{_top}/a/sub/deep/three", "note of three");
        if (scenario is { Replaces: true, Destination: { } destination })
        {
            _faulty.Tree.AddFile($"{top}/{destination}/old", "old");
            _faulty.Tree.AddFile($"{top}/{destination}/sub/older", "older");
            await SetNoteAsync($"{_top}/{destination}/old", "note of old");
        }

        LockRequest wanted = new(DavPath.FromValue($"{_top}/a/sub/two"), LockScope.Exclusive, Depth.Zero, Owner: null, Principal: null, Timeouts: []);
        _token = (await Locks.GrantAsync(wanted, Cancellation)).Token.Uri;
        _faulty.Store.Forget();
        Arm(scenario);
    }

    private async ValueTask SetNoteAsync(string path, string text) =>
        await Properties.ApplyAsync(DavPath.FromValue(path), [new PropertyChange(Note(text).Name, Note(text))], Cancellation);

    private static DeadProperty Note(string text) => new(new PropertyName("urn:test", "note"), $"<note xmlns=\"urn:test\">{text}</note>");

    private void Arm(FaultScenario scenario)
    {
        if (scenario.Across)
        {
            _faulty.Store.Fail(StoreCall.Rename, $"{_top}/{scenario.Source}", StoreFault.CrossDevice);
        }
    }

    private async Task ClearAsync()
    {
        _faulty.Store.Forget();
        if (_faulty.Tree.Has(_top.TrimStart('/')))
        {
            Assert.Equal(204, await Server.StatusAsync("DELETE", _top, [Submit]));
        }
    }

    // What a call names goes in truth; for a call that names a copy out of sight, what it is a copy of.
    private string VanishedOf(FaultCell cell) => cell.Part == FaultPart.Filling && cell.Member is { } member
        ? $"{_top}/{cell.Scenario.Source}/{member}".TrimEnd('/')
        : $"{_top}/{cell.Path}".TrimEnd('/');

    private void Vanish(FaultCell cell)
    {
        string path = _faulty.Tree.At(VanishedOf(cell).TrimStart('/'));
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private string[] List(string below) =>
        _faulty.Tree.Has(_top.TrimStart('/')) ? [.. _faulty.Tree.List(_top.TrimStart('/') + below)] : [];

    // Of what TempTree.List says, that of one resource, each by its path below it: "=1" for a file itself, "/" for a directory.
    private static string[] Relative(IEnumerable<string> entries, string top) =>
    [
        .. entries.Where(entry => entry == top + "/" || entry.StartsWith(top + "/", StringComparison.Ordinal)
                || entry.StartsWith(top + "=", StringComparison.Ordinal))
            .Select(entry => entry[top.Length..].TrimStart('/')),
    ];

    private static bool At(string entry, string member) =>
        member == "" || entry == member + "/" || entry.StartsWith(member + "/", StringComparison.Ordinal) || entry.StartsWith(member + "=", StringComparison.Ordinal);

    private static bool IsAbove(string entry, string member) => entry == "" || (entry.EndsWith('/') && member.StartsWith(entry, StringComparison.Ordinal));
}
