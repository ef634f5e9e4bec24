using Microsoft.AspNetCore.Http;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Interim;

/// <summary>RFC 9110 15.2: interim responses come before the final one, on the same connection, and never to HTTP/1.0.</summary>
public sealed class Http11InterimResponsesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_come_before_the_final_response_and_the_connection_goes_on(bool https)
    {
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            KeyValuePair<string, string>[] fields = [new("Progress", "1/3"), new("Status-URI", "<http://localhost/a%20b> 201")];
            Assert.True(await interim!.SendProcessingAsync(InterimServer.Bare, context.RequestAborted));
            Assert.True(await interim.SendProcessingAsync(fields, context.RequestAborted));
            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.WriteAsync("done");
        });
        await using RawConnection connection = await server.ConnectAsync();

        for (int i = 0; i < 50; i++)
        {
            await connection.SendRequestAsync("COPY", "/a", ["Destination: /b"]);
            (IReadOnlyList<RawResponse> interim, RawResponse final) = await connection.ReadFinalAsync();

            Assert.Equal(["HTTP/1.1 102 Processing", "HTTP/1.1 102 Processing"], interim.Select(response => response.StatusLine));
            Assert.Empty(interim[0].Fields);
            Assert.Equal("1/3", interim[1]["Progress"]);
            Assert.Equal("<http://localhost/a%20b> 201", interim[1]["Status-URI"]);
            Assert.Equal((201, "done"), (final.Status, final.Text));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interim_response_leaves_at_once(bool https)
    {
        TaskCompletionSource seen = new();
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            Assert.True(await interim!.SendProcessingAsync(InterimServer.Bare, context.RequestAborted));
            await seen.Task.WaitAsync(RawConnection.Patience);
        });
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("COPY", "/a");

        Assert.Equal(102, (await connection.ReadAsync()).Status);
        seen.SetResult();
        Assert.Equal(200, (await connection.ReadAsync()).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_is_late_sends_nothing(bool https)
    {
        // Many senders that nobody waits for, while the final response is written: what is sent after its head is a broken response.
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
        await using RawConnection connection = await server.ConnectAsync();

        for (int i = 0; i < 200; i++)
        {
            await connection.SendRequestAsync("COPY", "/a");
            (_, RawResponse final) = await connection.ReadFinalAsync();
            Assert.Equal((200, "final"), (final.Status, final.Text));
        }
    }

    [Fact]
    public async Task A_client_that_does_not_read_makes_senders_leave_out_their_turn()
    {
        await using ServerFixture server = await InterimServer.StartAsync(https: true, async (context, interim) =>
        {
            KeyValuePair<string, string>[] large = [new("X-Large", new string('x', 60_000))];
            int left = 0;
            for (int i = 0; i < 2000 && left == 0; i++)
            {
                using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(100));
                left += await interim!.SendProcessingAsync(large, soon.Token) ? 0 : 1;
            }

            context.Response.StatusCode = left == 1 ? StatusCodes.Status201Created : StatusCodes.Status500InternalServerError;
        });
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("COPY", "/a");
        await Task.Delay(1000);
        (IReadOnlyList<RawResponse> interim, RawResponse final) = await connection.ReadFinalAsync();

        Assert.NotEmpty(interim);
        Assert.Equal(201, final.Status);
    }

    [Fact]
    public async Task Once_the_client_is_gone_nothing_is_sent()
    {
        TaskCompletionSource<bool> sent = new();
        await using ServerFixture server = await InterimServer.StartAsync(https: false, async (context, interim) =>
        {
            TaskCompletionSource gone = new();
            await using (context.RequestAborted.Register(gone.SetResult))
            {
                await interim!.SendProcessingAsync(InterimServer.Bare, CancellationToken.None);
                await gone.Task.WaitAsync(RawConnection.Patience);
            }

            sent.SetResult(await interim.SendProcessingAsync(InterimServer.Bare, CancellationToken.None));
        });
        await using (RawConnection connection = await server.ConnectAsync())
        {
            await connection.SendRequestAsync("COPY", "/a");
            await connection.ReadAsync();
        }

        Assert.False(await sent.Task.WaitAsync(RawConnection.Patience));
    }

    [Fact]
    public async Task HTTP_1_0_has_none()
    {
        bool? has = null;
        await using ServerFixture server = await InterimServer.StartAsync(https: false, (_, interim) =>
        {
            has = interim is not null;
            return Task.CompletedTask;
        });
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendAsync("COPY /a HTTP/1.0\r\n\r\n");

        Assert.Equal(200, (await connection.ReadAsync()).Status);
        Assert.False(has);
    }

    [Theory]
    [InlineData("X", "a\r\nSet-Cookie: b")]
    [InlineData("X\r\n", "a")]
    [InlineData("X", "ü")]
    public async Task A_field_cannot_become_another_line(string name, string value)
    {
        await using ServerFixture server = await InterimServer.StartAsync(https: false, async (_, interim) =>
            await Assert.ThrowsAsync<ArgumentException>(async () => await interim!.SendProcessingAsync([new(name, value)], CancellationToken.None)));
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendRequestAsync("COPY", "/a");

        (IReadOnlyList<RawResponse> interim, RawResponse final) = await connection.ReadFinalAsync();
        Assert.Empty(interim);
        Assert.Equal(200, final.Status);
    }
}
