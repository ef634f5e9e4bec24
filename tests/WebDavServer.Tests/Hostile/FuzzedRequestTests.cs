using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using WebDavServer.Tests.Protocol;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hostile;

/// <summary>
/// XML bodies and If headers that are damaged, mixed and repeated, through the whole server: it neither fails nor hangs nor grows. What
/// they are made of lies in <c>Seeds</c>; what has once found a fault is added there.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class FuzzedRequestTests
{
    private const int Connections = 4;
    private const int Cases = 50_000;
    private const int WarmUp = 5_000;
    private const long MostGrowth = 16 * 1024 * 1024;

    private static readonly string[] Bodies = [.. Directory.GetFiles(Seeds(), "*.xml").Order(StringComparer.Ordinal).Select(File.ReadAllText)];
    private static readonly string[] Conditions = File.ReadAllLines(Path.Combine(Seeds(), "if.txt"));

    private static readonly string[] Words =
        [" ", "(", ")", "<", ">", "[", "]", "\"", "\\", "Not", "W/", "\"e\"", "<urn:a:b>", "<DAV:no-lock>", "</file>", "<http://localhost/>", "(<urn:a>)", "*", "\t", "ä"];

    [Fact]
    public async Task Fuzzed_bodies_and_If_headers_neither_break_nor_hang_nor_fill_the_server()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");
        server.Tree.AddFile("locked", "content");
        Assert.Equal(200, await server.StatusAsync("LOCK", "/locked", ["Depth: 0"], Bodies.Single(body => body.StartsWith("<D:lockinfo", StringComparison.Ordinal))));
        Dictionary<int, int> statuses = [];

        await SendAsync(server, seed: 1, WarmUp, statuses);
        server.Log.Clear();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        statuses.Clear();
        await SendAsync(server, seed: 2, Cases, statuses);
        server.Log.Clear();
        long after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.Equal(Cases, statuses.Values.Sum());
        Assert.DoesNotContain(statuses.Keys, status => status >= 500);
        foreach (int understood in new[] { 200, 207, 400, 412, 423 })
        {
            Assert.True(statuses.GetValueOrDefault(understood) > 25, $"{understood} came {statuses.GetValueOrDefault(understood)} times"); // all paths were taken
        }

        Assert.True(after - before < MostGrowth, $"from {before} to {after} bytes");
        Assert.Equal("content", (await server.AskAsync("GET", "/file")).Text);
    }

    [Theory]
    [InlineData("billion-laughs.xml")]
    [InlineData("quadratic.xml")]
    [InlineData("external-entity.xml")]
    [InlineData("external-subset.xml")]
    [InlineData("parameter-entity.xml")]
    public async Task A_document_type_is_refused_and_opens_nothing(string seed)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file", "content");
        Shell.Run(server.Tree.Root, "mkfifo pipe"); // whoever opens it does not come back
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string[] urls = [$"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/entity", $"file://{server.Tree.At("pipe")}", server.Tree.At("pipe")];

        foreach (string url in urls)
        {
            string body = (await File.ReadAllTextAsync(Path.Combine(Seeds(), seed))).Replace("URL", url, StringComparison.Ordinal);
            foreach (string method in new[] { "PROPFIND", "PROPPATCH", "LOCK" })
            {
                RawResponse refused = await server.AskAsync(method, "/file", ["Depth: 0", "Content-Type: application/xml"], body);
                Assert.Equal((400, "no-external-entities"), (refused.Status, refused.Condition()));
            }

            Assert.Equal(400, await server.StatusAsync("MKCOL", "/new", ["Content-Type: application/xml"], body));
        }

        Assert.False(listener.Pending());
        Assert.False(server.Tree.Has("new"));
    }

    private static async Task SendAsync(ServerFixture server, int seed, int cases, Dictionary<int, int> statuses) =>
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(part => Task.Run(async () =>
        {
            Random random = new((seed * 1000) + part); // the same each time
            await using KeptConnection connection = new(server);
            for (int i = 0; i < cases / Connections; i++)
            {
                (string head, byte[] body) = random.Next(2) == 0 ? OfIf(random) : OfXml(random, $"{seed}-{part}-{i}");
                RawResponse? answer = await connection.AskAsync(head, body);
                Assert.True(answer is null or { Status: < 500 }, $"{head}\n\n{Encoding.UTF8.GetString(body)}\n\n{answer?.StatusLine}");
                lock (statuses)
                {
                    statuses[answer?.Status ?? 0] = statuses.GetValueOrDefault(answer?.Status ?? 0) + 1;
                }
            }
        })));

    private static (string Head, byte[] Body) OfIf(Random random)
    {
        string text = random.Next(3) switch
        {
            0 => RandomText.Of(random, Words),
            1 => RandomText.Damaged(random, Conditions[random.Next(Conditions.Length)]),
            _ => string.Concat(Enumerable.Repeat(Conditions[random.Next(Conditions.Length)], random.Next(1, 40))),
        };
        string field = string.Concat(text.Where(c => !char.IsControl(c) || c == '\t')); // what else would be refused as no header at all
        string target = random.Next(4) == 0 ? "/locked" : "/file";
        return random.Next(3) == 0
            ? ($"PROPPATCH {target} HTTP/1.1\r\nHost: localhost\r\nIf: {field}\r\nContent-Length: 0", [])
            : ($"GET {target} HTTP/1.1\r\nHost: localhost\r\nIf: {field}", []);
    }

    private static (string Head, byte[] Body) OfXml(Random random, string name)
    {
        string text = Bodies[random.Next(Bodies.Length)];
        string other = Bodies[random.Next(Bodies.Length)];
        text = random.Next(8) switch
        {
            0 => text[..random.Next(text.Length)] + other[random.Next(other.Length)..],
            1 => string.Concat(Enumerable.Repeat(text[..random.Next(text.Length)], random.Next(1, 30))),
            2 => Repeated(random, text),
            _ => text,
        };
        byte[] body = Coding(random).GetBytes(random.Next(4) == 0 ? text : RandomText.Damaged(random, text + " "));
        string request = random.Next(5) switch
        {
            0 => "PROPFIND /file HTTP/1.1\r\nDepth: 0",
            1 => "PROPFIND / HTTP/1.1\r\nDepth: 0",
            2 => "PROPPATCH /file HTTP/1.1",
            3 => "LOCK /locked HTTP/1.1\r\nDepth: 0",
            _ => $"MKCOL /none/{name} HTTP/1.1",
        };
        return ($"{request}\r\nHost: localhost\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}", body);
    }

    private static string Repeated(Random random, string text)
    {
        int from = random.Next(text.Length);
        int to = random.Next(from, text.Length);
        return text[..to] + string.Concat(Enumerable.Repeat(text[from..to], random.Next(100))) + text[to..];
    }

    private static Encoding Coding(Random random) => random.Next(12) switch
    {
        0 => Encoding.Latin1,
        1 => Encoding.Unicode,
        2 => Encoding.BigEndianUnicode,
        _ => Encoding.UTF8,
    };

    private static string Seeds([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Seeds");
}
