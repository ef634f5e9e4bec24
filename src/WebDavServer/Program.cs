using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using WebDavServer.Hosting;
using WebDavServer.Security;

return await Start.ReportingFaultsAsync(async () =>
{
    CommandLine line = CommandLine.Parse(args);
    if (line.Answer is { } text)
    {
        Console.Out.WriteLine(text);
        return;
    }

    if (line.Command is { } command)
    {
        SecretCommands.Run(command, Console.In, Console.Out);
        return;
    }

    ServerSettings settings = ServerSettings.Load(line);
    await using WebApplication app = ServerApplication.Build(settings);
    await app.StartAsync();
    await app.WaitForShutdownAsync();
});
