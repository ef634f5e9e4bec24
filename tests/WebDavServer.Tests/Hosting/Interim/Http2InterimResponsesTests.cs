using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebDav.Handlers;
using WebDav.Progress;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Interim;

/// <summary>RFC 9113 8.1: any number of HEADERS with an interim status, then one with the final status, on the stream of the request.</summary>
public sealed class Http2InterimResponsesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_come_before_the_final_response_and_the_connection_goes_on(bool https)
    {
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            KeyValuePair<string, string>[] fields = [new("Progress", " 1/3 "), new("Status-URI", "<http://localhost/a%20b> 201")];
            await InterimServer.SendAsync(interim, InterimServer.Bare);
            await InterimServer.SendAsync(interim, fields);
            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.WriteAsync("done");
        });
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);

        for (int i = 0; i < 50; i++)
        {
            int stream = await connection.SendRequestAsync("COPY", "/a");
            Http2Response response = await connection.ReadResponseAsync(stream);

            Assert.Equal(2, response.Interim.Count);
            Assert.Equal([new(":status", "102")], response.Interim[0]);
            Assert.Equal(
                [new(":status", "102"), new("progress", "1/3"), new("status-uri", "<http://localhost/a%20b> 201")], response.Interim[1]);
            Assert.Equal((201, 4), (response.Status, response.BodyLength));
        }

        Assert.True(connection.Hpack.FromDynamic >= 49, "Kestrel has not used its dynamic table, so this proves nothing of it");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interim_response_leaves_at_once(bool https)
    {
        TaskCompletionSource seen = new();
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            await InterimServer.SendAsync(interim, InterimServer.Bare);
            await seen.Task.WaitAsync(RawConnection.Patience);
        });
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);

        Http2Response response = connection.Response(await connection.SendRequestAsync("COPY", "/a"));
        await connection.ReadUntilAsync(() => response.Interim.Count > 0);
        Assert.Null(response.Fields);
        seen.SetResult();
        await connection.ReadUntilAsync(() => response.HasEnded);

        Assert.Equal(200, response.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_is_late_sends_nothing(bool https)
    {
        // Many senders that nobody waits for, while the final response is written: the connection asserts that nothing follows its head.
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            using CancellationTokenSource end = new();
            Task[] senders = [.. Enumerable.Range(0, 4).Select(_ => InterimServer.SendOnAsync(interim!, end.Token))];
            await Task.Delay(1);
            await context.Response.WriteAsync("final");
            await Task.Delay(1);
            Assert.False(await interim!.SendProcessingAsync(InterimServer.Bare, CancellationToken.None));
            await end.CancelAsync();
            await Task.WhenAll(senders);
        });
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);

        for (int i = 0; i < 100; i++)
        {
            Http2Response response = await connection.ReadResponseAsync(await connection.SendRequestAsync("COPY", "/a"));
            Assert.Equal((200, 5), (response.Status, response.BodyLength));
        }
    }

    [Fact]
    public async Task A_caller_after_the_request_sends_nothing()
    {
        IInterimResponse? kept = null;
        await using ServerFixture server = await InterimServer.StartAsync(https: false, (_, interim) =>
        {
            kept ??= interim;
            return Task.CompletedTask;
        });
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);

        await connection.ReadResponseAsync(await connection.SendRequestAsync("COPY", "/a"));
        await connection.ReadResponseAsync(await connection.SendRequestAsync("COPY", "/b"));

        Assert.False(await kept!.SendProcessingAsync(InterimServer.Bare, CancellationToken.None));
    }

    [Fact]
    public async Task A_response_that_has_begun_has_no_way()
    {
        bool? has = null;
        await using ServerFixture server = await ServerFixture.StartAsync(endpoints: app => app.Run(async context =>
        {
            await context.Response.StartAsync();
            has = app.ApplicationServices.GetRequiredService<IInterimResponses>().For(context) is not null;
        }));
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);

        await connection.ReadResponseAsync(await connection.SendRequestAsync("COPY", "/a"));

        Assert.False(has);
    }

    [Fact]
    public async Task The_servers_own_100_does_not_close_the_way()
    {
        await using ServerFixture server = await InterimServer.StartAsync(https: false, async (context, interim) =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            await InterimServer.SendAsync(interim, InterimServer.Bare);
            context.Response.StatusCode = body.Length == 2 ? StatusCodes.Status201Created : StatusCodes.Status400BadRequest;
        });
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);

        int stream = await connection.SendRequestAsync("PUT", "/a", hasBody: true, ("expect", "100-continue"));
        Http2Response response = connection.Response(stream);
        await connection.ReadUntilAsync(() => response.Interim.Count > 0);
        Assert.Equal([new(":status", "100")], response.Interim[0]);
        await connection.SendAsync(Http2Frame.Write(Http2Frame.Data, 0x1, stream, "hi"u8));
        await connection.ReadUntilAsync(() => response.HasEnded);

        Assert.Equal(["100", "102"], response.Interim.Select(fields => Http2Response.Value(fields, ":status")));
        Assert.Equal(201, response.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_the_client_resets_gets_no_more_and_the_others_go_on(bool https)
    {
        TaskCompletionSource<bool> late = new();
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            if (context.Request.Path == "/reset")
            {
                TaskCompletionSource gone = new();
                await using (context.RequestAborted.Register(gone.SetResult))
                {
                    await InterimServer.SendAsync(interim, InterimServer.Bare);
                    await gone.Task.WaitAsync(RawConnection.Patience);
                }

                late.SetResult(await interim!.SendProcessingAsync(InterimServer.Bare, CancellationToken.None));
                return;
            }

            await late.Task.WaitAsync(RawConnection.Patience);
            await InterimServer.SendAsync(interim, InterimServer.Bare);
        });
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);

        int reset = await connection.SendRequestAsync("COPY", "/reset");
        int other = await connection.SendRequestAsync("COPY", "/other");
        await connection.ReadUntilAsync(() => connection.Response(reset).Interim.Count > 0);
        await connection.SendAsync(Http2Frame.Write(Http2Frame.ResetStream, 0, reset, [0, 0, 0, 8])); // CANCEL
        Http2Response response = await connection.ReadResponseAsync(other);

        Assert.False(await late.Task);
        Assert.Single(connection.Response(reset).Interim);
        Assert.Equal((1, 200), (response.Interim.Count, response.Status));
        Assert.Equal(200, (await connection.ReadResponseAsync(await connection.SendRequestAsync("COPY", "/other"))).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Once_the_connection_is_gone_nothing_is_sent(bool https)
    {
        const int Streams = 20;
        int ended = 0;
        TaskCompletionSource all = new();
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await interim!.SendProcessingAsync(InterimServer.Bare, CancellationToken.None);
                await Task.Yield();
            }

            Assert.False(await interim!.SendProcessingAsync(InterimServer.Bare, CancellationToken.None));
            if (Interlocked.Increment(ref ended) == Streams)
            {
                all.SetResult();
            }
        });
        await using (Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address))
        {
            for (int i = 0; i < Streams; i++)
            {
                await connection.SendRequestAsync("COPY", "/a");
            }

            await connection.ReadUntilAsync(() => Enumerable.Range(0, Streams).All(i => connection.Response((2 * i) + 1).Interim.Count > 3));
        }

        await all.Task.WaitAsync(RawConnection.Patience);
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_window_that_is_full_holds_back_bodies_and_no_interim_responses(bool https)
    {
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            if (context.Request.Path == "/body")
            {
                await context.Response.Body.WriteAsync(new byte[200_000]);
                return;
            }

            for (int i = 0; i < 5; i++)
            {
                await InterimServer.SendAsync(interim, InterimServer.Bare);
            }
        });
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address, opensWindow: false);

        Http2Response body = connection.Response(await connection.SendRequestAsync("GET", "/body"));
        await connection.ReadUntilAsync(() => body.BodyLength == 65535); // the connection's window (RFC 9113 6.9.2)
        Http2Response response = await connection.ReadResponseAsync(await connection.SendRequestAsync("COPY", "/a"));

        Assert.Equal((5, 200), (response.Interim.Count, response.Status));
        Assert.False(body.HasEnded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_does_not_read_makes_senders_leave_out_their_turn(bool https)
    {
        TaskCompletionSource full = new();
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            if (context.Request.Path == "/other")
            {
                await context.Response.Body.WriteAsync(new byte[30_000]); // while a flush waits for the client
                return;
            }

            KeyValuePair<string, string>[] large = [new("X-Large", new string('x', 16_000))];
            int left = 0;
            for (int i = 0; i < 8000 && left == 0; i++)
            {
                using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(100));
                left += await interim!.SendProcessingAsync(large, soon.Token) ? 0 : 1;
            }

            full.SetResult();
            context.Response.StatusCode = left == 1 ? StatusCodes.Status201Created : StatusCodes.Status500InternalServerError;
            await context.Response.Body.WriteAsync(new byte[1000]);
        });
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);

        int stream = await connection.SendRequestAsync("COPY", "/a");
        await full.Task.WaitAsync(RawConnection.Patience);
        int other = await connection.SendRequestAsync("GET", "/other");
        int third = await connection.SendRequestAsync("GET", "/other");
        await Task.Delay(200); // so that Kestrel writes all it has
        Http2Response response = await connection.ReadResponseAsync(stream);

        Assert.NotEmpty(response.Interim);
        Assert.Equal((201, 1000), (response.Status, response.BodyLength));
        Assert.Equal((200, 30_000), ((await connection.ReadResponseAsync(other)).Status, connection.Response(other).BodyLength));
        Assert.Equal((200, 30_000), ((await connection.ReadResponseAsync(third)).Status, connection.Response(third).BodyLength));
        Assert.Equal(200, (await connection.ReadResponseAsync(await connection.SendRequestAsync("GET", "/other"))).Status);
    }

    [Theory]
    [InlineData("X", "a\r\nSet-Cookie: b")]
    [InlineData(":status", "200")]
    [InlineData("Connection", "close")]
    public async Task A_field_that_is_none_is_refused_and_harms_nobody(string name, string value)
    {
        await using ServerFixture server = await InterimServer.StartAsync(https: false, async (_, interim) =>
            await Assert.ThrowsAsync<ArgumentException>(async () => await interim!.SendProcessingAsync([new(name, value)], CancellationToken.None)));
        await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);

        Http2Response response = await connection.ReadResponseAsync(await connection.SendRequestAsync("COPY", "/a"));

        Assert.Empty(response.Interim);
        Assert.Equal(200, response.Status);
    }
}
