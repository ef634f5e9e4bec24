using System.Xml.Linq;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Compliance;

/// <summary>RFC 4918 7.3: the empty resource that a LOCK makes behaves in all ways as one that was made by a PUT.</summary>
public sealed class LockedNewFileTests
{
    private const string LockInfo =
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>";

    [Fact]
    public async Task It_can_be_read_described_copied_moved_and_deleted()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        RawResponse locked = await server.AskAsync("LOCK", "/new", body: LockInfo);
        Assert.Equal(201, locked.Status);
        string token = $"If: </new> ({locked["Lock-Token"]})";

        RawResponse content = await server.AskAsync("GET", "/new");
        Assert.Equal((200, "0"), (content.Status, content["Content-Length"]));
        MultiStatus parent = MultiStatus.Of(await server.AskAsync("PROPFIND", "/", ["Depth: 1"]));
        Assert.False(parent.Value("/new", MultiStatus.Dav + "resourcetype").HasElements);
        Assert.True(parent.Value("/new", MultiStatus.Dav + "lockdiscovery").HasElements);
        Assert.True(parent.Value("/new", MultiStatus.Dav + "supportedlock").HasElements);
        Assert.Equal(405, await server.StatusAsync("MKCOL", "/new", [token]));
        Assert.Equal(201, await server.StatusAsync("COPY", "/new", ["Destination: /copy"]));
        Assert.Equal(201, await server.StatusAsync("MOVE", "/new", ["Destination: /moved", token]));
        Assert.Equal(204, await server.StatusAsync("DELETE", "/moved"));
        Assert.Equal(["copy="], server.Tree.List());
    }

    [Fact] // 9.10.1
    public async Task The_answer_of_a_LOCK_tells_the_lock_whether_it_made_a_resource_or_not()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("old");
        foreach ((string target, int status) in new[] { ("/new", 201), ("/old", 200) })
        {
            RawResponse locked = await server.AskAsync("LOCK", target, body: LockInfo);

            Assert.Equal(status, locked.Status);
            XElement prop = XElement.Parse(locked.Text);
            Assert.Equal(MultiStatus.Dav + "prop", prop.Name);
            XElement active = Assert.Single(prop.Elements(MultiStatus.Dav + "lockdiscovery").Elements());
            Assert.Equal(locked["Lock-Token"], $"<{active.Element(MultiStatus.Dav + "locktoken")!.Value}>");
        }
    }
}
