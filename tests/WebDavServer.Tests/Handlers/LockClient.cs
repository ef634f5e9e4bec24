using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Access;
using WebDav.Handlers;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>A client of a server of its own that locks, and that may say which user it is.</summary>
internal sealed class LockClient(ServerFixture server) : IAsyncDisposable
{
    private const string UserField = "X-Test-User";

    /// <summary>The directory served.</summary>
    public TempTree Tree => server.Tree;

    /// <summary>The server's address, without the slash at its end.</summary>
    public string Address => server.Address.GetLeftPart(UriPartial.Authority);

    /// <summary>The server.</summary>
    public ServerFixture Server => server;

    /// <summary>Starts a server whose users are who they say they are.</summary>
    public static async Task<LockClient> StartAsync(
        TimeProvider? time = null, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null) =>
        new(await ServerFixture.StartAsync(
            settings,
            services: collection =>
            {
                if (time is not null)
                {
                    collection.AddSingleton(time);
                }

                services?.Invoke(collection);
            },
            endpoints: app => app.Use((context, next) =>
            {
                if (context.Request.Headers[UserField] is [{ } name])
                {
                    context.Features.Set(new DavUser(name, UserAccess.Full));
                }

                return next(context);
            })));

    /// <summary>The field that says which user it is.</summary>
    public static (string, string) User(string name) => (UserField, name);

    /// <summary>The field that submits tokens in a list that always holds (RFC 4918 10.4.8).</summary>
    public static (string, string) Submit(params IEnumerable<string> tokens) =>
        ("If", string.Concat(tokens.Select(token => $"(<{token}>) ")) + "(Not <DAV:no-lock>)");

    /// <summary>The body of a LOCK.</summary>
    public static string LockInfo(string scope = "exclusive", string owner = "") =>
        $"""<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:{scope}/></D:lockscope><D:locktype><D:write/></D:locktype>{owner}</D:lockinfo>""";

    /// <summary>Sends a request.</summary>
    public async Task<Answer> SendAsync(string method, string path, string? body = null, params IEnumerable<(string Name, string Value)> header)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", body.StartsWith('<') ? "application/xml" : "text/plain");
        }

        foreach (var (name, value) in header)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await server.Client.SendAsync(request);
        var fields = response.Headers.Concat(response.Content.Headers);
        return new Answer(
            (int)response.StatusCode,
            fields.ToDictionary(field => field.Key, field => string.Join(", ", field.Value), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsStringAsync());
    }

    /// <summary>Takes a lock and returns its token.</summary>
    public async Task<string> LockAsync(
        string path, string scope = "exclusive", string depth = "infinity", string? user = null, params IEnumerable<(string Name, string Value)> header)
    {
        var answer = await SendAsync(
            "LOCK", path, LockInfo(scope), header.Append(("Depth", depth)).Concat(user is null ? [] : [User(user)]));
        Assert.True(answer.Status is 200 or 201, $"LOCK {path}: {answer.Status} {answer.Text}");
        return answer.LockToken!;
    }

    /// <summary>Whether a lock covers a resource, as its lockdiscovery says.</summary>
    public async Task<bool> IsLockedAsync(string path) => (await DiscoverAsync(path)).ActiveLocks.Count > 0;

    /// <summary>The lockdiscovery and supportedlock of a resource.</summary>
    public Task<Answer> DiscoverAsync(string path) => SendAsync(
        "PROPFIND",
        path,
        """<D:propfind xmlns:D="DAV:"><D:prop><D:lockdiscovery/><D:supportedlock/></D:prop></D:propfind>""",
        ("Depth", "0"));

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
