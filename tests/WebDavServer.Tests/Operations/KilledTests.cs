using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>A server that is killed in the middle of a COPY: the program as a process of its own.</summary>
public sealed class KilledTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task What_was_at_work_is_told_as_interrupted_and_its_staging_is_clear()
    {
        // Links make a tree of 20,000 files out of 200: long enough to be paused on the way.
        for (int i = 0; i < 200; i++)
        {
            _tree.AddFile($"few/{i}", "content");
        }

        _tree.AddDirectory("many");
        for (int i = 0; i < 100; i++)
        {
            Directory.CreateSymbolicLink(_tree.At($"many/{i}"), "../few");
        }

        string page = await RunAsync(async (client, process) =>
        {
            using HttpRequestMessage request = new(new HttpMethod("COPY"), "/many") { Headers = { { "Destination", "/copy" }, { "Prefer", "respond-async" } } };
            using HttpResponseMessage accepted = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            string location = accepted.Headers.Location!.OriginalString;
            await PauseAsync(client, location);
            Assert.NotEmpty(Directory.GetFileSystemEntries(_tree.At(".webdav/staging")));
            process.Kill();
            await process.WaitForExitAsync();
            return location;
        });
        JsonElement shown = await RunAsync(async (client, _) =>
        {
            using HttpResponseMessage result = await client.GetAsync(new Uri(page + "/result", UriKind.Relative));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, result.StatusCode);
            return JsonDocument.Parse(await client.GetStringAsync(new Uri(page, UriKind.Relative))).RootElement;
        });

        Assert.Equal(("interrupted", 503), (shown.GetProperty("state").GetString(), shown.GetProperty("status").GetInt32()));
        Assert.False(_tree.Has("copy"));
        Assert.Empty(Directory.GetFileSystemEntries(_tree.At(".webdav/staging")));
    }

    private async Task<T> RunAsync<T>(Func<HttpClient, Process, Task<T>> ask)
    {
        using Process process = ServerProcess.Start(_tree.Root, environment: null, "--root", ".", "--urls", "http://127.0.0.1:0");
        try
        {
            using HttpClient client = new() { BaseAddress = new(await ServerProcess.ListeningOnAsync(process)) };
            return await ask(client, process);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
        }
    }

    private static async Task PauseAsync(HttpClient client, string page)
    {
        using CancellationTokenSource patience = new(RawConnection.Patience);
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new UriBuilder(new Uri(client.BaseAddress!, page + "/socket")) { Scheme = "ws" }.Uri, patience.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes("pause"), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        byte[] buffer = new byte[64 * 1024];
        string? state;
        do
        {
            ValueWebSocketReceiveResult read = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            Assert.Equal(WebSocketMessageType.Text, read.MessageType);
            state = JsonDocument.Parse(buffer.AsMemory(0, read.Count)).RootElement.GetProperty("state").GetString();
        }
        while (state == "running");
        Assert.Equal("paused", state);
    }
}
