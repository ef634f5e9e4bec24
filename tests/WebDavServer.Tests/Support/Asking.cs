using System.Xml.Linq;

namespace WebDavServer.Tests.Support;

/// <summary>Requests exactly as they are written, each on a connection of its own.</summary>
internal static class Asking
{
    /// <summary>Sends a request and reads its final response.</summary>
    public static async Task<RawResponse> AskAsync(
        this ServerFixture server, string method, string target, string[]? header = null, string? body = null)
    {
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync(method, target, header, body);
        return (await connection.ReadFinalAsync(toHead: method == "HEAD")).Final;
    }

    /// <summary>Sends a request of which only the status matters.</summary>
    public static async Task<int> StatusAsync(
        this ServerFixture server, string method, string target, string[]? header = null, string? body = null) =>
        (await server.AskAsync(method, target, header, body)).Status;

    /// <summary>Gives a resource a dead property <c>{urn:test}note</c>.</summary>
    public static async Task SetNoteAsync(this ServerFixture server, string target, string text)
    {
        string body = $"<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><note xmlns='urn:test'>{text}</note></D:prop></D:set></D:propertyupdate>";
        Assert.Equal(207, await server.StatusAsync("PROPPATCH", target, body: body));
        Assert.Equal(text, await server.NoteOfAsync(target));
    }

    /// <summary>The dead property <c>{urn:test}note</c> of a resource; null if it has none.</summary>
    public static async Task<string?> NoteOfAsync(this ServerFixture server, string target)
    {
        string body = "<D:propfind xmlns:D='DAV:'><D:prop><note xmlns='urn:test'/></D:prop></D:propfind>";
        MultiStatus found = MultiStatus.Of(await server.AskAsync("PROPFIND", target, ["Depth: 0"], body));
        XName note = XName.Get("note", "urn:test");
        return found.Status(found.Hrefs.Single(), note) == 200 ? found.Value(found.Hrefs.Single(), note).Value : null;
    }

    /// <summary>The precondition that the <c>DAV:error</c> body of a refusal names (RFC 4918 16); null if its body is none.</summary>
    public static string? Condition(this RawResponse response)
    {
        if (response["Content-Type"]?.StartsWith("application/xml", StringComparison.Ordinal) != true)
        {
            return null;
        }

        XElement error = XElement.Parse(response.Text);
        Assert.Equal(MultiStatus.Dav + "error", error.Name);
        XElement condition = Assert.Single(error.Elements());
        Assert.Equal(MultiStatus.Dav, condition.Name.Namespace);
        return condition.Name.LocalName;
    }
}
