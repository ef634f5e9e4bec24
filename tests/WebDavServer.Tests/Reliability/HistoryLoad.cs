using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using WebDav.Access;
using WebDav.Handlers;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Reliability;

/// <summary>Many clients that write, move, copy, remove, lock and read in the same few trees, and remember what they were told.</summary>
/// <param name="tree">What is served.</param>
/// <param name="next">The server that the next request goes to.</param>
/// <param name="seed">Gives each client's choices, not how their requests come together.</param>
internal sealed class HistoryLoad(TempTree tree, Func<HttpClient> next, int seed)
{
    private const int Clients = 32;
    private const int Wanderers = 8;
    private const string UserField = "X-Test-User";

    // How often a client gives back a lock where it is told to come again.
    private const int MostUnlocks = 20;

    private readonly ConcurrentQueue<HistoryEvent> _history = new();
    private long _moment;

    public HistoryLoad(ServerFixture server, int seed)
        : this(server.Tree, () => server.Client, seed)
    {
    }

    /// <summary>The names of the clients, as users of a server that asks for them.</summary>
    public static string[] Users => [.. Enumerable.Range(0, Clients).Select(client => $"c{client}")];

    /// <summary>Makes each client a user of its own: the same request of one user joins the one that is running, as a retry does.</summary>
    public static void AddUsers(IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Features.Set(new DavUser(context.Request.Headers[UserField].ToString(), UserAccess.Full));
        return next(context);
    });

    /// <summary>What was asked and answered.</summary>
    public IReadOnlyCollection<HistoryEvent> History => _history;

    /// <summary>Runs all clients to their end, and then reads the disk as one more client.</summary>
    /// <param name="goesOn">Whether a client that has made so many requests makes one more.</param>
    /// <param name="settled">Waits until what the clients have left is done.</param>
    public async Task RunAsync(Func<int, bool> goesOn, Func<Task>? settled = null)
    {
        foreach (string made in (string[])["plain", "t0/s", "t1/s", "t2/s", "m0", "m1"])
        {
            tree.AddDirectory(made);
        }

        for (int i = 0; i < Wanderers; i++)
        {
            tree.AddFile($"m0/u{i}", $"{i}");
        }

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => ActAsync(client, goesOn))));
        await (settled?.Invoke() ?? Task.CompletedTask);
        foreach (string path in new[] { "plain/p0", "plain/p1", "plain/p2", "plain/p3" }.Concat(FilesInTrees()))
        {
            long begin = Interlocked.Increment(ref _moment);
            string? read = tree.Has(path) ? tree.Read(path) : null;
            _history.Enqueue(new(-1, begin, Interlocked.Increment(ref _moment), "GET", "/" + path, read is null ? 404 : 200) { Read = read });
        }
    }

    /// <summary>What is wrong with the files that were only moved, each under a name of its own: there is one of each, where the moves led.</summary>
    public IReadOnlyList<string> CheckWanderers()
    {
        List<string> wrong = [];
        for (int i = 0; i < Wanderers; i++)
        {
            int away = _history.Count(at => at.Method == "MOVE" && at.IsConfirmed && at.Path == $"/m0/u{i}")
                - _history.Count(at => at.Method == "MOVE" && at.IsConfirmed && at.Path == $"/m1/u{i}");
            bool[] there = [tree.Has($"m0/u{i}"), tree.Has($"m1/u{i}")];
            bool known = !_history.Any(at => at.Method == "MOVE" && !at.IsConfirmed && at.IsPossible && at.Path.EndsWith($"/u{i}", StringComparison.Ordinal));
            int place = known ? away : there[0] ? 0 : 1;
            if (there[0] == there[1] || place is not (0 or 1) || !there[place] || tree.Read($"m{place}/u{i}") != $"{i}")
            {
                wrong.Add($"u{i} was moved away {away} more times than back, and is in m0: {there[0]}, m1: {there[1]}");
            }
        }

        return wrong;
    }

    // A LOCK may have made a file of what was a tree.
    private IEnumerable<string> FilesInTrees() => tree.List()
        .Where(entry => entry.StartsWith('t') && !entry.EndsWith('/')).Select(entry => entry[..entry.IndexOf('=', StringComparison.Ordinal)]);

    private async Task ActAsync(int client, Func<int, bool> goesOn)
    {
        Random random = new(HashCode.Combine(seed, client));
        for (int number = 0; goesOn(number); number++)
        {
            string root = TreeOf(random);
            await (random.Next(100) switch
            {
                < 22 => PutAsync(client, number, FileOf(random), random),
                < 44 => AskAsync(client, "GET", FileOf(random)),
                < 52 => UpdateAsync(client, number, PlainOf(random), random),
                < 58 => AskAsync(client, "DELETE", FileOf(random)),
                < 61 => AskAsync(client, "DELETE", root),
                < 66 => AskAsync(client, "MOVE", root, destination: TreeOf(random)),
                < 73 => AskAsync(client, "COPY", root, destination: TreeOf(random)),
                < 78 => AskAsync(client, "MKCOL", root),
                < 88 => WanderAsync(client, random),
                _ => HoldAsync(client, number, random),
            });
        }
    }

    private static string PlainOf(Random random) => $"/plain/p{random.Next(4)}";

    private static string TreeOf(Random random) => $"/t{random.Next(3)}" + (random.Next(2) == 0 ? "/s" : "");

    private static string FileOf(Random random) => random.Next(2) == 0 ? PlainOf(random) : $"{TreeOf(random)}/f{random.Next(2)}";

    private Task<HistoryEvent> PutAsync(int client, int number, string path, Random random, string? token = null, string? ifMatch = null)
    {
        int[] lengths = [50, 3000, 100_000];
        string name = HistoryContent.Name(client, number, lengths[random.Next(lengths.Length)]);
        return AskAsync(client, "PUT", path, wrote: name, token: token, ifMatch: ifMatch);
    }

    private async Task UpdateAsync(int client, int number, string path, Random random)
    {
        if ((await AskAsync(client, "GET", path)).ETag is { } tag)
        {
            await PutAsync(client, number, path, random, ifMatch: tag);
        }
    }

    private Task<HistoryEvent> WanderAsync(int client, Random random)
    {
        (int wanderer, int from) = (random.Next(Wanderers), random.Next(2));
        return AskAsync(client, "MOVE", $"/m{from}/u{wanderer}", destination: $"/m{1 - from}/u{wanderer}");
    }

    // Takes a lock, writes what it covers, and gives it back.
    private async Task HoldAsync(int client, int number, Random random)
    {
        string root = random.Next(3) == 0 ? TreeOf(random) : FileOf(random);
        HistoryEvent granted = await AskAsync(client, "LOCK", root);
        if (granted.Token is null || !granted.IsConfirmed)
        {
            return;
        }

        string file = root[^2] is 'p' or 'f' || granted.Status == 201 ? root : $"{root}/f{random.Next(2)}";
        await PutAsync(client, number, file, random, granted.Token);
        await AskAsync(client, "GET", file, token: granted.Token);
        for (int tries = 0; tries < MostUnlocks && (await AskAsync(client, "UNLOCK", root, token: granted.Token)).Status is 0 or 503; tries++)
        {
            await Task.Delay(500);
        }
    }

    private static string LockInfo(int client) =>
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype>"
        + $"<D:owner>c{client}</D:owner></D:lockinfo>";

    private async Task<HistoryEvent> AskAsync(
        int client, string method, string path, string? destination = null, string? wrote = null, string? token = null, string? ifMatch = null)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        void Add(string field, string? value) => Assert.True(value is null || request.Headers.TryAddWithoutValidation(field, value));
        Add(UserField, $"c{client}");
        Add("Authorization", TestUsers.Basic($"c{client}")["Authorization: ".Length..]);
        Add("Destination", destination);
        Add("Overwrite", destination?.StartsWith("/m", StringComparison.Ordinal) == true ? "F" : null);
        Add("If-Match", ifMatch);
        Add(method == "UNLOCK" ? "Lock-Token" : "If", token is null ? null : method == "UNLOCK" ? $"<{token}>" : $"(<{token}>) (Not <DAV:no-lock>)");
        string? body = wrote is not null ? HistoryContent.Of(wrote) : method == "LOCK" ? LockInfo(client) : null;
        request.Content = body is null ? null : new StringContent(body);
        long begin = Interlocked.Increment(ref _moment);
        HistoryEvent asked = new(client, begin, begin, method, path, Status: 0)
        {
            Destination = destination, Wrote = wrote, Token = token, IfMatch = ifMatch,
        };
        try
        {
            using HttpResponseMessage answer = await next().SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            asked = asked with
            {
                Status = (int)answer.StatusCode,
                Read = method == "GET" && answer.IsSuccessStatusCode ? text : null,
                ETag = method is "GET" or "PUT" && answer.IsSuccessStatusCode ? answer.Headers.ETag?.ToString() : null,
                Token = (method, (int)answer.StatusCode) is ("LOCK", 200 or 201) ? answer.Headers.GetValues("Lock-Token").Single().Trim('<', '>') : token,
            };
        }
        catch (Exception none) when (none is HttpRequestException or OperationCanceledException)
        {
            // It stays without an answer.
        }

        asked = asked with { End = Interlocked.Increment(ref _moment) };
        _history.Enqueue(asked);
        return asked;
    }
}
