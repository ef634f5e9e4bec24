using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WebDav.Access;
using WebDav.Progress;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>Parses a request once, and refuses what no handler should see: 400, 403, 414, 415, 431, 502.</summary>
internal sealed class DavRequestReader(
    IStore store, WebDavOptions options, RequestLimits limits, KeepAliveEmitter emitter, CurrentKeepAlive keepAlive,
    IInterimResponses interimResponses, TimeProvider time)
{
    /// <summary>The request as its handler will see it.</summary>
    /// <exception cref="DavFaultException">The request is refused.</exception>
    public async ValueTask<DavRequest> ReadAsync(
        HttpContext context, MethodRow method, RequestTarget target, DavUser user, RequestReport report, CancellationToken cancellation)
    {
        var headers = context.Request.Headers;
        CheckAccess(user, target.Path, method.TargetAccess);
        if (method.Writes && options.ReadOnly)
        {
            throw new DavFaultException(new DavFault(403, "the server is read-only"));
        }

        CheckNames(target.Path);
        var authority = PublicAddress.Of(context, options);
        var destination = method.HasDestination ? DestinationHeader.Parse(headers["Destination"], authority) : null;
        if (destination is not null)
        {
            CheckAccess(user, destination.Path, AccessLevel.ReadWrite);
            CheckNames(destination.Path);
        }

        var prefer = PreferHeader.Parse(headers["Prefer"], headers["Brief"]);
        var request = new DavRequest
        {
            Method = method,
            Path = target.Path,
            TrailingSlash = target.TrailingSlash,
            AsZip = context.Request.QueryString.Value == "?zip",
            Authority = authority,
            User = user,
            Depth = method.Depths.Count > 0 ? ReadDepth(context.Request, method) : Depth.Infinity,
            Destination = destination,
            Overwrite = !method.HasDestination || OverwriteHeader.Parse(headers["Overwrite"]),
            Conditions = method.IsConditional ? ConditionalHeaders.Parse(headers) : ConditionalHeaders.None,
            If = ReadIf(headers, method),
            Prefer = prefer,
            Headers = headers,
            Body = ReadBody(context),
            KeepAlive = new RequestKeepAlive(
                emitter, keepAlive.Value, () => Facts(context, prefer), authority, () => interimResponses.For(context), report, time),
        };
        if (method.Body == BodyRule.None && !await request.Body.IsEmptyAsync(cancellation))
        {
            throw new DavFaultException(new DavFault(415, $"{method.Name} has no use for a body (RFC 4918 8.4)"));
        }

        return request;
    }

    // Before anything is looked for: who may not read a resource is not told either whether it is there.
    private static void CheckAccess(DavUser user, DavPath path, AccessLevel needed)
    {
        if (user.Refuse(path, needed) is { } refusal)
        {
            throw new DavFaultException(refusal);
        }
    }

    private static Depth ReadDepth(HttpRequest request, MethodRow method)
    {
        var depth = DepthHeader.Parse(request.Headers["Depth"]) ?? Depth.Infinity;
        return method.Depths.Contains(depth)
            ? depth
            : throw DavFaultException.BadRequest($"{method.Name} has no Depth {request.Headers["Depth"]}");
    }

    private IfHeader? ReadIf(IHeaderDictionary headers, MethodRow method) =>
        IfHeader.Parse(headers["If"], limits.IfHeaderLength)
        ?? (method.TakesLockToken && headers.TryGetValue("Lock-Token", out var token) ? IfHeader.Of(LockTokenHeader.Parse(token)) : null);

    private RequestBody ReadBody(HttpContext context)
    {
        var none = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
        return new RequestBody(context.Request.BodyReader, none ? 0 : context.Request.ContentLength, limits.Xml);
    }

    private static KeepAliveFacts Facts(HttpContext context, Preferences prefer)
    {
        var (request, headers) = (context.Request, context.Request.Headers);
        return new KeepAliveFacts(request.Method, headers.UserAgent)
        {
            IsHttp10 = HttpProtocol.IsHttp10(request.Protocol),
            Remote = context.Features.Get<ProxyHop>() is { } hop ? hop.Address : context.Connection.RemoteIpAddress,
            ProxyField = headers.Keys.FirstOrDefault(KeepAliveFacts.IsProxyField),
            Opted = headers.GetCommaSeparatedValues("Connection").Contains(KeepAliveFacts.ConnectionOption, StringComparer.OrdinalIgnoreCase),
            Asked = prefer.Processing,
        };
    }

    private void CheckNames(DavPath path)
    {
        if (path.Names.Any(name => Encoding.UTF8.GetByteCount(name) > store.MaximumNameBytes))
        {
            throw new DavFaultException(StoreFault.NameTooLong.ToDavFault());
        }
    }
}
