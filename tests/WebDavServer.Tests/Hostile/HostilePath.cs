using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace WebDavServer.Tests.Hostile;

/// <summary>Paths by which servers have been left: dot segments, separators and the reserved name in every coding, links, and noise.</summary>
internal static class HostilePath
{
    private static readonly Gen<string> Name = Gen.Elements(
        "in", "file", "a", "b c", "%C3%A4", "a%CC%88", "ä", "up", "out", "loop", "secret", "outside", "etc", "passwd", "proc", "self", "cwd", "root");

    private static readonly Gen<string> Dots = Gen.Elements(
        "..", ".", "%2e%2e", "%2E.", ".%2e", "%2e", "..%2f", "..%2F..", "%2e%2e%2f", "..%5c", "..\\", "%252e%252e", "..;", "..%3b", "...", "....//", "..%00",
        "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "%f0%80%80%ae", "%u002e%u002e", "\uFF0E\uFF0E", "%EF%BC%8E%EF%BC%8E", "%E2%80%A4%E2%80%A4", "..%20", "..%09", "..%0a");

    private static readonly Gen<string> Reserved = Gen.Elements(
        ".webdav", ".WebDAV", "%2ewebdav", ".web%64av", "%2E%57%45%42%44%41%56", ".webdav.", ".webdav%20", ".webdav::$DATA", "\uFF0Ewebdav", ".\uFF57ebdav",
        "%EF%BC%8Ewebdav", ".web\u0501av", ".webd\u00AAv", ".\U0001D530webdav", ".we\u200Bbdav", ".webdav%00", ".webdav;", "%252ewebdav", ".\u24E6ebdav");

    private static readonly Gen<string> Noise = Gen.OneOf(
        Gen.Elements("", "%", "%0", "%zz", "%00", "%C3", "%ED%A0%80", "%F4%90%80%80", "%FF", "CON", "nul.txt", "*", "?x=1", "#f", "~root", "$HOME", "`id`", "a:b", "C:"),
        Gen.Elements(255, 256, 300, 4096, 40_000).Select(length => new string('x', length)),
        Gen.Choose(0x20, 0x2FFF).ArrayOf().Select(Text),
        Gen.Choose(0, 255).ArrayOf().Select(bytes => string.Concat(bytes.Select(value => $"%{value:X2}"))));

    private static readonly Gen<string> Separator = Gen.Frequency(
        (12, Gen.Constant("/")), (1, Gen.Elements("//", "///", "/./", "%2f", "%2F", "%5c", "\\", "/%2e/", "%c0%af", "\u2215", "\uFF0F", "%252f", ";/")));

    private static readonly Gen<string> Begin = Gen.Frequency(
        (12, Gen.Constant("/")), (1, Gen.Elements("//", "", "/%2f", "\\", "/in/", "http://localhost/", "http://localhost", "file:///", "//localhost/", "/../", "*")));

    private static readonly Gen<string> Segment = Gen.Frequency((5, Name), (4, Dots), (2, Reserved), (2, Noise));

    /// <summary>Many of them; of those that show a fault, one is left.</summary>
    public static Arbitrary<string[]> Many(int count) => Arb.From(
        Gen.Choose(1, 8).SelectMany(length => Path(length)).ArrayOf(count),
        paths => paths.Length > 1 ? paths.Select(path => new[] { path }) : []);

    private static Gen<string> Path(int length) =>
        from begin in Begin
        from segments in Segment.ArrayOf(length)
        from separators in Separator.ArrayOf(length)
        from last in Gen.Elements("/", "", "", "")
        select begin + string.Concat(segments.Zip(separators, (segment, separator) => segment + separator)).TrimEnd('/') + last;

    private static string Text(int[] values) =>
        string.Concat(values.Where(value => Rune.IsValid(value)).Select(value => new Rune(value).ToString()));
}
