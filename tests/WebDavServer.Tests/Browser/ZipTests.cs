using System.IO.Compression;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Browser;

/// <summary>A collection as a zip: <c>GET …/?zip</c>.</summary>
public sealed class ZipTests
{
    [Fact]
    public async Task It_holds_the_tree_below_the_folders_name()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        string file = server.Tree.AddFile("outer/größe/a.txt", "content");
        server.Tree.AddFile("outer/größe/deep/er/empty", "");
        server.Tree.AddFile("outer/größe/long", new string('y', 700_000));
        server.Tree.AddDirectory("outer/größe/nothing");
        server.Tree.AddFile("outer/beside", "x");
        File.SetLastWriteTime(file, new DateTime(2024, 5, 6, 7, 8, 10, DateTimeKind.Local));

        RawResponse response = await server.AskAsync("GET", "/outer/gr%C3%B6%C3%9Fe/?zip");

        Assert.Equal((200, "application/zip", "nosniff"), (response.Status, response["Content-Type"], response["X-Content-Type-Options"]));
        Assert.Contains("filename*=UTF-8''gr%C3%B6%C3%9Fe.zip", response["Content-Disposition"], StringComparison.Ordinal); // RFC 8187
        using ZipArchive zip = Open(response);
        Assert.Equal(
            ["größe/", "größe/a.txt", "größe/deep/", "größe/deep/er/", "größe/deep/er/empty", "größe/long", "größe/nothing/"],
            zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        Assert.Equal(new DateTime(2024, 5, 6, 7, 8, 10), zip.GetEntry("größe/a.txt")!.LastWriteTime.DateTime);
        Assert.Equal("content", Read(zip, "größe/a.txt"));
        Assert.Equal("", Read(zip, "größe/deep/er/empty"));
        Assert.Equal(new string('y', 700_000), Read(zip, "größe/long"));
    }

    [Fact]
    public async Task The_root_is_called_files_and_has_no_folder_around_it()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("a/b", "x");

        RawResponse response = await server.AskAsync("GET", "/?zip");

        Assert.Contains("filename=files.zip", response["Content-Disposition"], StringComparison.Ordinal);
        using ZipArchive zip = Open(response);
        Assert.Equal(["a/", "a/b"], zip.Entries.Select(entry => entry.FullName));
    }

    [Fact]
    public async Task HEAD_tells_the_same_and_sends_nothing()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/a", "x");

        RawResponse head = await server.AskAsync("HEAD", "/dir/?zip");

        RawResponse get = await server.AskAsync("GET", "/dir/?zip");
        Assert.Empty(head.Body);
        Assert.Equal((get.Status, get["Content-Type"], get["Content-Disposition"]), (head.Status, head["Content-Type"], head["Content-Disposition"]));
    }

    [Theory]
    [InlineData("/dir/?zip=1", "text/html; charset=utf-8")]
    [InlineData("/dir/?other", "text/html; charset=utf-8")]
    [InlineData("/dir/a.txt?zip", "text/plain")]
    public async Task Nothing_else_is_a_zip(string target, string type)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/a.txt", "x");

        Assert.Equal(type, (await server.AskAsync("GET", target))["Content-Type"]);
    }

    [Fact]
    public async Task What_the_user_may_not_read_is_not_in_it()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(
            TestUsers.Settings("anna").Rule("/dir/secret", "anna", "None").Rule("/dir/sub/hidden.txt", "anna", "None"));
        server.Tree.AddFile("dir/secret/a", "x");
        server.Tree.AddFile("dir/sub/hidden.txt", "x");
        server.Tree.AddFile("dir/sub/seen.txt", "x");

        using ZipArchive zip = Open(await server.AskAsync("GET", "/dir/?zip", [TestUsers.Basic("anna")]));

        Assert.Equal(["dir/", "dir/sub/", "dir/sub/seen.txt"], zip.Entries.Select(entry => entry.FullName));
    }

    [Fact]
    public async Task A_link_that_leads_back_ends_there()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("dir/a", "x");
        Directory.CreateSymbolicLink(server.Tree.At("dir/loop"), server.Tree.At("dir"));

        using ZipArchive zip = Open(await server.AskAsync("GET", "/dir/?zip"));

        Assert.Equal(["dir/", "dir/a", "dir/loop/"], zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(StoreCall.Open, "/dir/z/last")]
    [InlineData(StoreCall.List, "/dir/z")]
    public async Task A_member_that_cannot_be_read_leaves_no_zip_that_looks_whole(StoreCall call, string path)
    {
        await using FaultyServer server = await FaultyServer.StartAsync(realTime: true);
        Directory.CreateDirectory(server.Tree.At("dir/z"));
        File.WriteAllBytes(server.Tree.At("dir/first"), Random(600_000)); // more than is held back before the response starts
        server.Tree.AddFile("dir/z/last", "x");
        Stall ready = server.Store.Stall(call, path);
        server.Store.Fail(call, path, StoreFault.Denied);
        using HttpResponseMessage response = await server.Server.Client.GetAsync("/dir/?zip", HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        using MemoryStream got = new();
        byte[] buffer = new byte[64 * 1024];
        int first = await body.ReadAsync(buffer);
        got.Write(buffer, 0, first);

        ready.Release();

        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(got));
        Assert.Throws<InvalidDataException>(() => new ZipArchive(got));
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static ZipArchive Open(RawResponse response) => new(new MemoryStream(response.Body));

    private static string Read(ZipArchive zip, string name)
    {
        using StreamReader reader = new(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
