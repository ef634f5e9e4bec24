using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace WebDavServer.Hosting;

/// <summary>Brings together what is wrong with the settings, so that all of it is said at once.</summary>
internal static class SettingsCheck
{
    /// <summary>What the options' own validators say, which <c>ValidateOnStart</c> would say only at the start.</summary>
    public static IReadOnlyList<string> FaultsOfOptions(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (Exception fault) when (LinesOf(fault) is { Count: > 0 } lines)
        {
            return lines;
        }
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

    private static string? NoRoot(string root) => root.Length == 0 ? "WebDav:Root: names no directory" : Directory.Exists(root)
        ? null
        : $"WebDav:Root: {(File.Exists(root) ? "not a directory" : "no such directory")}: {LogText.Safe(root)}";

    private static IReadOnlyList<string> LinesOf(Exception fault) => fault switch
    {
        OptionsValidationException wrong => [.. wrong.Failures],
        AggregateException several => [.. several.InnerExceptions.SelectMany(LinesOf)],

        // What the configuration binder says of a value that is no number, time or word of the list; it names the key.
        InvalidOperationException unreadable => [LogText.Safe(unreadable.Message)],
        _ => [],
    };
}
