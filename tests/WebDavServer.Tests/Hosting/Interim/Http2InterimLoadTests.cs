using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using WebDav.Progress;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Interim;

/// <summary>Many streams on few connections: every interim response stands on its own stream, and none breaks what is around it.</summary>
public sealed class Http2InterimLoadTests(ITestOutputHelper output)
{
    private const int Connections = 4;
    private const int Requests = 500; // on each connection
    private const int AtOnce = 100;
    private const int Interim = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_stream_gets_its_own_interim_responses_and_one_final(bool https)
    {
        int leftOut = 0;
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            Interlocked.Add(ref leftOut, await SendTaggedAsync(context, interim!));
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers["X-Of"] = context.Request.Path.Value;
            context.Response.Headers["X-Same"] = "what the dynamic table is for";
            await context.Response.WriteAsync("done");
        });

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async number =>
        {
            await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);
            await RunAsync(connection, Requests, AtOnce, i => $"/{number}/{i}", response => Assert.Equal((201, 4), (response.Status, response.BodyLength)));
            Assert.True(connection.Hpack.FromDynamic > Requests / 2);
        }));

        output.WriteLine($"{leftOut} left out of {(Connections * Requests * Interim) + leftOut}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_stand_between_large_bodies_and_never_inside_a_field_block(bool https)
    {
        int leftOut = 0;
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            Interlocked.Add(ref leftOut, await SendTaggedAsync(context, interim!));
            context.Response.Headers["X-Of"] = context.Request.Path.Value;
            for (int i = 0; i < 10; i++)
            {
                context.Response.Headers[$"X-Long-{i}"] = new string((char)('a' + i), 5000); // four frames of header
            }

            for (int i = 0; i < 20; i++)
            {
                await context.Response.Body.WriteAsync(new byte[20_000]);
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 2).Select(async number =>
        {
            await using Http2RawConnection connection = await Http2RawConnection.OpenAsync(server.Address);
            await RunAsync(connection, requests: 100, atOnce: 30, i => $"/{number}/{i}", response =>
            {
                Assert.Equal((200, 400_000), (response.Status, response.BodyLength));
                Assert.Equal(new string('j', 5000), response["x-long-9"]);
            });
            Assert.Equal(100, connection.LongFieldBlocks);
        }));

        output.WriteLine($"{leftOut} left out of {(2 * 100 * Interim) + leftOut}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_client_of_NET_reads_past_them(bool https)
    {
        await using ServerFixture server = await InterimServer.StartAsync(https, async (context, interim) =>
        {
            await SendTaggedAsync(context, interim!);
            context.Response.Headers["X-Of"] = context.Request.Path.Value;
            await context.Response.WriteAsync(context.Request.Path.Value!);
        });

        await Parallel.ForAsync(0, 500, new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (i, _) =>
        {
            using HttpRequestMessage request = new(new("COPY"), $"/{i}") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using HttpResponseMessage response = await server.Client.SendAsync(request, CancellationToken.None);

            Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (response.StatusCode, response.Version));
            Assert.Equal($"/{i}", response.Headers.GetValues("X-Of").Single());
            Assert.Equal($"/{i}", await response.Content.ReadAsStringAsync(CancellationToken.None));
        });
    }

    /// <summary>Sends interim responses that say whose they are, 1 to 2 ms apart; returns how many had to be sent again.</summary>
    private static async Task<int> SendTaggedAsync(HttpContext context, IInterimResponse interim)
    {
        int leftOut = 0;
        for (int sent = 0; sent < Interim;)
        {
            KeyValuePair<string, string>[] tag = [new("X-Of", context.Request.Path.Value!), new("X-Number", sent.ToString(CultureInfo.InvariantCulture))];
            bool left = await interim.SendProcessingAsync(tag, context.RequestAborted);
            sent += left ? 1 : 0;
            leftOut += left ? 0 : 1;
            await Task.Delay(Random.Shared.Next(1, 3), context.RequestAborted);
        }

        return leftOut;
    }

    private static async Task RunAsync(Http2RawConnection connection, int requests, int atOnce, Func<int, string> path, Action<Http2Response> check)
    {
        List<(int Stream, string Path)> running = [];
        for (int sent = 0, done = 0; done < requests;)
        {
            while (sent < requests && running.Count < atOnce)
            {
                running.Add((await connection.SendRequestAsync("COPY", path(sent)), path(sent)));
                sent++;
            }

            await connection.ReadUntilAsync(() => running.Any(request => connection.Response(request.Stream).HasEnded));
            foreach ((int stream, string of) in running.Where(request => connection.Response(request.Stream).HasEnded))
            {
                Http2Response response = connection.Response(stream);
                Assert.Equal(of, response["x-of"]);
                Assert.Equal(
                    Enumerable.Range(0, Interim).Select(i => $"102 {of} {i}"),
                    response.Interim.Select(fields => $"{fields[0].Value} {Http2Response.Value(fields, "x-of")} {Http2Response.Value(fields, "x-number")}"));
                check(response);
                done++;
            }

            running.RemoveAll(request => connection.Response(request.Stream).HasEnded);
        }
    }
}
