using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using WebDav.Handlers;
using WebDav.Protocol;

namespace WebDavServer.Security;

/// <summary>Finds out who makes a request, and says so to the WebDAV server: it decides what that means and writes every refusal.</summary>
internal sealed class Logins(RequestDelegate next, CurrentAccounts accounts)
{
    /// <summary>Sets the user and lets the request be answered.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        Accounts known = accounts.Value;
        if (!known.HasUsers || context.Request.Headers.Authorization.Count == 0)
        {
            context.Features.Set(known.Anonymous);
            return next(context);
        }

        return LogInAsync(context, known);
    }

    private async Task LogInAsync(HttpContext context, Accounts known)
    {
        AuthenticateResult result = await context.AuthenticateAsync(LoginHandler.Name);
        context.Features.Set(result switch
        {
            { Succeeded: true } => result.Properties.GetParameter<DavUser>(LoginHandler.UserItem)!,
            { Failure: { } failure } => known.Anonymous with { Refusal = Refusal(failure) },
            _ => known.Anonymous,
        });
        await next(context);
    }

    private static DavFault Refusal(Exception failure) => failure is TooManyLoginsException tooMany
        ? new DavFault(StatusCodes.Status429TooManyRequests, failure.Message) { RetryAfter = tooMany.Wait }
        : new DavFault(StatusCodes.Status401Unauthorized, failure.Message);
}
