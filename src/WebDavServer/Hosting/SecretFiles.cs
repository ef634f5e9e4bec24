using Microsoft.Extensions.Configuration;

namespace WebDavServer.Hosting;

/// <summary>
/// Settings from files, as secrets are handed to containers: the variable <c>Section__Key_FILE</c> names the file that holds the value of
/// <c>Section:Key</c>.
/// </summary>
internal static class SecretFiles
{
    private const string Suffix = "_FILE";

    /// <summary>The settings of the environment, each that names a file replaced by the one that the file holds.</summary>
    /// <param name="environment">The environment; variables that are no settings may be among it, as <c>SSL_CERT_FILE</c>.</param>
    /// <param name="faults">Gets a line for each file that cannot be read and each setting that is given in both ways.</param>
    public static Dictionary<string, string?> Read(IConfiguration environment, List<string> faults)
    {
        Dictionary<string, string?> settings = new(environment.AsEnumerable().Where(pair => pair.Value is not null), StringComparer.OrdinalIgnoreCase);
        foreach (string named in settings.Keys.Where(NamesAFile).ToList())
        {
            settings.Remove(named, out string? file);
            string key = named[..^Suffix.Length];
            if (string.IsNullOrEmpty(file))
            {
                continue; // Unset, as an empty variable is.
            }

            if (!string.IsNullOrEmpty(settings.GetValueOrDefault(key)))
            {
                faults.Add($"{LogText.Safe(named)}: {LogText.Safe(key)} is set too; only one of them can be");
            }
            else if (Content(named, file, faults) is { } value)
            {
                settings[key] = value;
            }
        }

        return settings;
    }

    /// <summary>The files that the environment names.</summary>
    public static IEnumerable<string> Named(IConfiguration environment) =>
        from pair in environment.AsEnumerable()
        where pair.Value is { Length: > 0 } && NamesAFile(pair.Key)
        select pair.Value;

    private static bool NamesAFile(string key) =>
        key.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) && KnownSettings.IsInSection(key[..^Suffix.Length]);

    private static string? Content(string named, string file, List<string> faults)
    {
        try
        {
            // An editor or `echo` ends the last line; that is no part of the secret.
            string text = File.ReadAllText(file);
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{LogText.Safe(named)}: {LogText.Safe(fault.Message)}");
            return null;
        }
    }
}
