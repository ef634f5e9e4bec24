using Microsoft.Playwright;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Browser.InChromium;

/// <summary>The list on the page: finding one's way in it, with and without scripts, by mouse and by keyboard, in light and dark, on a phone.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class ListInBrowserTests(Chromium chromium)
{
    [Fact]
    public async Task Without_scripts_one_walks_the_tree_and_downloads()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("a b/c#d/file.bin", "content");
        await using Window window = await chromium.OpenAsync(server.Address, new() { JavaScriptEnabled = false });

        await window.Page.GotoAsync("/");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "a b" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "c#d" }).ClickAsync();
        IDownload file = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByRole(AriaRole.Link, new() { Name = "file.bin" }).ClickAsync());
        IDownload zip = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByRole(AriaRole.Link, new() { Name = "Download as zip" }).ClickAsync());

        Assert.Equal("content", await File.ReadAllTextAsync(await file.PathAsync()));
        Assert.Equal("c#d.zip", zip.SuggestedFilename);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Files" }).ClickAsync();
        await Window.SeenAsync(window.Page.GetByRole(AriaRole.Link, new() { Name = "a b" }));
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Where_the_script_does_not_come_the_plain_list_is_shown_when_it_has_been_waited_for()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file.bin", "content");
        await using Window window = await chromium.OpenAsync(server.Address);
        await window.Page.RouteAsync("**/page.js", route => route.AbortAsync());

        await window.Page.GotoAsync("/");
        ILocator link = window.Page.GetByRole(AriaRole.Link, new() { Name = "file.bin" });
        Assert.False(await link.IsVisibleAsync());
        await window.Page.EvaluateAsync("document.getAnimations().forEach(wait => wait.finish())"); // ten seconds later

        await Window.SeenAsync(link);
    }

    [Fact]
    public async Task It_is_sorted_filtered_and_walked_by_keyboard()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("item 10.txt", "xx");
        server.Tree.AddFile("item 9.txt", "xxxx");
        server.Tree.AddFile("Item 1.txt", "x");
        server.Tree.AddFile("sub/inner.txt", "some text");
        await using Window window = await chromium.OpenAsync(server.Address);
        await window.GoAsync("/");
        Assert.Equal(["sub", "Item 1.txt", "item 9.txt", "item 10.txt"], await window.NamesAsync());

        await window.Grid.Locator("th.size button").ClickAsync();
        Assert.Equal(["sub", "Item 1.txt", "item 10.txt", "item 9.txt"], await window.NamesAsync());
        await window.Grid.Locator("th.size button").ClickAsync();
        Assert.Equal(["sub", "item 9.txt", "item 10.txt", "Item 1.txt"], await window.NamesAsync());

        await window.Link("sub").FocusAsync();
        await window.Page.Keyboard.PressAsync("ArrowDown");
        await window.Page.Keyboard.PressAsync("Space");
        await window.Page.Keyboard.PressAsync("Shift+ArrowDown");
        await Window.SeenAsync(window.Page.GetByText("2 selected"));
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.Keyboard.PressAsync("1"); // a letter in the table goes into the filter
        Assert.Equal(["item 10.txt", "Item 1.txt"], await window.NamesAsync());
        await Window.SeenAsync(window.Page.GetByText("2 of 4 items"));
        await window.Page.Keyboard.PressAsync("Escape");

        await window.Page.Keyboard.PressAsync("Home");
        await window.Page.Keyboard.PressAsync("Enter");
        await Window.SeenAsync(window.Link("inner.txt"));
        Assert.EndsWith("/sub/", window.Page.Url, StringComparison.Ordinal);
        await window.Page.Keyboard.PressAsync("Enter");
        await Window.SeenAsync(window.Dialog.GetByText("some text"));
        await window.AssertAccessibleAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.Keyboard.PressAsync("Backspace");
        await Window.SeenAsync(window.Link("sub"));
        await window.Page.GoBackAsync();
        await Window.SeenAsync(window.Link("inner.txt"));
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Only_the_rows_in_sight_are_in_the_document_and_all_can_be_reached()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        for (int i = 0; i < 5000; i++)
        {
            server.Tree.AddFile($"many/file {i}", "");
        }

        await using Window window = await chromium.OpenAsync(server.Address);
        await window.GoAsync("/many/");

        Assert.Equal("5001", await window.Grid.GetAttributeAsync("aria-rowcount"));
        Assert.InRange((await window.NamesAsync()).Count, 10, 100);
        await window.Link("file 0").FocusAsync();
        await window.Page.Keyboard.PressAsync("End");
        await Window.SeenAsync(window.Link("file 4999"));
        Assert.True(await window.Link("file 4999").EvaluateAsync<bool>("link => link === document.activeElement"));
        Assert.InRange((await window.NamesAsync()).Count, 10, 100);
        Assert.Empty(window.Errors);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1100)]
    [InlineData(ColorScheme.Dark, 1100)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task It_has_no_fault_that_axe_finds(ColorScheme scheme, int width)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile("file.txt", "x");
        server.Tree.AddDirectory("folder");
        string body = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";
        Assert.Equal(200, await server.StatusAsync("LOCK", "/file.txt", body: body));
        await using Window window = await chromium.OpenAsync(server.Address, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        await window.GoAsync("/");

        await window.AssertAccessibleAsync();
        await window.SelectAsync("file.txt");
        await window.Button("Activity").ClickAsync();
        await window.AssertAccessibleAsync();
        Assert.Empty(window.Errors);
        Assert.Equal(width, await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }
}
