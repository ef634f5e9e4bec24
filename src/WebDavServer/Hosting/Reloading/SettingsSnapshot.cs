using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace WebDavServer.Hosting.Reloading;

/// <summary>What all settings were at one moment, with what was in the certificate files that they name.</summary>
internal sealed class SettingsSnapshot
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes one.</summary>
    public SettingsSnapshot(IConfiguration configuration)
    {
        foreach ((string key, string? value) in configuration.AsEnumerable())
        {
            if (!string.IsNullOrEmpty(value) && KnownSettings.IsInSection(key))
            {
                _values[key] = KnownSettings.IsCertificateFile(key) ? $"{value} {DigestOf(value)}" : value;
            }
        }
    }

    /// <summary>The settings that are others in one of the two, in order.</summary>
    public IReadOnlyList<string> KeysThatDifferFrom(SettingsSnapshot other) =>
    [
        .. _values.Keys.Union(other._values.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(key => _values.GetValueOrDefault(key) != other._values.GetValueOrDefault(key))
            .Order(StringComparer.OrdinalIgnoreCase),
    ];

    private static string DigestOf(string file)
    {
        try
        {
            using FileStream content = File.OpenRead(file);
            return Convert.ToHexString(SHA256.HashData(content));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault.GetType().Name; // whoever reads the certificate says what is wrong with it
        }
    }
}
