using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting;

/// <summary>The program told to end by SIGTERM, as systemd and Docker do, while it is at work.</summary>
public sealed class SignalledTests : IDisposable
{
    /// <summary>What Docker waits by default before it kills: the wait of the container image, one second, must leave enough of it.</summary>
    private static readonly TimeSpan DockersPatience = TimeSpan.FromSeconds(10);

    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Uploads_and_downloads_that_do_not_end_are_broken_off_in_time_and_leave_nothing()
    {
        _tree.AddFile("file", "as it was");
        using (FileStream large = File.Create(_tree.At("large")))
        {
            large.SetLength(1L << 30);
        }

        await RunAsync(async (address, process) =>
        {
            await using RawConnection uploading = await RawConnection.OpenAsync(address);
            await uploading.SendAsync("PUT /file HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nthe beginning");
            await UntilAsync(() => Directory.GetFiles(_tree.At(".webdav/staging")).Length == 1);
            await using RawConnection downloading = await RawConnection.OpenAsync(address);
            await downloading.SendRequestAsync("GET", "/large");
            Assert.Equal("HTTP/1.1 200 OK", await downloading.ReadStatusLineAsync());
            await using RawConnection idle = await RawConnection.OpenAsync(address);
            await idle.SendRequestAsync("GET", "/file");
            Assert.Equal(200, (await idle.ReadAsync()).Status);

            await EndAsync(process);
            Assert.True(await idle.IsClosedAsync());
            Assert.True(await uploading.IsClosedAsync());
        });

        Assert.Equal("as it was", _tree.Read("file"));
        Assert.Empty(Directory.GetFileSystemEntries(_tree.At(".webdav/staging")));
    }

    [Fact]
    public async Task An_operation_that_is_held_is_told_as_interrupted_to_all_who_watch_it_and_at_the_next_start()
    {
        Many();
        string page = "";
        await RunAsync(async (address, process) =>
        {
            using HttpClient client = new() { BaseAddress = address };
            await using RawConnection waiting = await RawConnection.OpenAsync(address);
            await waiting.SendRequestAsync("COPY", "/many", ["Destination: /copy"]);
            page = await PageAsync(client);
            using ClientWebSocket socket = new();
            await socket.ConnectAsync(new UriBuilder(new Uri(address, page + "/socket")) { Scheme = "ws" }.Uri, Cancellation);
            await socket.SendAsync("pause"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
            await UntilAsync(async () => await StateAsync(client, page) == "paused");
            using StreamReader events = new(await client.GetStreamAsync(new Uri(page + "/events", UriKind.Relative), Cancellation));
            Assert.StartsWith("id: ", await events.ReadLineAsync(Cancellation), StringComparison.Ordinal);
            Assert.Equal(102, (await waiting.ReadAsync()).Status);

            Task ended = EndAsync(process);

            Assert.Equal(503, (await waiting.ReadFinalAsync()).Final.Status);
            string rest = await events.ReadToEndAsync(Cancellation);
            Assert.Contains("event: done", rest, StringComparison.Ordinal);
            Assert.Contains("\"interrupted\"", rest, StringComparison.Ordinal);
            Assert.Contains("\"interrupted\"", await LastMessageAsync(socket), StringComparison.Ordinal);
            await ended;
        });

        Assert.False(_tree.Has("copy"));
        Assert.Empty(Directory.GetFileSystemEntries(_tree.At(".webdav/staging")));
        await RunAsync(async (address, process) =>
        {
            using HttpClient client = new() { BaseAddress = address };
            Assert.Equal("interrupted", await StateAsync(client, page));
            await EndAsync(process);
        });
    }

    [Fact]
    public async Task While_it_waits_for_an_operation_it_lives_and_is_not_ready_and_then_stops_it()
    {
        Many();
        string page = "";
        await RunAsync(
            async (address, process) =>
            {
                using HttpClient client = new() { BaseAddress = address };
                using HttpRequestMessage copy = new(new HttpMethod("COPY"), "/many") { Headers = { { "Destination", "/copy" }, { "Prefer", "respond-async" } } };
                page = (await client.SendAsync(copy, Cancellation)).Headers.Location!.OriginalString;
                using StreamReader events = new(await client.GetStreamAsync(new Uri(page + "/events", UriKind.Relative), Cancellation));

                Task ended = EndAsync(process);
                string ready = "";
                await UntilAsync(async () => (ready = await HealthAsync(client, "/.webdav/health")).StartsWith("503", StringComparison.Ordinal));

                Assert.Equal("""503 {"status":"stopping"}""", ready);
                Assert.Equal("""200 {"status":"ok"}""", await HealthAsync(client, "/.webdav/health/live"));
                Assert.Contains("event: done", await events.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
                await ended;
            },
            "--Operations:ShutdownWait=00:00:02");

        await RunAsync(async (address, process) =>
        {
            using HttpClient client = new() { BaseAddress = address };
            Assert.Equal("interrupted", await StateAsync(client, page));
            await EndAsync(process);
        });
        Assert.False(_tree.Has("copy"));
        Assert.Empty(Directory.GetFileSystemEntries(_tree.At(".webdav/staging")));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Links make a tree of 200,000 files out of 200: long enough to outlast any wait here.
    private void Many()
    {
        for (int i = 0; i < 200; i++)
        {
            _tree.AddFile($"few/{i}", "content");
        }

        _tree.AddDirectory("many");
        for (int i = 0; i < 1000; i++)
        {
            Directory.CreateSymbolicLink(_tree.At($"many/{i}"), "../few");
        }
    }

    private async Task RunAsync(Func<Uri, Process, Task> ask, params string[] options)
    {
        using Process process = ServerProcess.Start(
            _tree.Root,
            environment: null,
            ["--root", ".", "--urls", "http://127.0.0.1:0", "--Operations:ShutdownWait=00:00:01", "--KeepAlive:Mode=Always", "--KeepAlive:FirstAfter=00:00:01", .. options]);
        try
        {
            await ask(new(await ServerProcess.ListeningOnAsync(process)), process);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync(Cancellation);
            }
        }
    }

    private static async Task EndAsync(Process process)
    {
        Shell.Run("/", $"kill -TERM {process.Id}");
        await process.WaitForExitAsync(Cancellation).WaitAsync(DockersPatience, Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<string> PageAsync(HttpClient client)
    {
        string? page = null;
        await UntilAsync(async () =>
        {
            JsonElement list = JsonDocument.Parse(await client.GetStringAsync(new Uri("/.webdav/operations", UriKind.Relative), Cancellation)).RootElement;
            page = list.GetProperty("operations").EnumerateArray().Select(one => one.GetProperty("links").GetProperty("self").GetString()).FirstOrDefault();
            return page is not null;
        });
        return page!;
    }

    private static async Task<string?> StateAsync(HttpClient client, string page) =>
        JsonDocument.Parse(await client.GetStringAsync(new Uri(page, UriKind.Relative), Cancellation)).RootElement.GetProperty("state").GetString();

    private static async Task<string> HealthAsync(HttpClient client, string page)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(page, UriKind.Relative), Cancellation);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}";
    }

    private static async Task<string> LastMessageAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        string last = "";
        while (await socket.ReceiveAsync(buffer.AsMemory(), Cancellation) is { MessageType: WebSocketMessageType.Text } read)
        {
            last = Encoding.UTF8.GetString(buffer, 0, read.Count);
        }

        return last;
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (int i = 0; i < 2000; i++)
        {
            if (await holds())
            {
                return;
            }

            await Task.Delay(10, Cancellation);
        }

        Assert.Fail("it did not come to be");
    }
}
