using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using WebDavServer.Hosting;

if (args is ["health", .. string[] options])
{
    return await HealthCheck.RunAsync(CommandLine.Parse(options));
}

return await Start.ReportingFaultsAsync(async () =>
{
    CommandLine line = CommandLine.Parse(args);
    if (line.Answer is { } text)
    {
        Console.Out.WriteLine(text);
        return;
    }

    ServerSettings settings = ServerSettings.Load(line);
    await using WebApplication app = ServerApplication.Build(settings);
    await app.StartAsync();
    await app.WaitForShutdownAsync();
});
