using System.IO.Compression;
using Microsoft.Playwright;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Browser.InChromium;

/// <summary>What people do with files on the page, in a real browser.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class FilesInBrowserTests(Chromium chromium)
{
    [Fact]
    public async Task A_folder_that_is_dropped_is_uploaded_and_comes_back_in_the_zip()
    {
        using TempTree local = new();
        local.AddFile("trip/one.txt", "first");
        local.AddFile("trip/day 2/two & more #.txt", "second");
        local.AddDirectory("trip/empty");
        for (int i = 0; i < 120; i++) // more than a browser reads at once
        {
            local.AddFile($"trip/many/{i}.txt", $"{i}");
        }

        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddDirectory("inbox");
        await using Window window = await chromium.OpenAsync(server.Address);
        await window.GoAsync("/inbox/");

        await window.DropAsync(local.At("trip"));
        await Window.SeenAsync(window.Activity.GetByText("126 items uploaded", new() { Exact = false }));
        await Window.SeenAsync(window.Link("trip"));

        Assert.Equal(local.List("trip"), server.Tree.List("inbox/trip"));
        Assert.Equal(File.GetLastWriteTimeUtc(local.At("trip/one.txt")), File.GetLastWriteTimeUtc(server.Tree.At("inbox/trip/one.txt")), TimeSpan.FromSeconds(1));
        await window.AssertAccessibleAsync();

        IDownload download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByRole(AriaRole.Link, new() { Name = "Download as zip" }).ClickAsync());
        Assert.Equal("inbox.zip", download.SuggestedFilename);
        ZipFile.ExtractToDirectory(await download.PathAsync(), local.At("unpacked"));
        Assert.Equal(local.List("trip"), local.List("unpacked/inbox/trip"));
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_asked_about_and_a_failed_upload_can_be_tried_again()
    {
        using TempTree local = new();
        string[] files = [local.AddFile("a.txt", "new a"), local.AddFile("b.txt", "new b"), local.AddFile("c.txt", "new c"), local.AddFile("d.txt", "new d")];
        await using FaultyServer server = await FaultyServer.StartAsync(realTime: true);
        server.Tree.AddFile("a.txt", "old a");
        server.Tree.AddFile("b.txt", "old b");
        server.Tree.AddFile("c.txt", "old c");
        server.Store.Fail(StoreCall.UploadWrite, "/d.txt", StoreFault.NoSpace, times: 1);
        await using Window window = await chromium.OpenAsync(server.Server.Address);
        await window.GoAsync("/");

        await window.Page.GetByLabel("Files to upload").SetInputFilesAsync(files);
        await Window.SeenAsync(window.Dialog.GetByText("“a.txt” is there already."));
        await window.AssertAccessibleAsync();
        await window.Button("Replace").ClickAsync();
        await Window.SeenAsync(window.Dialog.GetByText("“b.txt” is there already."));
        await window.Button("Keep both").ClickAsync();
        await Window.SeenAsync(window.Dialog.GetByText("“c.txt” is there already."));
        await window.Button("Skip").ClickAsync();
        await Window.SeenAsync(window.Activity.GetByText("There is no room left on the server for “d.txt”."));
        await window.Button("Try d.txt again").ClickAsync();
        await Window.SeenAsync(window.Link("d.txt"));

        Assert.Equal(["a.txt=new a", "b (2).txt=new b", "b.txt=old b", "c.txt=old c", "d.txt=new d"], server.Tree.List());
        Assert.All(window.Errors, error => Assert.Contains("507", error, StringComparison.Ordinal)); // the browser's own word for a refusal
    }

    [Fact]
    public async Task An_upload_shows_its_progress_and_can_be_cancelled()
    {
        using TempTree local = new();
        string file = local.At("large.bin");
        await File.WriteAllBytesAsync(file, new byte[40_000_000]);
        await using FaultyServer server = await FaultyServer.StartAsync(realTime: true);
        Stall stall = server.Store.Stall(StoreCall.UploadWrite, "/large.bin", nth: 3);
        await using Window window = await chromium.OpenAsync(server.Server.Address);
        await window.GoAsync("/");

        await window.Page.GetByLabel("Files to upload").SetInputFilesAsync(file);
        await stall.ReachedAsync();
        await Window.SeenAsync(window.Activity.GetByText("of 40.0 MB").First);
        await Window.SeenAsync(window.Page.GetByRole(AriaRole.Progressbar, new() { Name = "Upload of large.bin" }));
        await window.Button("Cancel large.bin").ClickAsync();
        await Window.SeenAsync(window.Activity.GetByText("Cancelled."));
        stall.Release();

        await server.Server.Log.WaitForRequestsAsync(1);
        Assert.Empty(server.Tree.List());
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Folders_are_made_and_members_renamed_copied_moved_and_deleted()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("a.txt", "a");
        server.Tree.AddFile("b.txt", "b");
        server.Tree.AddFile("old/c.txt", "c");
        await using Window window = await chromium.OpenAsync(server.Address);
        await window.GoAsync("/");

        await window.Button("New folder").ClickAsync();
        await window.Dialog.GetByLabel("Name").FillAsync("Ordner & Übung #1");
        await window.AssertAccessibleAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Window.SeenAsync(window.Link("Ordner & Übung #1"));

        await window.SelectAsync("a.txt");
        await window.Page.Keyboard.PressAsync("F2");
        ILocator name = window.Dialog.GetByLabel("New name");
        await name.FillAsync("b.txt");
        await window.Button("Rename").ClickAsync();
        await Window.SeenAsync(window.Dialog.GetByText("“b.txt” is there already."));
        Assert.Equal("b.txt", await name.InputValueAsync()); // what was typed stays
        await name.FillAsync("100% a.txt");
        await window.Button("Rename").ClickAsync();
        await Window.SeenAsync(window.Link("100% a.txt"));

        await window.SelectAsync("100% a.txt");
        await window.SelectAsync("old");
        await window.Button("Copy…").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Ordner & Übung #1" }).ClickAsync();
        await Window.SeenAsync(window.Dialog.GetByText("No folders in here"));
        await window.AssertAccessibleAsync();
        await window.Button("Copy here").ClickAsync();
        await Window.SeenAsync(window.Page.GetByText("2 items copied."));

        await window.Button("Clear selection").ClickAsync();
        await window.SelectAsync("b.txt");
        await window.Button("Move…").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "old" }).ClickAsync();
        await window.Button("Move here").ClickAsync();
        await Window.GoneAsync(window.Link("b.txt"));

        await window.SelectAsync("100% a.txt");
        await window.Page.Keyboard.PressAsync("Delete");
        await Window.SeenAsync(window.Dialog.GetByText("There is no way back."));
        await window.AssertAccessibleAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Window.GoneAsync(window.Link("100% a.txt"));

        Assert.Equal(
            ["Ordner & Übung #1/", "Ordner & Übung #1/100% a.txt=a", "Ordner & Übung #1/old/", "Ordner & Übung #1/old/c.txt=c", "old/", "old/b.txt=b", "old/c.txt=c"],
            server.Tree.List());
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task What_goes_wrong_is_said_plainly_and_what_was_typed_stays()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(TestUsers.Settings("anna", "ben").Rule("/closed", "ben", "ReadOnly"));
        server.Tree.AddFile("letter.txt", "x");
        server.Tree.AddFile("closed/file", "x");
        string body = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";
        Assert.Equal(200, await server.StatusAsync("LOCK", "/letter.txt", [TestUsers.Basic("anna")], body));
        await using Window window = await chromium.OpenAsync(
            server.Address, new() { HttpCredentials = new() { Username = "ben", Password = TestUsers.Password("ben") } });
        await window.GoAsync("/");

        await window.SelectAsync("letter.txt");
        await window.Page.Keyboard.PressAsync("F2");
        await window.Dialog.GetByLabel("New name").FillAsync("mine.txt");
        await window.Button("Rename").ClickAsync();
        await Window.SeenAsync(window.Dialog.GetByText("“letter.txt” is locked by anna, since", new() { Exact = false }));
        await window.Page.Context.SetOfflineAsync(true);
        await window.Button("Rename").ClickAsync();
        await Window.SeenAsync(window.Dialog.GetByText("The server cannot be reached. Check the connection and try again."));
        await window.Page.Context.SetOfflineAsync(false);
        Assert.Equal("mine.txt", await window.Dialog.GetByLabel("New name").InputValueAsync());
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await window.Link("closed").ClickAsync();
        await Window.SeenAsync(window.Page.GetByText("You may not change anything in this folder."));
        Assert.False(await window.Button("Upload files").IsVisibleAsync());
        Assert.All(window.Errors, error => Assert.Matches("423|ERR_INTERNET_DISCONNECTED", error));
    }

    [Fact]
    public async Task Ones_own_lock_can_be_taken_off()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(TestUsers.Settings("anna"));
        server.Tree.AddFile("letter.txt", "x");
        string body = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";
        Assert.Equal(200, await server.StatusAsync("LOCK", "/letter.txt", [TestUsers.Basic("anna")], body));
        await using Window window = await chromium.OpenAsync(
            server.Address, new() { HttpCredentials = new() { Username = "anna", Password = TestUsers.Password("anna") } });
        await window.GoAsync("/");

        ILocator mark = window.Grid.GetByRole(AriaRole.Button, new() { Name = "letter.txt is locked by you (anna), since" });
        await mark.ClickAsync();
        await window.AssertAccessibleAsync();
        await window.Button("Unlock").ClickAsync();
        await Window.GoneAsync(mark);

        Assert.Equal(204, await server.StatusAsync("DELETE", "/letter.txt", [TestUsers.Basic("anna")]));
        Assert.Empty(window.Errors);
    }
}
