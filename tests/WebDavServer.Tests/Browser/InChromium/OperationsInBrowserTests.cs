using System.Globalization;
using Microsoft.Playwright;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Browser.InChromium;

/// <summary>The panel of operations, in a real browser.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class OperationsInBrowserTests(Chromium chromium)
{
    private const int Files = 5000;

    [Fact]
    public async Task A_copy_of_5000_files_is_paused_resumed_and_watched_to_its_end()
    {
        await using FaultyServer server = await StartAsync();
        Stall stall = server.Store.Stall(StoreCall.StagedCopyFile, path: null, nth: 2001);
        await using Window window = await chromium.OpenAsync(server.Server.Address);
        await window.GoAsync("/");

        await CopyAsync(window);
        await stall.ReachedAsync();
        ILocator copy = window.Operations.Filter(new() { HasText = "Copy tree to /target/tree" });
        await Window.SeenAsync(copy.GetByText("of 5,001 items", new() { Exact = false }));
        await window.AssertAccessibleAsync();
        await copy.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Window.SeenAsync(copy.GetByText("Paused", new() { Exact = false }));
        stall.Release();
        ILocator resume = copy.GetByRole(AriaRole.Button, new() { Name = "Resume" });
        await window.AssertAccessibleAsync();
        string before = await copy.Locator(".state").InnerTextAsync();
        int told = int.Parse(before.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        Assert.InRange(told, 1870, 2010); // What is copied beside the file that stalls is told behind it.
        await resume.ClickAsync();

        await Window.SeenAsync(copy.GetByText("Done · 5,001 of 5,001 items", new() { Exact = false }));
        await window.Link("target").ClickAsync();
        await Window.SeenAsync(window.Link("tree"));
        Assert.Equal(Files, Directory.GetFiles(server.Tree.At("target/tree")).Length);
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task A_copy_that_is_cancelled_leaves_nothing()
    {
        await using FaultyServer server = await StartAsync();
        Stall stall = server.Store.Stall(StoreCall.StagedCopyFile, path: null, nth: 1000);
        await using Window window = await chromium.OpenAsync(server.Server.Address);
        await window.GoAsync("/");

        await CopyAsync(window);
        await stall.ReachedAsync();
        await window.Operations.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Task.Delay(100); // The word is on its way; the copy would end well without it.
        stall.Release();

        await Window.SeenAsync(window.Operations.GetByText("Cancelled", new() { Exact = false }));
        Assert.Empty(Directory.GetFileSystemEntries(server.Tree.At("target")));
    }

    [Fact]
    public async Task It_shows_what_others_have_started_and_a_copy_outlives_the_tab_that_started_it()
    {
        await using FaultyServer server = await StartAsync();
        Stall stall = server.Store.Stall(StoreCall.StagedCopyFile, path: null, nth: 1000);
        await using (Window first = await chromium.OpenAsync(server.Server.Address))
        {
            await first.GoAsync("/");
            await CopyAsync(first);
            await stall.ReachedAsync();
            await Window.SeenAsync(first.Operations.GetByText("of 5,001 items", new() { Exact = false }));
        }

        await using Window second = await chromium.OpenAsync(server.Server.Address);
        await second.GoAsync("/target/");
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Activity" }).ClickAsync();
        await Window.SeenAsync(second.Operations.GetByText("of 5,001 items", new() { Exact = false }));
        stall.Release();
        await Window.SeenAsync(second.Operations.GetByText("Done", new() { Exact = false }));
        await Window.SeenAsync(second.Link("tree")); // The list follows what is done.

        Stall another = server.Store.Stall(StoreCall.Remove, "/target/tree/4999");
        Task<int> deleted = server.Server.StatusAsync("DELETE", "/target/tree"); // as curl would
        await another.ReachedAsync();
        await Window.SeenAsync(second.Operations.Filter(new() { HasText = "Delete tree" }));
        another.Release();
        Assert.Equal(204, await deleted);
        await Window.GoneAsync(second.Link("tree"));
        Assert.Empty(second.Errors);
    }

    private static async Task<FaultyServer> StartAsync()
    {
        TempTree tree = new();
        tree.AddDirectory("target");
        tree.AddDirectory("tree");
        for (int i = 0; i < Files; i++)
        {
            await File.WriteAllTextAsync(tree.At($"tree/{i}"), "x");
        }

        return await FaultyServer.StartAsync(realTime: true, tree: tree);
    }

    private static async Task CopyAsync(Window window)
    {
        await window.SelectAsync("tree");
        await window.Button("Copy…").ClickAsync();
        await window.Dialog.GetByRole(AriaRole.Button, new() { Name = "target" }).ClickAsync();
        await window.Button("Copy here").ClickAsync();
    }
}
