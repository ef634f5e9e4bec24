using System.Xml.Linq;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Handlers;

/// <summary>Requests on connections of their own, and what their answers say of properties.</summary>
internal static class Requests
{
    /// <summary>The namespace of RFC 4918.</summary>
    public static readonly XNamespace Dav = "DAV:";

    /// <summary>The namespace of the properties that Windows sets.</summary>
    public static readonly XNamespace Win32 = "urn:schemas-microsoft-com:";

    /// <summary>Sends a request and reads its final response.</summary>
    public static async Task<RawResponse> RequestAsync(
        this ServerFixture server, string method, string target, string? body = null, params string[] header)
    {
        await using RawConnection connection = await server.ConnectAsync();
        await connection.SendRequestAsync(method, target, header, body);
        return (await connection.ReadFinalAsync(toHead: method == "HEAD")).Final;
    }

    /// <summary>The names of what is at the top of the directory served.</summary>
    public static IReadOnlyList<string> Members(this ServerFixture server) =>
        [.. Directory.GetFileSystemEntries(server.Tree.Root).Select(path => Path.GetFileName(path)).Where(name => name != ".webdav").Order(StringComparer.Ordinal)];

    /// <summary>Sets and removes properties.</summary>
    public static Task<RawResponse> ChangeAsync(this ServerFixture server, string target, string instructions, params string[] header) =>
        server.RequestAsync(
            "PROPPATCH",
            target,
            $"<D:propertyupdate xmlns:D='DAV:' xmlns:Z='urn:schemas-microsoft-com:' xmlns:t='urn:test'>{instructions}</D:propertyupdate>",
            header);

    /// <summary>Sets properties.</summary>
    public static Task<RawResponse> SetAsync(this ServerFixture server, string target, string properties, params string[] header) =>
        server.ChangeAsync(target, $"<D:set><D:prop>{properties}</D:prop></D:set>", header);

    /// <summary>The text of a property that is asked for by its name; null where the resource has none.</summary>
    public static async Task<string?> PropertyAsync(this ServerFixture server, string target, XName name)
    {
        RawResponse found = await server.RequestAsync(
            "PROPFIND", target, new XElement(Dav + "propfind", new XElement(Dav + "prop", new XElement(name))).ToString(), "Depth: 0");
        Assert.Equal(207, found.Status);
        return found.Statuses()[name] == 200 ? XElement.Parse(found.Text).Descendants(name).Single().Value : null;
    }

    /// <summary>The names of the properties that allprop gives.</summary>
    public static async Task<IReadOnlyList<XName>> AllPropAsync(this ServerFixture server, string target) =>
        [.. XElement.Parse((await server.RequestAsync("PROPFIND", target, null, "Depth: 0")).Text)
            .Descendants(Dav + "prop").Elements().Select(property => property.Name)];

    /// <summary>The status of each property, in a 207 or a <c>mkcol-response</c>.</summary>
    public static IReadOnlyDictionary<XName, int> Statuses(this RawResponse response) =>
        (from propStat in XElement.Parse(response.Text).DescendantsAndSelf(Dav + "propstat")
         from property in propStat.Element(Dav + "prop")!.Elements()
         select (property.Name, int.Parse(propStat.Element(Dav + "status")!.Value.Split(' ')[1]))).ToDictionary();

    /// <summary>The precondition that a refusal, or one of its properties, names (RFC 4918 16); null for none.</summary>
    public static string? FailedCondition(this RawResponse response) =>
        response["Content-Type"]?.StartsWith("application/xml", StringComparison.Ordinal) == true
            ? XElement.Parse(response.Text).DescendantsAndSelf(Dav + "error").Elements().SingleOrDefault()?.Name.LocalName
            : null;
}
