using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Serilog.Events;
using WebDav.Setup;
using WebDavServer.Hosting.Reloading;

namespace WebDavServer.Hosting;

/// <summary>
/// What is logged from which level on: <c>Serilog:MinimumLevel</c>, held by the framework's filters before anything comes to Serilog,
/// because they can change while loggers are in use, new sources included.
/// </summary>
internal sealed class LogLevels : IReloadable, IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    /// <summary>The section.</summary>
    public const string Section = "Serilog:MinimumLevel";

    private const string SerilogAlias = "Serilog";

    /// <summary>
    /// The framework's own lines about requests, which are information. While it may write any at all, it makes an
    /// <see cref="System.Diagnostics.Activity"/> and a scope for each request.
    /// </summary>
    private const string FrameworkRequests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    private volatile IReadOnlyList<LoggerFilterRule> _rules;
    private ConfigurationReloadToken _changed = new();

    /// <summary>Reads them; what is wrong is added to <paramref name="faults"/>.</summary>
    public LogLevels(IConfiguration configuration, List<string> faults) => _rules = Rules(configuration, faults);

    /// <inheritdoc/>
    public string? Name => Options.DefaultName;

    /// <inheritdoc/>
    public bool Takes(string key) =>
        key.Equals(Section, StringComparison.OrdinalIgnoreCase) || key.StartsWith(Section + ":", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Action Read(ServerSettings settings, List<string> faults)
    {
        IReadOnlyList<LoggerFilterRule> next = Rules(settings.Configuration, faults);
        return () =>
        {
            _rules = next;
            Interlocked.Exchange(ref _changed, new()).OnReload();
        };
    }

    /// <inheritdoc/>
    public void Configure(LoggerFilterOptions options)
    {
        foreach (LoggerFilterRule rule in _rules)
        {
            options.Rules.Add(rule);
        }
    }

    /// <inheritdoc/>
    public IChangeToken GetChangeToken() => _changed;

    // As Serilog reads them: the level is the section's own value or its Default; Override has those of sources, by the beginnings of their names.
    private static List<LoggerFilterRule> Rules(IConfiguration configuration, List<string> faults)
    {
        SettingsReader reader = new(configuration);
        string first = reader.Text(Section) is null ? $"{Section}:Default" : Section;
        List<LoggerFilterRule> rules = [Rule(source: null, reader.Choice(first, LogEventLevel.Information))];
        rules.AddRange(
            from level in configuration.GetSection($"{Section}:Override").GetChildren()
            select Rule(level.Key, reader.Choice(level.Path, LogEventLevel.Information)));
        foreach (IConfigurationSection other in configuration.GetSection(Section).GetChildren().Where(child => !IsRead(child)))
        {
            reader.Fault(other.Path, $"there is no such setting ({Section} has Default, Override)");
        }

        foreach (IConfigurationSection wild in configuration.GetSection($"{Section}:Override").GetChildren().Where(child => child.Key.Contains('*', StringComparison.Ordinal)))
        {
            reader.Fault(wild.Path, "is no beginning of a source's name, such as Microsoft");
        }

        faults.AddRange(reader.Faults.Select(LogText.Safe));
        LoggerFilterRule nearest = rules.Where(Covers).MaxBy(rule => rule.CategoryName?.Length ?? 0)!;
        if (nearest.LogLevel > LogLevel.Information)
        {
            rules.Add(Rule(FrameworkRequests, LogLevel.None));
        }

        return rules;
    }

    private static bool IsRead(IConfigurationSection child) =>
        child.Key.Equals("Default", StringComparison.OrdinalIgnoreCase) || child.Key.Equals("Override", StringComparison.OrdinalIgnoreCase);

    private static bool Covers(LoggerFilterRule rule) =>
        rule.CategoryName is not { } source
        || (FrameworkRequests.StartsWith(source, StringComparison.OrdinalIgnoreCase) && (FrameworkRequests.Length == source.Length || FrameworkRequests[source.Length] == '.'));

    private static LoggerFilterRule Rule(string? source, LogEventLevel level) => Rule(source, (LogLevel)(int)level); // Verbose to Fatal are Trace to Critical.

    private static LoggerFilterRule Rule(string? source, LogLevel level) => new(SerilogAlias, source, level, filter: null);
}
