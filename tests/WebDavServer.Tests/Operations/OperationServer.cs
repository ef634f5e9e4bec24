using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Access;
using WebDav.Handlers;
using WebDav.Operations;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>
/// The real server with a small tree <c>/a</c>, over a store that can be made to stall. Who a request is from, it says in the field
/// <c>Test-User</c>; <c>root</c> is the administrator, and <c>reader</c> may not write.
/// </summary>
internal sealed class OperationServer : IAsyncDisposable
{
    public const string List = "/.webdav/operations";

    private const string LockBody = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype><owner>me</owner></lockinfo>";

    private OperationServer(FaultyServer server) => (Inner, Registry) = (server, server.Server.Services.GetRequiredService<OperationRegistry>());

    public static TheoryData<string> Methods => ["COPY", "MOVE", "DELETE", "LOCK"];

    public FaultyServer Inner { get; }

    public FaultyStore Store => Inner.Store;

    public ServerFixture Server => Inner.Server;

    public TempTree Tree => Inner.Tree;

    public ManualTime Time => Inner.Time;

    public OperationRegistry Registry { get; }

    /// <summary>What lies in staging.</summary>
    public IReadOnlyList<string> Staging => Directory.GetFileSystemEntries(Tree.At(".webdav/staging"));

    public static async Task<OperationServer> StartAsync(
        Dictionary<string, string?>? settings = null, bool realTime = false, TempTree? tree = null)
    {
        if (tree is null)
        {
            tree = new();
            tree.AddFile("a/f", "content");
            tree.AddFile("a/d/g", "more");
            tree.AddFile("z", "last");
        }

        return new(await FaultyServer.StartAsync(settings, realTime: realTime, tree: tree, endpoints: app => app.Use(SetUser)));
    }

    /// <summary>The status of a tree operation on /a that is whole.</summary>
    public static int StatusOf(string method) => method switch
    {
        "DELETE" => 204,
        "LOCK" => 200,
        "PROPFIND" => 207,
        _ => 201,
    };

    /// <summary>Sends a tree operation on /a, to /b where it has a destination, on a connection of its own.</summary>
    public async Task<RawConnection> SendAsync(string method, params string[] fields)
    {
        RawConnection connection = await Server.ConnectAsync();
        string[] destination = method is "COPY" or "MOVE" && !fields.Any(field => field.StartsWith("Destination:", StringComparison.Ordinal))
            ? ["Destination: /b"]
            : [];
        await connection.SendRequestAsync(method, "/a", [.. fields, .. destination], method == "LOCK" ? LockBody : null);
        return connection;
    }

    /// <summary>Sends a tree operation on /a and reads its response.</summary>
    public async Task<RawResponse> AskAsync(string method, params string[] fields)
    {
        await using RawConnection connection = await SendAsync(method, fields);
        return (await connection.ReadFinalAsync()).Final;
    }

    /// <summary>Lets a tree operation on /a stand still before it has changed anything that can be seen.</summary>
    public Stall StallAt(string method) => method switch
    {
        "COPY" => Store.Stall(StoreCall.StagedCopyFile, "/a/f"),
        "MOVE" => Store.Stall(StoreCall.Rename, "/a"),
        "DELETE" => Store.Stall(StoreCall.Remove, "/a/f"),
        "LOCK" => Store.Stall(StoreCall.CheckWritable, "/a/f"),
        _ => Store.Stall(StoreCall.ListNext, "/a"),
    };

    /// <summary>How often the work of a method on /a was done.</summary>
    public int Done(string method) => method switch
    {
        "COPY" => Store.Count(StoreCall.StagedPublish),
        "MOVE" => Store.Count(StoreCall.Rename, "/a"),
        "DELETE" => Store.Count(StoreCall.Remove, "/a/f"),
        _ => Store.Count(StoreCall.CheckWritable, "/a/f"),
    };

    /// <summary>Sends a tree operation on /a whose client goes away while it stands still; when this returns, the server knows.</summary>
    public async Task<Stall> SendAndGoAsync(string method, params string[] fields)
    {
        int before = Server.Log.Requests.Count;
        Stall stall = StallAt(method);
        await using (await SendAsync(method, fields))
        {
            await stall.ReachedAsync();
        }

        await Server.Log.WaitForRequestsAsync(before + 1);
        return stall;
    }

    /// <summary>Waits until nothing is at work any more.</summary>
    public Task WaitForEndAsync() => WaitAsync(() => Registry.All.All(operation => operation.Completion.IsCompleted));

    /// <summary>Waits until no operation is kept in memory: what was told is forgotten when its request is over, a moment after the client has its answer.</summary>
    public Task WaitUntilForgottenAsync() => WaitAsync(() => Registry.All.Count == 0);

    /// <summary>Waits until something was logged so often.</summary>
    public Task WaitForLogAsync(string text, int count = 1) =>
        WaitAsync(() => Server.Log.Lines.Count(line => line.Text.Contains(text, StringComparison.Ordinal)) >= count);

    /// <summary>A page, which must be JSON.</summary>
    public async Task<JsonElement> PageAsync(string target, params string[] fields)
    {
        RawResponse page = await Server.AskAsync("GET", target, fields);
        Assert.Equal((200, "application/json", "no-store"), (page.Status, page["Content-Type"], page["Cache-Control"]));
        return JsonDocument.Parse(page.Body).RootElement;
    }

    /// <summary>The page of an operation that has ended, once it has.</summary>
    public async Task<JsonElement> EndOfAsync(string target, params string[] fields)
    {
        JsonElement page = default;
        await WaitAsync(async () =>
        {
            page = await PageAsync(target, fields);
            return page.TryGetProperty("ended", out _);
        });
        return page;
    }

    /// <summary>The addresses in the list of operations.</summary>
    public async Task<IReadOnlyList<string>> ListedAsync(params string[] fields) =>
    [
        .. (await PageAsync(List, fields)).GetProperty("operations").EnumerateArray()
            .Select(operation => operation.GetProperty("links").GetProperty("self").GetString()!),
    ];

    public static Task WaitAsync(Func<bool> until) => WaitAsync(() => Task.FromResult(until()));

    public static async Task WaitAsync(Func<Task<bool>> until)
    {
        for (int i = 0; !await until(); i++)
        {
            Assert.True(i < 2000, "it does not come");
            await Task.Delay(10);
        }
    }

    /// <summary>Ends the server as SIGTERM does and starts another one on the same directory.</summary>
    public async Task<OperationServer> RestartAsync() => await StartAsync(tree: await Server.HandOnAsync());

    public ValueTask DisposeAsync() => Inner.DisposeAsync();

    private static Task SetUser(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers["Test-User"] is [{ } name])
        {
            context.Features.Set(new DavUser(name, name == "reader" ? UserAccess.Full.AtMost(AccessLevel.ReadOnly) : UserAccess.Full, IsAdministrator: name == "root"));
        }

        return next(context);
    }
}
