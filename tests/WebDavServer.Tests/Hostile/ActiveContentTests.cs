using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hostile;

/// <summary>Files of users are shown by browsers, but never as a part of the server's own pages.</summary>
public sealed class ActiveContentTests
{
    [Theory]
    [InlineData("page.html", "sandbox")]
    [InlineData("page.HTM", "sandbox")]
    [InlineData("page.xhtml", "sandbox")]
    [InlineData("picture.svg", "sandbox")]
    [InlineData("data.xml", "sandbox")]
    [InlineData("style.xsl", "sandbox")]
    [InlineData("feed.atom", "sandbox")]
    [InlineData("page.mht", "sandbox")]
    [InlineData("mail.eml", "sandbox")]
    [InlineData("part.htc", "sandbox")]
    [InlineData("letter.pdf", null)] // a sandbox shows no PDF, and the scripts of one do not reach the page's origin
    [InlineData("letter.docx", null)]
    [InlineData("notes.txt", null)]
    [InlineData("script.js", null)] // shown as text
    [InlineData("picture.png", null)]
    [InlineData("file.unknown", null)]
    [InlineData("file", null)]
    public async Task A_file_that_may_hold_scripts_is_shown_without_them(string name, string? policy)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddFile(name, "<script>alert(document.domain)</script>");

        foreach (RawResponse answer in new[]
        {
            await server.AskAsync("GET", "/" + name),
            await server.AskAsync("HEAD", "/" + name),
            await server.AskAsync("GET", "/" + name, ["Range: bytes=0-5"]),
        })
        {
            Assert.Equal((policy, "nosniff"), (answer["Content-Security-Policy"], answer["X-Content-Type-Options"]));
            Assert.Null(answer["Content-Disposition"]); // it is shown all the same
        }
    }

    [Fact]
    public async Task A_refusal_is_never_taken_for_a_page()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();

        RawResponse refused = await server.AskAsync("GET", "/%3Cscript%3E%2F");

        Assert.Equal((400, "text/plain; charset=utf-8", "nosniff"), (refused.Status, refused["Content-Type"], refused["X-Content-Type-Options"]));
    }
}
