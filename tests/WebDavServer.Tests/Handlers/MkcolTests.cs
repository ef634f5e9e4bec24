using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

public sealed class MkcolTests
{
    [Theory] // RFC 4918 9.3, 5.2
    [InlineData("/new", "new")]
    [InlineData("/new/", "new")]
    [InlineData("/dir/new%20one", "dir/new one")]
    public async Task A_collection_is_made_with_and_without_a_slash(string target, string name)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddDirectory("dir");

        Assert.Equal(201, await server.StatusAsync("MKCOL", target));

        Assert.True(Directory.Exists(server.Tree.At(name)));
        Assert.Equal(405, await server.StatusAsync("MKCOL", target));
    }

    [Theory] // RFC 4918 9.3.1
    [InlineData("/dir", null, 405)]
    [InlineData("/dir/", null, 405)]
    [InlineData("/file", null, 405)]
    [InlineData("/", null, 405)]
    [InlineData("/missing/new", null, 409)]
    [InlineData("/file/new", null, 409)]
    [InlineData("/new", "<mkcol/>", 415)]
    [InlineData("/broken", null, 403)] // a link that leads nowhere is no resource, and stays
    public async Task What_cannot_be_made_changes_nothing(string target, string? body, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/member", "old");
        server.Tree.AddFile("file", "old");
        File.CreateSymbolicLink(server.Tree.At("broken"), "nowhere");
        IReadOnlyList<string> before = server.Tree.List();

        RawResponse response = await server.AskAsync("MKCOL", target, body: body);

        Assert.Equal(status, response.Status);
        Assert.Equal(status == 405, response["Allow"] is not null); // RFC 9110 15.5.6
        Assert.Equal(before, server.Tree.List());
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_keeps_it_from_being_made()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        Assert.Equal(412, await server.StatusAsync("MKCOL", "/new", ["If-Match: *"]));

        Assert.Empty(server.Tree.List());
    }

    [Fact]
    public async Task Only_one_of_many_at_once_makes_it()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.StatusAsync("MKCOL", "/new")));

        Assert.Equal([201, .. Enumerable.Repeat(405, 7)], statuses.Order());
    }

    [Fact]
    public async Task It_does_not_inherit_the_properties_of_another_that_had_its_name()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddDirectory("dir");
        await server.SetNoteAsync("/dir", "mine");
        Directory.Delete(server.Tree.At("dir")); // behind the server's back

        Assert.Equal(201, await server.StatusAsync("MKCOL", "/dir"));

        Assert.Null(await server.NoteOfAsync("/dir"));
    }
}
