using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using WebDavServer.Hosting;
using WebDavServer.Hosting.Reloading;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Reloading;

/// <summary>What a file system does not tell is found by looking from time to time.</summary>
public sealed class SettingsWatchTests : IDisposable
{
    private readonly TempTree _near = new();
    private readonly TempTree _far = new();

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    [Fact]
    public async Task A_change_that_nobody_tells_of_is_found_within_half_a_minute()
    {
        // Nobody tells of what happens behind a symbolic link to elsewhere.
        string file = _far.AddFile("cert.pem", "first");
        File.CreateSymbolicLink(_near.At("cert.pem"), file);
        ManualTime time = new();
        RecordedLog log = new();
        using LoggerFactory loggers = new([log]);
        Reload reload = new(SettingsOf(_near.At("cert.pem")), [], loggers.CreateLogger<Reload>());
        using SettingsWatch watch = new(reload, new ApplicationLifetime(loggers.CreateLogger<ApplicationLifetime>()), time, loggers.CreateLogger<SettingsWatch>());
        await watch.StartAsync(CancellationToken.None);
        File.WriteAllText(file, "second");

        time.Advance(SettingsWatch.Patience);
        await time.WaitForTimersAsync(2);
        Assert.Empty(log.Lines);
        time.Advance(SettingsWatch.Settling);

        await UntilAsync(() => log.Lines.Count > 0);
        Assert.Equal("Settings changed that take effect at the next start: Kestrel:Certificates", Assert.Single(log.Lines).Text);
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_is_written_at_once_is_read_once()
    {
        ManualTime time = new();
        RecordedLog log = new();
        using LoggerFactory loggers = new([log]);
        string file = _near.AddFile("cert.pem", "first");
        Reload reload = new(SettingsOf(file), [], loggers.CreateLogger<Reload>());
        using SettingsWatch watch = new(reload, new ApplicationLifetime(loggers.CreateLogger<ApplicationLifetime>()), time, loggers.CreateLogger<SettingsWatch>());
        await watch.StartAsync(CancellationToken.None);

        for (int i = 0; i < 50; i++)
        {
            File.WriteAllText(file, $"half of {i}");
        }

        await time.WaitForTimerAsync(SettingsWatch.Settling);
        File.WriteAllText(file, "whole");
        Assert.Empty(log.Lines);
        time.Advance(SettingsWatch.Settling);

        await UntilAsync(() => log.Lines.Count > 0);
        await time.WaitForTimerAsync(SettingsWatch.Settling); // for what came meanwhile
        time.Advance(SettingsWatch.Settling);
        await watch.StopAsync(CancellationToken.None);
        Assert.Single(log.Lines);
    }

    private static ServerSettings SettingsOf(string certificate) =>
        ServerSettings.Of([new("Kestrel:Certificates:Default:Path", certificate), new("WebDav:Root", Path.GetTempPath())])
            with { Files = [certificate], Again = () => SettingsOf(certificate) };

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 2000 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(condition());
    }
}
