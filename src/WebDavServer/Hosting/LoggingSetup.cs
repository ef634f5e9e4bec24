using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Debugging;
using Serilog.Settings.Configuration;
using WebDavServer.Hosting.Reloading;

namespace WebDavServer.Hosting;

/// <summary>The log: Serilog, as its section of the settings says.</summary>
internal static class LoggingSetup
{
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    private static readonly Lock OneAtATime = new();

    /// <summary>Sends the log to Serilog's sinks; what is wrong with its settings is added to <paramref name="faults"/>.</summary>
    public static void UseSerilog(this WebApplicationBuilder builder, List<string> faults)
    {
        // Serilog leaves out what it cannot set up (a sink that it does not know) and says so only here: in one place for the whole
        // process, so two servers in one process are set up one after the other.
        using var alone = OneAtATime.EnterScope();
        LogLevels levels = new(builder.Configuration, faults);
        SelfLog.Enable(line => faults.Add(FaultOf(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]))); // behind its time of day
        try
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace); // For Serilog, the section has the word.
            builder.Logging.AddSerilog(Create(builder.Configuration, levels.Takes), dispose: true);
            builder.Services.AddSingleton<IReloadable>(levels);
            builder.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(levels);
            builder.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(levels);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException or IOException)
        {
            faults.Add(FaultOf(fault.Message));
        }
        finally
        {
            SelfLog.Enable(Console.Error);
        }
    }

    /// <summary>Loads what <see cref="UseSerilog"/> needs.</summary>
    public static void Warm() => Create(
        new ConfigurationBuilder().AddInMemoryCollection([new("Serilog:WriteTo:0:Name", "Console"), new("Serilog:WriteTo:0:Args:outputTemplate", Template)]).Build(),
        takes: _ => false).Dispose();

    private static string FaultOf(string message) => $"Serilog: {LogText.Safe(message.Split('\n')[0].Trim())}";

    private static Serilog.Core.Logger Create(IConfiguration configuration, Func<string, bool> takes)
    {
        // The sinks are named here and not looked for: what lies beside the program is not always what it was built with.
        ConfigurationReaderOptions sinks = new(
            typeof(ConsoleLoggerConfigurationExtensions).Assembly,
            typeof(FileLoggerConfigurationExtensions).Assembly,
            typeof(LoggerConfigurationAsyncExtensions).Assembly);
        IConfigurationRoot others = new ConfigurationBuilder()
            .AddInMemoryCollection(configuration.GetSection("Serilog").AsEnumerable().Where(pair => !takes(pair.Key)))
            .Build();
        LoggerConfiguration logger = new LoggerConfiguration().ReadFrom.Configuration(others, sinks).MinimumLevel.Verbose();
        if (!configuration.GetSection("Serilog:WriteTo").GetChildren().Any())
        {
            logger.WriteTo.Console(outputTemplate: Template);
        }

        // What stops the start is said in one line on stderr (Start); the framework would say it again with a stack trace.
        return logger.Filter.ByExcluding(line => line.MessageTemplate.Text is "Unable to start Kestrel." or "Hosting failed to start").CreateLogger();
    }
}
