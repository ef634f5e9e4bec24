using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;

namespace WebDavServer.Hosting;

/// <summary>The settings in force, and what is wrong with them as far as it shows without the parts that they belong to.</summary>
/// <param name="Configuration">File, environment and command line, later ones first; its paths are absolute.</param>
/// <param name="Faults">One line for each fault.</param>
internal sealed record ServerSettings(IConfigurationRoot Configuration, IReadOnlyList<string> Faults)
{
    private const string RootKey = "WebDav:Root";

    /// <summary>The directory served, absolute.</summary>
    public string Root => Configuration[RootKey]!;

    /// <summary>The settings for a command line, with the environment and the nearest settings file.</summary>
    public static ServerSettings Load(CommandLine line)
    {
        string current = Directory.GetCurrentDirectory();
        string? file = SettingsFile.Nearest(current, AppContext.BaseDirectory);
        List<string> faults = [.. line.Faults];
        IConfigurationRoot rest = new ConfigurationBuilder()
            .AddInMemoryCollection(SecretFiles.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build(), faults))
            .AddInMemoryCollection(Last(line.Settings))
            .Build();
        return Combine(file is null ? null : Read(file), Path.GetDirectoryName(file) ?? current, rest, current, faults);
    }

    /// <summary>Just these settings: no file, no environment, as tests want it.</summary>
    public static ServerSettings Of(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        string current = Directory.GetCurrentDirectory();
        return Combine(file: null, current, new ConfigurationBuilder().AddInMemoryCollection(Last(settings)).Build(), current, []);
    }

    private static ServerSettings Combine(
        IConfigurationRoot? file, string fileDirectory, IConfigurationRoot rest, string currentDirectory, IEnumerable<string> faults)
    {
        ConfigurationBuilder builder = new();
        builder.AddInMemoryCollection([new("Urls", "http://localhost:8080"), new(RootKey, Path.GetFullPath("data", fileDirectory))]);
        if (file is not null)
        {
            builder.AddConfiguration(file).AddInMemoryCollection(AbsolutePaths(file, fileDirectory));
        }

        builder.AddConfiguration(rest).AddInMemoryCollection(AbsolutePaths(rest, currentDirectory));
        IConfigurationRoot configuration = builder.Build();
        return new(configuration, [.. faults, .. KnownSettings.Unknown(configuration)]);
    }

    private static Dictionary<string, string?> Last(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        Dictionary<string, string?> last = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string? value) in settings)
        {
            last[key] = value;
        }

        return last;
    }

    private static IConfigurationRoot Read(string file)
    {
        try
        {
            // Not through the usual AddJsonFile(path): it hides files in directories whose names begin with a dot.
            using PhysicalFileProvider directory = new(Path.GetDirectoryName(file)!, Microsoft.Extensions.FileProviders.Physical.ExclusionFilters.None);
            return new ConfigurationBuilder()
                .Add(new JsonConfigurationSource { FileProvider = directory, Path = Path.GetFileName(file), Optional = false })
                .Build();
        }
        catch (Exception fault) when (fault is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            string reason = (fault.InnerException?.InnerException ?? fault.InnerException ?? fault).Message;
            throw new StartFaultException(StartFaultException.WrongSettings, [$"{LogText.Safe(file)}: {LogText.Safe(reason)}"]);
        }
    }

    /// <summary>The settings that are paths, made absolute by the directory that they are relative to.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> AbsolutePaths(IConfiguration settings, string directory) =>
        from pair in settings.AsEnumerable()
        where pair.Value is { Length: > 0 } && IsPath(pair.Key)
        select new KeyValuePair<string, string?>(pair.Key, Path.GetFullPath(pair.Value, directory));

    private static bool IsPath(string key) =>
        key.Equals(RootKey, StringComparison.OrdinalIgnoreCase)
        || key.Equals("WebDav:StateDirectory", StringComparison.OrdinalIgnoreCase)
        || (key.StartsWith("Kestrel:", StringComparison.OrdinalIgnoreCase)
            && (key.EndsWith(":Path", StringComparison.OrdinalIgnoreCase) || key.EndsWith(":KeyPath", StringComparison.OrdinalIgnoreCase)));
}
