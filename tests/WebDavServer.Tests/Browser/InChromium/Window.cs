using System.Text.Json;
using Microsoft.Playwright;

namespace WebDavServer.Tests.Browser.InChromium;

/// <summary>A window of the browser on the page of a server, which takes note of everything that appears on its console.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _axe;
    private readonly List<string> _errors = [];

    public Window(IBrowserContext context, IPage page, string axe)
    {
        (_context, Page, _axe) = (context, page, axe);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"{message.Text} ({message.Location})");
        page.PageError += (_, error) => Note(true, error);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings so far.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors)
            {
                return [.. _errors];
            }
        }
    }

    public ILocator Grid => Page.GetByRole(AriaRole.Grid);

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public ILocator Activity => Page.GetByRole(AriaRole.Complementary, new() { Name = "Activity" });

    /// <summary>The operations in the panel, newest first.</summary>
    public ILocator Operations => Page.GetByRole(AriaRole.Region, new() { Name = "Operations" }).Locator(".tasks > li");

    /// <summary>Opens a folder's page, and waits until it is whole.</summary>
    public async Task GoAsync(string target)
    {
        await Page.GotoAsync(target);

        // Not Playwright's own wait: after its first look it uses eval in the page, which the page's policy forbids.
        for (int i = 0; i < 600 && !await Page.EvaluateAsync<bool>("performance.getEntriesByName('whole').length > 0"); i++)
        {
            await Task.Delay(50);
        }
    }

    /// <summary>The link of a member.</summary>
    public ILocator Link(string name) => Grid.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>A button by its exact words.</summary>
    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public Task SelectAsync(string name) => Grid.GetByLabel($"Select {name}", new() { Exact = true }).ClickAsync();

    /// <summary>The names in the table, in its order.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync() => await Grid.Locator("td.name a").AllInnerTextsAsync();

    /// <summary>Waits until an element is there and can be seen.</summary>
    public static Task SeenAsync(ILocator element) => element.WaitForAsync(new() { State = WaitForSelectorState.Visible });

    public static Task GoneAsync(ILocator element) => element.WaitForAsync(new() { State = WaitForSelectorState.Detached });

    /// <summary>Drops files and folders of this machine onto the page, as a file manager does.</summary>
    public async Task DropAsync(params string[] paths)
    {
        ICDPSession protocol = await _context.NewCDPSessionAsync(Page);
        foreach (string type in (string[])["dragEnter", "dragOver", "drop"])
        {
            await protocol.SendAsync("Input.dispatchDragEvent", new()
            {
                ["type"] = type, ["x"] = 400, ["y"] = 400,
                ["data"] = new { items = Array.Empty<object>(), files = paths, dragOperationsMask = 1 },
            });
        }
    }

    /// <summary>Runs axe-core on the page as it stands: every rule of WCAG 2.2 A and AA, and the best practices.</summary>
    public async Task AssertAccessibleAsync()
    {
        await Page.EvaluateAsync(_axe);
        JsonElement found = (await Page.EvaluateAsync("async () => (await axe.run()).violations.map(v => `${v.id}: ${v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; ')}`)"))!.Value;
        Assert.Empty(found.EnumerateArray().Select(violation => violation.GetString()));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(bool isError, string text)
    {
        if (isError)
        {
            lock (_errors)
            {
                _errors.Add(text);
            }
        }
    }
}
