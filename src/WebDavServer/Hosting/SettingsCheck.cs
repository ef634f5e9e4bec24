using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebDav.Setup;
using WebDavServer.Hosting.Forwarding;
using WebDavServer.Hosting.Health;
using WebDavServer.Hosting.Metrics;

namespace WebDavServer.Hosting;

/// <summary>Brings together what is wrong with the settings, so that all of it is said at once.</summary>
internal static class SettingsCheck
{
    /// <summary>Registers the WebDAV server; returns what is wrong with its settings, a line each.</summary>
    public static IReadOnlyList<string> AddWebDav(IServiceCollection services, IConfiguration configuration) =>
        FaultsOf(() => services.AddWebDav(configuration));

    /// <summary>What is wrong with the settings that count from the start to the end of the server, and with them as a whole, a line each.</summary>
    public static IReadOnlyList<string> Faults(ServerSettings settings)
    {
        SettingsReader reader = new(settings.Configuration);
        _ = new TrustedProxies(reader);
        _ = new CrossOrigin(reader);
        _ = ConnectionLimits.Read(reader);
        _ = new HealthOptions(reader);
        _ = new OtlpOptions(reader);
        return
        [
            .. settings.Faults,
            .. settings.Addresses.Faults,
            .. reader.Faults.Select(LogText.Safe),
            .. FaultsOf(() => Settings.Read(settings.Configuration)),
        ];
    }

    /// <summary>Stops the start if anything is wrong: first the settings themselves, then whether there is a directory to serve.</summary>
    public static void StopOn(IReadOnlyList<string> faults, ServerSettings settings)
    {
        string? noRoot = NoRoot(settings.Root);
        string[] wrong = [.. faults.Where(line => noRoot is null || !line.StartsWith("WebDav:Root:", StringComparison.OrdinalIgnoreCase)).Distinct()];
        if (wrong.Length > 0)
        {
            throw new StartFaultException(StartFaultException.WrongSettings, noRoot is null ? wrong : [.. wrong, noRoot]);
        }

        if (noRoot is not null)
        {
            throw new StartFaultException(StartFaultException.CannotStart, [noRoot]);
        }
    }

    private static IReadOnlyList<string> FaultsOf(Action read)
    {
        try
        {
            read();
            return [];
        }
        catch (OptionsValidationException wrong)
        {
            return [.. wrong.Failures.Select(LogText.Safe)];
        }
    }

    private static string? NoRoot(string root) => root.Length == 0 ? "WebDav:Root: names no directory" : Directory.Exists(root)
        ? null
        : $"WebDav:Root: {(File.Exists(root) ? "not a directory" : "no such directory")}: {LogText.Safe(root)}";
}
