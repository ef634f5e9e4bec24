using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Handlers;
using WebDav.Progress;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting.Interim;

/// <summary>A real server whose requests are answered by a test, which is given the way to send interim responses.</summary>
internal static class InterimServer
{
    /// <summary>No fields.</summary>
    public static readonly KeyValuePair<string, string>[] Bare = [];

    /// <summary>Starts the server.</summary>
    public static Task<ServerFixture> StartAsync(
        bool https, Func<HttpContext, IInterimResponse?, Task> handler, IReadOnlyDictionary<string, string?>? settings = null) =>
        ServerFixture.StartAsync(
            settings,
            https,
            endpoints: app => app.Run(context => handler(context, app.ApplicationServices.GetRequiredService<IInterimResponses>().For(context))));

    /// <summary>Sends one, again and again while it is left out because the output is being written or flushed.</summary>
    public static async Task SendAsync(IInterimResponse? interim, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        Assert.NotNull(interim);
        using CancellationTokenSource patience = new(RawConnection.Patience);
        while (!await interim.SendProcessingAsync(fields, patience.Token))
        {
            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>Sends as fast as it can, until it is ended.</summary>
    public static async Task SendOnAsync(IInterimResponse interim, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await interim.SendProcessingAsync(Bare, end);
                await Task.Yield();
            }
        }
        catch (OperationCanceledException)
        {
            // the end
        }
    }
}
