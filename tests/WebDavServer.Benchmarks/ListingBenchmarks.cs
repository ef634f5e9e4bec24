using System.Buffers;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Xml;
using WebDav.Storage;

namespace WebDavServer.Benchmarks;

/// <summary>A collection of 1,000 files: listed, and written as a PROPFIND answers.</summary>
public class ListingBenchmarks : IDisposable
{
    private const int Files = 1000;
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("webdav-benchmark-");
    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);
    private readonly FileStore _store;
    private readonly List<Entry> _entries = [];

    public ListingBenchmarks()
    {
        for (var i = 0; i < Files; i++)
        {
            File.WriteAllText(Path.Combine(_root.FullName, $"file {i}.txt"), "content");
        }

        _store = new FileStore(new FileStoreOptions { Root = _root.FullName }, NullLogger<FileStore>.Instance);
    }

    [GlobalSetup]
    public async Task ReadAsync()
    {
        _entries.Clear();
        await foreach (var entry in _store.ListAsync(DavPath.Root, CancellationToken.None))
        {
            _entries.Add(entry);
        }
    }

    [Benchmark(OperationsPerInvoke = Files)]
    public async Task<int> ListAsync()
    {
        var count = 0;
        await foreach (var _ in _store.ListAsync(DavPath.Root, CancellationToken.None))
        {
            count++;
        }

        return count;
    }

    [Benchmark(OperationsPerInvoke = Files)]
    public int AllProperties() => Write(PropFindQuery.AllProp);

    [Benchmark(OperationsPerInvoke = Files)]
    public int ThreeProperties() => Write(new PropFindQuery(
        PropFindKind.Prop, [PropertyName.Dav("getcontentlength"), PropertyName.Dav("getlastmodified"), PropertyName.Dav("resourcetype")]));

    [Benchmark(OperationsPerInvoke = Files)]
    public int MultiStatusAlone()
    {
        _output.ResetWrittenCount();
        var writer = new MultiStatusWriter(new XmlOutput(_output), UrlSpace.Whole);
        writer.Start();
        foreach (var entry in _entries)
        {
            writer.Outcome(entry.Path, collection: false, 423);
        }

        writer.End();
        return _output.WrittenCount;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _store.Dispose();
        _root.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private int Write(PropFindQuery query)
    {
        _output.ResetWrittenCount();
        var writer = new MultiStatusWriter(new XmlOutput(_output), UrlSpace.Whole);
        var reader = new PropertyReader(query, minimal: false);
        writer.Start();
        foreach (var entry in _entries)
        {
            reader.Write(writer, new PropertyContext(entry, [], Space: null, UrlSpace.Whole, entry.Modified), []);
        }

        writer.End();
        return _output.WrittenCount;
    }
}
