using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Debugging;
using Serilog.Settings.Configuration;

namespace WebDavServer.Hosting;

/// <summary>The log: Serilog, as its section of the settings says.</summary>
internal static class LoggingSetup
{
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    // There is one SelfLog in a process, and there may be several servers.
    private static readonly Lock Speaking = new();

    /// <summary>Sends the log to Serilog's sinks; what is wrong with its settings is added to <paramref name="faults"/>.</summary>
    public static void UseSerilog(this WebApplicationBuilder builder, List<string> faults)
    {
        lock (Speaking)
        {
            AddSerilog(builder, faults);
        }
    }

    private static void AddSerilog(WebApplicationBuilder builder, List<string> faults)
    {
        // Serilog leaves out what it cannot set up (a sink that it does not know) and says so only here.
        SelfLog.Enable(line => faults.Add(FaultOf(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]))); // behind its time of day
        try
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace); // Serilog alone decides, by its own section
            builder.Logging.AddSerilog(Create(builder.Configuration), dispose: true);
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

    private static string FaultOf(string message) => $"Serilog: {LogText.Safe(message.Split('\n')[0].Trim())}";

    private static Serilog.Core.Logger Create(ConfigurationManager configuration)
    {
        // The sinks are named here and not looked for: what lies beside the program is not always what it was built with.
        ConfigurationReaderOptions sinks = new(
            typeof(ConsoleLoggerConfigurationExtensions).Assembly,
            typeof(FileLoggerConfigurationExtensions).Assembly,
            typeof(LoggerConfigurationAsyncExtensions).Assembly);
        LoggerConfiguration logger = new LoggerConfiguration().ReadFrom.Configuration(configuration, sinks);
        if (!configuration.GetSection("Serilog:WriteTo").GetChildren().Any())
        {
            logger.WriteTo.Console(outputTemplate: Template);
        }

        // What stops the start is said in one line on stderr (Start); the framework would say it again with a stack trace.
        return logger.Filter.ByExcluding(line => line.MessageTemplate.Text is "Unable to start Kestrel." or "Hosting failed to start").CreateLogger();
    }
}
