using System.Text.Json;
using Microsoft.Extensions.Configuration;
using WebDavServer.Hosting.Reloading;

namespace WebDavServer.Hosting;

/// <summary>The settings in force, and what is wrong with them as far as it shows without the parts that they belong to.</summary>
/// <param name="Configuration">File, environment and command line, later ones first; its paths are absolute.</param>
/// <param name="Faults">One line for each fault.</param>
internal sealed record ServerSettings(IConfigurationRoot Configuration, IReadOnlyList<string> Faults)
{
    private const string RootKey = "WebDav:Root";

    /// <summary>The files that were read for them, and those of the certificates that they name.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Whether they come from outside, where they can change while the server runs.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Reads them once more, from where they came.</summary>
    public required Func<ServerSettings> Again { get; init; }

    /// <summary>Whether a certificate of the server's own making stands in where none is named.</summary>
    public bool TlsSelfSigned { get; init; }

    /// <summary>What they are now, for comparing them with what they will be.</summary>
    public SettingsSnapshot Snapshot { get; } = new(Configuration);

    /// <summary>Where to listen.</summary>
    public ListeningAddresses Addresses => field ??= new(Configuration, TlsSelfSigned);

    /// <summary>Whether certificates are to be read: an address needs them, or the settings name some.</summary>
    public bool HasTls => TlsSelfSigned || Addresses.HasHttps || Configuration.GetSection("Kestrel").AsEnumerable().Any(IsOfCertificate);

    /// <summary>The directory served, absolute.</summary>
    public string Root => Configuration[RootKey]!;

    /// <summary>The settings for a command line, with the environment and the nearest settings file.</summary>
    public static ServerSettings Load(CommandLine line)
    {
        string current = Directory.GetCurrentDirectory();
        return Load(line, SettingsFile.Nearest(current, AppContext.BaseDirectory), current);
    }

    /// <summary>Just these settings: no file, no environment, as tests want it.</summary>
    public static ServerSettings Of(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        string current = Directory.GetCurrentDirectory();
        IConfigurationRoot configuration = Combine(file: null, current, new ConfigurationBuilder().AddInMemoryCollection(Last(settings)).Build(), current);
        return new(configuration, [.. KnownSettings.Unknown(configuration)]) { Again = () => Of(settings) };
    }

    // The file that was found first stays the settings file: while it is replaced, no other is to be taken for it.
    private static ServerSettings Load(CommandLine line, string? file, string currentDirectory)
    {
        List<string> faults = [.. line.Faults];
        IConfigurationRoot environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        IConfigurationRoot rest = new ConfigurationBuilder()
            .AddInMemoryCollection(SecretFiles.Read(environment, faults))
            .AddInMemoryCollection(Last(line.Settings))
            .Build();
        IConfigurationRoot configuration = Combine(file is null ? null : Read(file), Path.GetDirectoryName(file) ?? currentDirectory, rest, currentDirectory);
        IEnumerable<string> certificates = from pair in configuration.AsEnumerable()
                                           where pair.Value is { Length: > 0 } && KnownSettings.IsCertificateFile(pair.Key)
                                           select pair.Value;
        return new(configuration, [.. faults, .. KnownSettings.Unknown(configuration)])
        {
            Files = [.. file is null ? [] : new[] { file }, .. SecretFiles.Named(environment), .. certificates],
            IsWatched = true,
            Again = () => Load(line, file, currentDirectory),
            TlsSelfSigned = line.TlsSelfSigned,
        };
    }

    private static IConfigurationRoot Combine(IConfigurationRoot? file, string fileDirectory, IConfigurationRoot rest, string currentDirectory)
    {
        ConfigurationBuilder builder = new();
        builder.AddInMemoryCollection([new("Urls", "http://localhost:8080"), new(RootKey, Path.GetFullPath("data", fileDirectory))]);
        if (file is not null)
        {
            builder.AddConfiguration(file).AddInMemoryCollection(AbsolutePaths(file, fileDirectory));
        }

        builder.AddConfiguration(rest).AddInMemoryCollection(AbsolutePaths(rest, currentDirectory));
        return builder.Build();
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
            using FileStream content = File.OpenRead(file);
            return new ConfigurationBuilder().AddJsonStream(content).Build();
        }
        catch (Exception fault) when (fault is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StartFaultException(StartFaultException.WrongSettings, [$"{LogText.Safe(file)}: {LogText.Safe(fault.Message)}"]);
        }
    }

    /// <summary>The settings that are paths, made absolute by the directory that they are relative to.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> AbsolutePaths(IConfiguration settings, string directory) =>
        from pair in settings.AsEnumerable()
        where pair.Value is { Length: > 0 } && IsPath(pair.Key)
        select new KeyValuePair<string, string?>(pair.Key, Path.GetFullPath(pair.Value, directory));

    private static bool IsOfCertificate(KeyValuePair<string, string?> setting) => setting.Key.Contains("Certificate", StringComparison.OrdinalIgnoreCase);

    private static bool IsPath(string key) =>
        key.Equals(RootKey, StringComparison.OrdinalIgnoreCase)
        || key.Equals("WebDav:StateDirectory", StringComparison.OrdinalIgnoreCase)
        || KnownSettings.IsCertificateFile(key);
}
