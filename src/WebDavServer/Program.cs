using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using WebDavServer.Hosting;
using WebDavServer.Hosting.Health;
using WebDavServer.Security;

if (args is ["health", .. string[] options])
{
    return await HealthCheck.RunAsync(CommandLine.Parse(options));
}

return await Start.ReportingFaultsAsync(async () =>
{
    if (args is [SecretCommands.HashPassword or SecretCommands.NewToken])
    {
        SecretCommands.Run(args[0], Console.In, Console.Out);
        return;
    }

    CommandLine line = CommandLine.Parse(args);
    if (line.Answer is { } text)
    {
        Console.Out.WriteLine(text);
        return;
    }

    HeadStart.Begin();
    ServerSettings settings = ServerSettings.Load(line);
    await using WebApplication app = ServerApplication.Build(settings);
    await app.StartAsync();
    await app.WaitForShutdownAsync();
});
