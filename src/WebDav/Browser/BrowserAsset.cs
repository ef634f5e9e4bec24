using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace WebDav.Browser;

/// <summary>A file that is part of the program, for browsers.</summary>
/// <param name="Content">What is in it.</param>
/// <param name="Type">Its media type.</param>
/// <param name="ETag">Its entity tag: another version of the program has another one where the content is another.</param>
/// <param name="Download">The name under which browsers are to keep it; null for what they show or use themselves.</param>
internal sealed record BrowserAsset(ReadOnlyMemory<byte> Content, string Type, EntityTagHeaderValue ETag, string? Download)
{
    /// <summary>How the resources of the assembly begin that are such files.</summary>
    private const string Prefix = "Browser/";

    private static readonly FileExtensionContentTypeProvider Types = new() { Mappings = { [".reg"] = "text/x-ms-regedit" } };

    /// <summary>All of them, by their names: paths with slashes.</summary>
    public static IReadOnlyDictionary<string, BrowserAsset> All { get; } = typeof(BrowserAsset).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(name => name[Prefix.Length..], name => Read(typeof(BrowserAsset).Assembly, name), StringComparer.Ordinal);

    private static BrowserAsset Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(..8))}\"");
        var type = Types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
        return new BrowserAsset(content, type, tag, Path.GetExtension(name) == ".reg" ? Path.GetFileName(name) : null);
    }
}
