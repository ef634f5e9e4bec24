using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Metrics;

/// <summary>
/// What a collector is sent (OTLP over HTTP: opentelemetry.io/docs/specs/otlp). Alone, because the last message of a server that ends
/// has one second.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class OtlpExportTests
{
    [Fact]
    public async Task What_was_counted_is_sent_and_the_last_of_it_at_the_end()
    {
        ConcurrentQueue<(string Path, string? Type, string Text)> messages = [];
        await using WebApplication collector = await CollectAsync(messages);
        await using ServerFixture server = await ServerFixture.StartAsync(Settings(collector.Urls.Single(), "00:00:00.1"));
        await server.StatusAsync("PUT", "/file", body: "hello");
        await ArrivedAsync(messages, "webdav.requests");

        await server.StatusAsync("UNLOCK", "/file", ["Lock-Token: <urn:uuid:6e1f5a3c-0000-4000-8000-000000000000>"]);
        await server.StopAsync();

        Assert.All(messages, message => Assert.Equal(("/v1/metrics", "application/x-protobuf"), (message.Path, message.Type)));
        await ArrivedAsync(
            messages, "WebDavServer", "webdav.io", "webdav.locks.active", "webdav.operations.running", "webdav.leases.waiting",
            "webdav.state.queue", "http.server.request.duration", "kestrel.active_connections", "dotnet.gc.", "UNLOCK");
    }

    [Fact]
    public async Task A_collector_that_does_not_answer_does_not_keep_the_server_from_its_end()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        await using ServerFixture server = await ServerFixture.StartAsync(Settings($"http://{silent.LocalEndpoint}", "00:00:00.1"));
        using Socket asked = await silent.AcceptSocketAsync(TestContext.Current.CancellationToken);

        await server.StopAsync().WaitAsync(RawConnection.Patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_of_OpenTelemetry_is_loaded_where_there_is_no_collector(bool off)
    {
        using TempTree tree = new();
        string[] metrics = off ? [] : ["--Metrics:Otlp:Endpoint=http://127.0.0.1:9"];
        using Process process = ServerProcess.Start(tree.Root, environment: null, ["--root", ".", "--urls", "http://127.0.0.1:0", .. metrics]);
        try
        {
            using HttpClient client = new() { BaseAddress = new(await ServerProcess.ListeningOnAsync(process)) };
            await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

            string maps = await File.ReadAllTextAsync($"/proc/{process.Id}/maps", TestContext.Current.CancellationToken);
            Assert.Contains("WebDavServer.dll", maps, StringComparison.Ordinal);
            Assert.Equal(!off, maps.Contains("OpenTelemetry", StringComparison.Ordinal));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("collector:4318")]
    [InlineData("ftp://collector")]
    [InlineData("http://collector/?x")]
    public async Task A_collector_that_is_none_stops_the_start(string endpoint)
    {
        WebDavServer.Hosting.StartFaultException fault =
            await Assert.ThrowsAsync<WebDavServer.Hosting.StartFaultException>(() => ServerFixture.StartAsync(Settings(endpoint, "00:01:00")));

        Assert.StartsWith($"Metrics:Otlp:Endpoint: '{endpoint}' is no address", Assert.Single(fault.Lines), StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Settings(string endpoint, string interval) =>
        new() { ["Metrics:Otlp:Endpoint"] = endpoint, ["Metrics:Otlp:Interval"] = interval };

    private static async Task<WebApplication> CollectAsync(ConcurrentQueue<(string Path, string? Type, string Text)> messages)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication collector = builder.Build();
        collector.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            messages.Enqueue((context.Request.Path.Value!, context.Request.ContentType, Encoding.Latin1.GetString(body.ToArray())));
        });
        await collector.StartAsync();
        return collector;
    }

    private static async Task ArrivedAsync(ConcurrentQueue<(string Path, string? Type, string Text)> messages, params string[] names)
    {
        string[] missing = names;
        for (int i = 0; i < 2000 && missing.Length > 0; i++)
        {
            missing = [.. names.Where(name => !messages.Any(message => message.Text.Contains(name, StringComparison.Ordinal)))];
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Empty(missing);
    }
}
