// Copies SOURCE to DESTINATION (two URLs) and shows how far it is: dotnet run copy-202.cs SOURCE DESTINATION
// No request is a long one, so that the Timeout may be short.
#:property PublishAot=false
using System.Net;
using System.Text.Json;

using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
using var copy = new HttpRequestMessage(new HttpMethod("COPY"), args[0]);
copy.Headers.Add("Destination", args[1]);
copy.Headers.Add("Prefer", "respond-async");
var answer = await client.SendAsync(copy);
if (answer.StatusCode == HttpStatusCode.Accepted)
{
    var page = new Uri(new Uri(args[0]), answer.Headers.Location!);
    while (true)
    {
        using var operation = JsonDocument.Parse(await client.GetStringAsync(page));
        if (operation.RootElement.GetProperty("state").GetString() is not ("running" or "paused"))
        {
            break;
        }

        Console.WriteLine($"{operation.RootElement.GetProperty("progress").GetProperty("items")} done");
        await Task.Delay(TimeSpan.FromSeconds(1));
    }

    answer = await client.GetAsync(page + "/result");
}

Console.WriteLine((int)answer.StatusCode);
