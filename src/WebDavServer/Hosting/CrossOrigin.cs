using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using WebDav.Setup;

namespace WebDavServer.Hosting;

/// <summary>Which pages of other origins may use the server from a browser: CORS, as the Fetch Standard has it (3.3).</summary>
internal sealed class CrossOrigin
{
    private const string Any = "*";

    // What a page may read beside the body, the type, the length and the date of a change, which it always may.
    private static readonly string[] Exposed =
    [
        "Accept-Patch", "Accept-Ranges", "Allow", "Content-Location", "Content-Range", "DAV", "ETag", "Location", "Lock-Token",
        "MS-Author-Via", "Preference-Applied", "Retry-After", "WWW-Authenticate", "X-OC-MTime",
    ];

    // Chromium keeps no preflight longer.
    private static readonly TimeSpan MaximumAge = TimeSpan.FromHours(2);

    private readonly string[] _origins;

    /// <summary>Reads <c>WebDav:CorsOrigins</c>; what is wrong with it is noted by the reader.</summary>
    public CrossOrigin(SettingsReader reader)
    {
        (string Key, string Text)[] origins = [.. reader.Texts("WebDav:CorsOrigins")];
        foreach ((string key, string text) in origins.Where(origin => origin.Text != Any && !IsOrigin(origin.Text)))
        {
            reader.Fault(key, $"'{text}' is no origin as browsers send it, such as https://app.example.org or app://obsidian.md");
        }

        if (Array.Find(origins, origin => origin.Text == Any) is { Key: { } all } && origins.Length > 1)
        {
            reader.Fault(all, "* is every origin, so there can be no other beside it");
        }

        _origins = [.. origins.Select(origin => origin.Text)];
    }

    /// <summary>
    /// Answers preflights, also those of origins that are not allowed, before anybody is asked for a password: a browser sends none
    /// with them. Every other answer tells an allowed origin what it may read, whatever its status.
    /// </summary>
    public void Use(IApplicationBuilder app)
    {
        if (_origins.Length > 0)
        {
            app.Use(VaryAsync);
        }

        app.UseCors(policy =>
        {
            policy.WithOrigins(_origins).AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(MaximumAge);

            // A password that the browser keeps is for those that were named, and never for everybody.
            _ = _origins.Contains(Any) ? policy.DisallowCredentials() : policy.AllowCredentials();
        });
    }

    /// <summary>An answer kept in a cache must not serve another origin, and one got without any must serve none (Fetch 3.3.5).</summary>
    private static Task VaryAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase))
            {
                headers.Append(HeaderNames.Vary, HeaderNames.Origin);
            }

            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>Whether browsers could send it: nothing behind the host, and no port that goes without saying. <c>null</c> is anybody's.</summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && uri.Host.Length > 0
        && uri.UserInfo.Length == 0
        && text.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);
}
