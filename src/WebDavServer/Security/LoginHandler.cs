using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WebDav.Handlers;
using WebDavServer.Hosting;

namespace WebDavServer.Security;

/// <summary>
/// HTTP Basic (RFC 7617) and bearer tokens (RFC 6750), in ASP.NET Core's authentication model: who a request says it is from, and
/// what it is asked for where that is not enough.
/// </summary>
internal sealed partial class LoginHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    CurrentAccounts accounts, Passwords passwords, FailedLogins failures)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder) // what it says, the request log says better
{
    /// <summary>The name of the scheme.</summary>
    public const string Name = "WebDav";

    /// <summary>Under which name a successful login has its <see cref="DavUser"/>.</summary>
    public const string UserItem = "user";

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ILogger _logger = loggers.CreateLogger<LoginHandler>();

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Office says "Bearer" and no more where it has no token: that is no login, and nothing is wrong with it.
        string? field = Request.Headers.Authorization;
        if (field is null or "" or "Bearer")
        {
            return AuthenticateResult.NoResult();
        }

        Accounts known = accounts.Value;
        if (!AuthenticationHeaderValue.TryParse(field, out AuthenticationHeaderValue? given) || given.Parameter is null)
        {
            return AuthenticateResult.Fail("the Authorization field is malformed");
        }

        return given.Scheme.ToUpperInvariant() switch
        {
            "BASIC" => await BasicAsync(known, given.Parameter),
            "BEARER" => Bearer(known, given.Parameter),
            _ => AuthenticateResult.Fail("logins are HTTP Basic or bearer tokens"),
        };
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Append("WWW-Authenticate", "Basic realm=\"WebDAV\", charset=\"UTF-8\"");
        if (accounts.Value.HasTokens)
        {
            Response.Headers.Append("WWW-Authenticate", "Bearer realm=\"WebDAV\"");
        }

        return Task.CompletedTask;
    }

    private async Task<AuthenticateResult> BasicAsync(Accounts known, string parameter)
    {
        if (!TryDecode(parameter, out string name, out string password))
        {
            return AuthenticateResult.Fail("the Basic credentials are malformed (RFC 7617)");
        }

        Account? account = known.Find(name);
        if (account is not null && passwords.Remembers(account.PasswordHash, password))
        {
            return Success(account.User);
        }

        if (Barred(name) is { } already)
        {
            return already;
        }

        using IDisposable turn = await passwords.TurnAsync(Context.RequestAborted);

        // Meanwhile another request of this client may have found the password right, or others have failed.
        if (account is not null && passwords.Remembers(account.PasswordHash, password))
        {
            return Success(account.User);
        }

        return Barred(name)
            ?? (passwords.Verify(account?.PasswordHash, password) ? Success(account!.User)
            : Failed(name, account is null ? "no such user" : "wrong password"));
    }

    private AuthenticateResult Bearer(Accounts known, string token)
    {
        const string anyToken = "(token)";
        return Barred(anyToken) ?? (known.FindByToken(token) is { } user ? Success(user) : Failed(anyToken, "no such token"));
    }

    private AuthenticateResult? Barred(string name) =>
        failures.BarredFor(Context.Connection.RemoteIpAddress, name) is { } wait ? AuthenticateResult.Fail(new TooManyLoginsException(wait)) : null;

    private static AuthenticateResult Success(DavUser user)
    {
        ClaimsIdentity identity = new([new Claim(ClaimTypes.Name, user.Name!)], Name);
        AuthenticationProperties properties = new();
        properties.SetParameter(UserItem, user);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Name));
    }

    // The client is not told which of the two was wrong; the log is.
    private AuthenticateResult Failed(string name, string reason)
    {
        failures.Add(Context.Connection.RemoteIpAddress, name);
        LogFailed(Context.Connection.RemoteIpAddress?.ToString() ?? "-", LogText.Safe(name), reason);
        return AuthenticateResult.Fail("the user name, password or token is wrong");
    }

    private static bool TryDecode(string parameter, out string name, out string password)
    {
        (name, password) = ("", "");
        byte[] bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out int length))
        {
            return false;
        }

        string text;
        try
        {
            text = s_strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            text = Encoding.Latin1.GetString(bytes, 0, length); // Older clients know nothing of charset="UTF-8".
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        (name, password) = (text[..colon], text[(colon + 1)..]);
        return true;
    }

    // In this form for fail2ban: the address comes before anything that the client has chosen.
    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed login from {Remote} as {User}: {Reason}")]
    private partial void LogFailed(string remote, string user, string reason);
}
