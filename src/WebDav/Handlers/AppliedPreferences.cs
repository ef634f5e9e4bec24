using Microsoft.AspNetCore.Http;

namespace WebDav.Handlers;

/// <summary>The fields that say which preferences made a response what it is (RFC 7240 3, RFC 8144).</summary>
internal static class AppliedPreferences
{
    public const string Minimal = "return=minimal";
    public const string Representation = "return=representation";
    public const string DepthNoRoot = "depth-noroot";

    /// <summary>Writes them.</summary>
    /// <param name="headers">The response's fields.</param>
    /// <param name="brief">Whether the method has answered to Microsoft's <c>Brief</c> before there was Prefer (RFC 8144, appendix A).</param>
    /// <param name="applied">The preferences that were met.</param>
    public static void Write(IHeaderDictionary headers, bool brief, params ReadOnlySpan<string?> applied)
    {
        headers.Vary = brief ? "Brief, Prefer" : "Prefer";
        var met = string.Join(", ", applied.ToArray().Where(preference => preference is not null));
        if (met.Length > 0)
        {
            headers["Preference-Applied"] = met;
        }
    }
}
