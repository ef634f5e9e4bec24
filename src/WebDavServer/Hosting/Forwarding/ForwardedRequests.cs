using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using WebDav.Handlers;

namespace WebDavServer.Hosting.Forwarding;

/// <summary>
/// Behind a trusted proxy, puts what it says of the client in the place of the request's scheme and host and the connection's remote
/// address. What the hop itself says is kept beside it: whether a 102 can be sent depends on the proxy and not on its client.
/// </summary>
/// <remarks>
/// Not ASP.NET Core's own middleware: it knows no <c>Forwarded</c>, trusts everyone on a Unix socket, does not tell what it could not
/// read, and takes away the fields by which the proxy is seen.
/// </remarks>
internal sealed partial class ForwardedRequests(RequestDelegate next, TrustedProxies trusted, ILogger<ForwardedRequests> logger)
{
    private const string Standard = "Forwarded";
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";
    private const string Prefix = "X-Forwarded-Prefix";
    private static readonly string[] Fields = [For, Proto, Host, Prefix, Standard];
    private int _ignored;

    /// <summary>Lets the request be answered as the one that the client sent.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (Array.Find(Fields, context.Request.Headers.ContainsKey) is { } field)
        {
            string proxy = context.Connection.RemoteIpAddress?.ToString() ?? "a Unix socket";
            if (trusted.Contains(context.Connection.RemoteIpAddress))
            {
                Believe(context, proxy);
            }
            else if (Interlocked.Exchange(ref _ignored, 1) == 0)
            {
                LogIgnored(proxy, field);
            }
        }

        return next(context);
    }

    private void Believe(HttpContext context, string proxy)
    {
        ForwardedClient client = ForwardedClient.Of(Read(context.Request.Headers, proxy), trusted.Contains);
        foreach (string text in client.NotUnderstood)
        {
            LogNotUnderstood(proxy, LogText.Safe(text));
        }

        context.Features.Set(new ProxyHop(context.Connection.RemoteIpAddress, context.Request.Host.Value ?? "", client.Prefix));
        context.Connection.RemoteIpAddress = client.Address ?? context.Connection.RemoteIpAddress;
        context.Request.Scheme = client.Scheme ?? context.Request.Scheme;
        context.Request.Host = client.Host is { } host ? new HostString(host) : context.Request.Host;
    }

    /// <summary>
    /// What each proxy says, the nearest first. <c>Forwarded</c> counts where the proxy sets none of the older fields: hardly one sets
    /// it, and those that do not pass on what a client wrote there.
    /// </summary>
    private IEnumerable<ForwardedElement> Read(IHeaderDictionary headers, string proxy)
    {
        string[] prefixes = List(headers, Prefix);
        if (!headers.TryGetValue(Standard, out StringValues standard) || new[] { For, Proto, Host }.Any(headers.ContainsKey))
        {
            return Align(List(headers, For), List(headers, Proto), List(headers, Host), prefixes);
        }

        if (ForwardedField.TryParse(standard, out IReadOnlyList<ForwardedElement> elements))
        {
            return elements.Reverse().Select((element, i) => element with { Prefix = At(prefixes, i) });
        }

        LogNotUnderstood(proxy, LogText.Safe(standard.ToString()));
        return [new(Prefix: At(prefixes, 0))];
    }

    /// <summary>The fields are lists of their own: the last one of each was written by the nearest proxy that writes it at all.</summary>
    private static IEnumerable<ForwardedElement> Align(string[] addresses, string[] schemes, string[] hosts, string[] prefixes) =>
        from i in Enumerable.Range(0, new[] { addresses, schemes, hosts, prefixes }.Max(list => list.Length))
        select new ForwardedElement(At(addresses, i), At(schemes, i), At(hosts, i), At(prefixes, i));

    private static string? At(string[] list, int fromEnd) => fromEnd < list.Length ? list[^(fromEnd + 1)] : null;

    /// <summary>The values of a list without quotes: one that a client opened must not swallow what a proxy wrote behind it.</summary>
    private static string[] List(IHeaderDictionary headers, string field) =>
        headers[field].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Information,
        Message = "{Proxy} sends {Field}, which is ignored, now and later: WebDav:TrustedProxies does not list it",
        EventName = "ForwardedIgnored")]
    private partial void LogIgnored(string proxy, string field);

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Warning,
        Message = "The proxy {Proxy} says \"{Text}\" of a request: that cannot be understood and is ignored",
        EventName = "ForwardedNotUnderstood")]
    private partial void LogNotUnderstood(string proxy, string text);
}
