using System.Net;
using WebDav.Progress;

namespace WebDav.Setup;

/// <summary>Reads the section <c>KeepAlive</c>, with its lists of clients and proxies.</summary>
internal static class KeepAliveSettings
{
    private static readonly string[] LimitKeys = ["Allowed", "Maximum", "First", "Interval", "Growth"];

    /// <summary>The section as it is set; what is wrong with it is noted by the reader.</summary>
    public static KeepAliveOptions Read(SettingsReader reader) => new()
    {
        Mode = reader.Choice("KeepAlive:Mode", KeepAliveMode.Auto),
        FirstAfter = reader.Duration("KeepAlive:FirstAfter", TimeSpan.FromSeconds(10)),
        Interval = reader.Duration("KeepAlive:Interval", TimeSpan.FromSeconds(15)),
        Maximum = reader.Count("KeepAlive:Maximum", 100),
        Clients = [.. reader.Elements("KeepAlive:Clients", ["Pattern", "ReadsToEnd", .. LimitKeys]).Select(key => ReadClient(reader, key))],
        Proxies = [.. reader.Elements("KeepAlive:Proxies", ["Address", "Bare", .. LimitKeys]).Select(key => ReadProxy(reader, key))],
    };

    private static KeepAliveClient ReadClient(SettingsReader reader, string key) => new(
        ReadPattern(reader, $"{key}:Pattern"), ReadLimits(reader, key), reader.Flag($"{key}:ReadsToEnd", otherwise: false));

    private static KeepAliveProxy ReadProxy(SettingsReader reader, string key) => new(
        ReadNetwork(reader, $"{key}:Address"), ReadLimits(reader, key), reader.Flag($"{key}:Bare", otherwise: false));

    private static KeepAliveLimits ReadLimits(SettingsReader reader, string key) => new()
    {
        Allowed = reader.Flag($"{key}:Allowed", otherwise: true),
        Maximum = reader.Count($"{key}:Maximum", int.MaxValue),
        First = reader.Text($"{key}:First") is null ? null : reader.Duration($"{key}:First", TimeSpan.FromSeconds(10)),
        Interval = reader.Text($"{key}:Interval") is null ? null : reader.Duration($"{key}:Interval", TimeSpan.FromSeconds(15)),
        Growth = reader.Text($"{key}:Growth") is null ? null : reader.Factor($"{key}:Growth", otherwise: 1),
    };

    private static string ReadPattern(SettingsReader reader, string key)
    {
        if (reader.Text(key) is not { } pattern)
        {
            reader.Fault(key, "is missing: how the client's User-Agent begins, such as curl/");
            return "";
        }

        // Else it would match everyone, and the whole table with them.
        if (pattern.Trim() is "" or "$" || pattern != pattern.Trim())
        {
            reader.Fault(key, $"'{pattern}' is no beginning of a User-Agent, such as curl/");
        }

        return pattern;
    }

    private static IPNetwork ReadNetwork(SettingsReader reader, string key)
    {
        if (reader.Text(key) is not { } text)
        {
            reader.Fault(key, "is missing: the address or network of the proxy, such as 192.0.2.1 or 10.0.0.0/8");
            return default;
        }

        return reader.Network(key, text);
    }
}
