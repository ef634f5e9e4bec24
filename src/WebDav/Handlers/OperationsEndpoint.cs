using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;
using WebDav.Operations;
using WebDav.Operations.Pages;
using WebDav.Protocol;

namespace WebDav.Handlers;

/// <summary>
/// The pages of operations, below <c>/.webdav/operations</c>: the list, each operation's own page, its result, events and socket.
/// Everyone sees their own; another's looks like one that never was.
/// </summary>
internal sealed class OperationsEndpoint(
    OperationRegistry registry,
    IOperationLog log,
    IOtherServers others,
    OperationResults results,
    ResultWriter writer,
    OperationOptions operations,
    OriginCheck origins,
    IHostApplicationLifetime host,
    TimeProvider time)
{
    /// <summary>Most operations that the list shows.</summary>
    private const int Most = 200;

    private readonly OperationFeed _feed = new(time);
    private readonly OperationListFeed _all = new(time);

    private DateTimeOffset Since => time.GetUtcNow() - operations.Retention;

    /// <summary>Answers a request below the page's path.</summary>
    public async Task HandleAsync(HttpContext context, DavPath path, DavUser user, RequestReport report)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (user is { Name: null, CouldLogIn: true, Access.IsNone: true })
        {
            await RefuseAsync(context, new DavFault(401, "this needs a login"), report);
            return;
        }

        var names = path.Names.Skip(OperationLinks.Root.Level).ToArray();
        if (names.Length == 0)
        {
            await ListAsync(context, user, report);
            return;
        }

        if (names is ["events"] && HttpMethods.IsGet(context.Request.Method))
        {
            await EventsAsync(context, user);
            return;
        }

        if (names.Length > 2 || !Guid.TryParseExact(names[0], "D", out var id))
        {
            await RefuseAsync(context, new DavFault(404, "no such page"), report);
            return;
        }

        var operation = registry.Find(id) ?? await others.FindAsync(id, context.RequestAborted);
        var record = operation is null ? await log.FindAsync(id, Since, context.RequestAborted) : OperationRecord.Of(operation);
        if (record is null || !(user.IsAdministrator || string.Equals(record.User, user.Name, StringComparison.Ordinal)))
        {
            await RefuseAsync(context, new DavFault(404, "no such operation"), report);
            return;
        }

        var page = names.Length == 1 ? "" : names[1];
        var method = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
        var answer = (method, page) switch
        {
            ("GET", "") => JsonAsync(context, View(context, record).ToJson()),
            ("DELETE", "") => CancelAsync(context, operation, user, report),
            ("GET", "result") => ResultAsync(context, record, operation, report),
            ("GET", "events") => operation is null
                ? OperationEvents.WriteEndAsync(context, record.Version, View(context, record))
                : new OperationEvents(_feed).WriteAsync(context, operation, Urls(context)),
            ("GET" or "CONNECT", "socket") => SocketAsync(context, operation, user, report),
            (_, "" or "result" or "events" or "socket") => RefuseMethodAsync(context, page, report),
            _ => RefuseAsync(context, new DavFault(404, "no such page"), report),
        };
        await answer;
    }

    private static Task JsonAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    private OperationView View(HttpContext context, OperationRecord record) => OperationView.Of(record, Urls(context), time.GetUtcNow());

    private static UrlSpace Urls(HttpContext context) => context.Features.GetRequiredFeature<UrlSpace>();

    private Task RefuseAsync(HttpContext context, DavFault fault, RequestReport report) =>
        writer.WriteAsync(context, request: null, fault, report);

    private static Task RefuseMethodAsync(HttpContext context, string page, RequestReport report)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = page switch
        {
            "" => "GET, HEAD, DELETE",
            "socket" => "GET",
            _ => "GET, HEAD",
        };
        report.Reason = "this page does not have that method";
        return Task.CompletedTask;
    }

    private async Task ListAsync(HttpContext context, DavUser user, RequestReport report)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            report.Reason = "the list of operations can only be read";
            return;
        }

        var kept = await log.ListAsync(user.IsAdministrator ? null : user.Name ?? "", Since, Most, context.RequestAborted);
        var all = Visible(user).Select(OperationRecord.Of).Concat(kept).DistinctBy(record => record.Id).OrderByDescending(record => record.Started).Take(Most);

        // Failures are for the page of each: ten thousand times two hundred would be a long list.
        await JsonAsync(context, new OperationListView([.. all.Select(record => View(context, record) with { Failures = null })]).ToJson());
    }

    // It would never end by itself, and so the server would wait for it in vain.
    private async Task EventsAsync(HttpContext context, DavUser user)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        await OperationEvents.WriteAllAsync(context, _all.ReadAsync(ending => VisibleAsync(user, ending), Urls(context), ended.Token), ended.Token);
    }

    private async ValueTask<IEnumerable<Operation>> VisibleAsync(DavUser user, CancellationToken cancellation)
    {
        var here = Visible(user);
        return others.Pace is null ? here : here.Concat(Visible(user, await others.AllAsync(cancellation))).DistinctBy(operation => operation.Id);
    }

    private IEnumerable<Operation> Visible(DavUser user) => Visible(user, registry.All);

    private static IEnumerable<Operation> Visible(DavUser user, IEnumerable<Operation> all) =>
        all.Where(operation => user.IsAdministrator || string.Equals(operation.Key.User, user.Name, StringComparison.Ordinal));

    private Task CancelAsync(HttpContext context, Operation? operation, DavUser user, RequestReport report)
    {
        if (!user.Access.MayWriteSomewhere)
        {
            return RefuseAsync(context, new DavFault(403, "this user may only read"), report);
        }

        if (operation is null || !operation.Stop(OperationState.Cancelled))
        {
            return RefuseAsync(context, new DavFault(409, "the operation has ended"), report);
        }

        return writer.WriteAsync(context, request: null, new DavResult.Done(StatusCodes.Status204NoContent), report);
    }

    private async Task ResultAsync(HttpContext context, OperationRecord record, Operation? operation, RequestReport report)
    {
        // What is at work has no result yet: 202 again, with the page to ask.
        var result = operation?.End?.Result ?? record.ToResult();
        var answer = result is null
            ? new DavResult.Accepted(record.Id)
            : await results.ToResultAsync(result, DavPath.FromValue(record.Source), context.RequestAborted);
        await writer.WriteAsync(context, request: null, answer, report);
    }

    private Task SocketAsync(HttpContext context, Operation? operation, DavUser user, RequestReport report)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return RefuseAsync(context, new DavFault(400, "this page speaks the WebSocket protocol (RFC 6455)"), report);
        }

        if (origins.Refuse(context) is { } foreign)
        {
            return RefuseAsync(context, foreign, report);
        }

        return operation is null
            ? RefuseAsync(context, new DavFault(409, "the operation has ended"), report)
            : new OperationSocket(_feed, time).ServeAsync(context, operation, Urls(context), user.Access.MayWriteSomewhere);
    }
}
