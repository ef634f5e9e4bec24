// Copies SOURCE to DESTINATION (two URLs): dotnet run copy-102.cs SOURCE DESTINATION
// HttpClient reads past the 102s, which keep the proxies on the way awake; its Timeout goes on, so there is none.
#:property PublishAot=false
using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
using var copy = new HttpRequestMessage(new HttpMethod("COPY"), args[0]);
copy.Headers.Add("Destination", args[1]);
copy.Headers.Add("Prefer", "processing");
using var answer = await client.SendAsync(copy);
Console.WriteLine((int)answer.StatusCode);
