using System.Text.Json;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>The page <c>/.webdav/operations/events</c>: what happens to all operations of a user, as server-sent events.</summary>
public sealed class ListEventsTests
{
    private const string Events = OperationServer.List + "/events";

    [Fact]
    public async Task Whoever_listens_hears_of_operations_that_begin_later_up_to_their_end()
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        using HttpResponseMessage response = await OpenAsync(server);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());
        Stall stall = server.StallAt("COPY");
        Task<RawResponse> copy = server.AskAsync("COPY");
        await stall.ReachedAsync();

        (string name, JsonElement first) = await NextAsync(reader);
        stall.Release();
        (string Name, JsonElement Data) last;
        do
        {
            last = await NextAsync(reader);
        }
        while (last.Name != "done");

        Assert.Equal(201, (await copy).Status);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(("progress", "running", "/a", "/b"), (name, Text(first, "state"), Text(first, "source"), Text(first, "destination")));
        Assert.Equal((Text(first, "id"), "succeeded"), (Text(last.Data, "id"), Text(last.Data, "state")));
    }

    [Fact]
    public async Task What_is_at_work_already_is_told_first_and_only_to_its_user_and_the_administrator()
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        Stall stall = server.StallAt("COPY");
        Task<RawResponse> copy = server.AskAsync("COPY", "Test-User: anna");
        await stall.ReachedAsync();
        using HttpResponseMessage anna = await OpenAsync(server, "anna");
        using HttpResponseMessage root = await OpenAsync(server, "root");
        using HttpResponseMessage ben = await OpenAsync(server, "ben");
        using StreamReader annas = new(await anna.Content.ReadAsStreamAsync());
        using StreamReader roots = new(await root.Content.ReadAsStreamAsync());
        using StreamReader bens = new(await ben.Content.ReadAsStreamAsync());

        Assert.Equal("anna", Text((await NextAsync(annas)).Data, "user"));
        Assert.Equal("anna", Text((await NextAsync(roots)).Data, "user"));
        Task<RawResponse> own = server.AskAsync("DELETE", "Test-User: ben", "Depth: infinity"); // waits for the copy, and is not its own
        Task<(string, JsonElement Data)> bensFirst = NextAsync(bens);
        stall.Release();

        Assert.Equal(201, (await copy).Status);
        Assert.Equal(204, (await own).Status);
        Assert.Equal("ben", Text((await bensFirst).Data, "user"));
    }

    [Fact]
    public async Task It_ends_in_order_when_the_server_ends()
    {
        await using OperationServer server = await OperationServer.StartAsync(realTime: true);
        using HttpResponseMessage response = await OpenAsync(server);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": these follow", await reader.ReadLineAsync().WaitAsync(RawConnection.Patience));

        Task stop = server.Server.StopAsync();

        Assert.Equal("", await reader.ReadToEndAsync().WaitAsync(RawConnection.Patience) is { } rest ? rest.Trim() : null);
        await stop;
    }

    private static async Task<HttpResponseMessage> OpenAsync(OperationServer server, string? user = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Events);
        if (user is not null)
        {
            request.Headers.Add("Test-User", user);
        }

        return await server.Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<(string Name, JsonElement Data)> NextAsync(StreamReader reader)
    {
        string name = "";
        while (await reader.ReadLineAsync().WaitAsync(RawConnection.Patience) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (name, JsonDocument.Parse(line[6..]).RootElement);
            }
        }

        throw new InvalidOperationException("the events ended");
    }

    private static string? Text(JsonElement data, string name) => data.GetProperty(name).GetString();
}
