using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace WebDavServer.Tests.Browser.InChromium;

/// <summary>Debian's Chromium without a window, and axe-core, which is fetched from npm once and kept in <c>artifacts</c>.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";
    private const string AxeVersion = "4.10.3";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The program text of axe-core.</summary>
    public string Axe { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Axe = await ReadAxeAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = ["--no-sandbox"] });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A window of its own, with nothing in its memory.</summary>
    internal async Task<Window> OpenAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = address.ToString();
        options.ViewportSize ??= new() { Width = 1100, Height = 700 };
        options.Locale = "en-GB";
        options.TimezoneId = "UTC";
        IBrowserContext context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout(60_000);
        return new(context, await context.NewPageAsync(), Axe);
    }

    private static async Task<string> ReadAxeAsync([CallerFilePath] string file = "")
    {
        string folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../../../artifacts/npm"));
        string package = Path.Combine(folder, $"axe-core-{AxeVersion}.tgz");
        if (!File.Exists(package))
        {
            Directory.CreateDirectory(folder);
            using Process npm = Process.Start(new ProcessStartInfo("npm", ["pack", "--silent", $"axe-core@{AxeVersion}"]) { WorkingDirectory = folder })!;
            await npm.WaitForExitAsync();
            Assert.True(npm.ExitCode == 0, "npm has no axe-core for us");
        }

        await using FileStream packed = File.OpenRead(package);
        await using GZipStream tar = new(packed, CompressionMode.Decompress);
        await using TarReader reader = new(tar);
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == "package/axe.min.js")
            {
                using StreamReader text = new(entry.DataStream!);
                return await text.ReadToEndAsync();
            }
        }

        throw new InvalidOperationException($"{package} holds no axe.min.js");
    }
}
