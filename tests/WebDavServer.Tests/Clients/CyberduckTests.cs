using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Support.MultiStatus;

namespace WebDavServer.Tests.Clients;

/// <summary>Cyberduck, on macOS and Windows.</summary>
/// <remarks>From the log of Cyberduck/4.5.2 in swisspol/GCDWebServer issue 195; the body of 99 bytes is that of its library sardine.</remarks>
public sealed class CyberduckTests
{
    private const string Agent = "Connection: Keep-Alive\nUser-Agent: Cyberduck/4.5.2 (Mac OS X/10.10.4) (x86_64)";

    [Fact]
    public async Task A_server_is_asked_whether_it_is_there_and_what_is_in_it()
    {
        await using Replay cyberduck = await Replay.StartAsync();
        cyberduck.Tree.AddFile("letter.txt", "content");
        cyberduck.Tree.AddDirectory("docs");

        await cyberduck.ExchangeAsync(
            $"""
            HEAD / HTTP/1.1
            {Agent}
            """,
            "200");
        MultiStatus found = MultiStatus.Of(await cyberduck.ExchangeAsync(
            $"""
            PROPFIND / HTTP/1.1
            Depth: 1
            Content-Type: text/xml; charset=utf-8
            Content-Length: 99
            {Agent}

            <?xml version="1.0" encoding="UTF-8" standalone="yes"?><propfind xmlns="DAV:"><allprop/></propfind>
            """,
            """
            207
            Content-Type: application/xml; charset=utf-8
            """));

        Assert.Equal(["/", "/docs/", "/letter.txt"], found.Hrefs.Order(StringComparer.Ordinal));
        Assert.Equal(7, DavForms.Number(found.Text("/letter.txt", Dav + "getcontentlength")));
        DavForms.HttpDate(found.Text("/letter.txt", Dav + "getlastmodified"));
        DavForms.IsoDate(found.Text("/letter.txt", Dav + "creationdate"));
        Assert.True(found.IsCollection("/docs/"));
    }
}
