using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Primitives;
using WebDav.Protocol;
using WebDav.Protocol.Headers;

namespace WebDavServer.Benchmarks;

/// <summary>What is parsed of each request.</summary>
public class HeaderBenchmarks
{
    private const string Token = "(<urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2>)";

    private static readonly StringValues s_oneToken = Token;

    private static readonly StringValues s_manyTokens = string.Join(
        ' ', Enumerable.Range(0, 100).Select(i => $"</dir/file%20{i}.txt> {Token[..^1]} [\"abc{i}\"])"));

    [Benchmark]
    public bool ShortPath() => DavPath.TryParse("/docs/letter.txt", out _, out _, out _);

    [Benchmark]
    public bool LongPathWithEscapes() =>
        DavPath.TryParse("/Projekte/%C3%9Cbersicht%202026/a%20b%20c/d+e/f;g/../h/M%C3%A4rz/letter%20to%20%E6%9D%8E.txt", out _, out _, out _);

    [Benchmark]
    public string Href() => s_path.ToHref("/dav", collection: true);

    [Benchmark]
    public object? IfWithOneToken() => IfHeader.Parse(s_oneToken);

    [Benchmark]
    public object? IfWithAHundredTaggedLists() => IfHeader.Parse(s_manyTokens);

    private static readonly DavPath s_path = DavPath.Of("Projekte", "Übersicht 2026", "März", "letter to 李.txt");
}
