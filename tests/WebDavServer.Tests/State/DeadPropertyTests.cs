using WebDav.Properties;
using WebDav.Protocol;
using WebDav.State;
using static WebDavServer.Tests.State.StateDirectory;

namespace WebDavServer.Tests.State;

public sealed class DeadPropertyTests : IAsyncLifetime
{
    private readonly StateDirectory _directory = new();
    private StateDatabase _database = null!;
    private StoredProperties _properties = null!;

    /// <summary>Names that SQL, LIKE patterns, ranges or careless encodings could trip over.</summary>
    public static TheoryData<string> OddPaths =>
    [
        "", "/a", "/%", "/_", "/a%b", "/it's", "/\"q\"", "/;DROP TABLE property;--", "/ä/ö", "/日本", "/😀", "/\uFFFD", "/\u0001",
        "/ ", "/a b", "/A", "/a\u0301", "/\u00e1", "/@parent", "/\\",
    ];

    public ValueTask InitializeAsync()
    {
        _database = _directory.Open();
        _properties = new StoredProperties(_database);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(OddPaths))]
    public async Task A_property_comes_back_as_it_was_set_and_on_its_resource_alone(string path)
    {
        const string Xml = "<x xmlns=\"urn:ü\" xml:lang=\"de\">it's <b>\"50%\"</b> &amp; 😀\n\t</x>";
        var name = new PropertyName("urn:ü", "x");
        foreach (var other in OddPaths.Where(other => other.Data != path))
        {
            await _properties.ApplyAsync(At(other.Data), [Set("other")], Cancellation);
        }

        await _properties.ApplyAsync(At(path), [new PropertyChange(name, new DeadProperty(name, Xml))], Cancellation);

        Assert.Equal([new DeadProperty(name, Xml)], await _properties.ReadAsync(At(path), Cancellation));
        await _properties.DeleteAsync(path.Length == 0 ? At("/none") : At(path), Cancellation);
        foreach (var other in OddPaths.Where(other => other.Data != path))
        {
            Assert.Equal(Name("other"), Assert.Single(await _properties.ReadAsync(At(other.Data), Cancellation)).Name);
        }
    }

    [Fact]
    public async Task Properties_are_ordered_by_namespace_and_name()
    {
        var names = new[] { new PropertyName("urn:b", "a"), new("urn:a", "z"), new("", "m"), new("urn:a", "b") };

        await _properties.ApplyAsync(At("/a"), [.. names.Select(n => new PropertyChange(n, new DeadProperty(n, "<x/>")))], Cancellation);

        var read = (await _properties.ReadAsync(At("/a"), Cancellation)).Select(property => property.Name);
        Assert.Equal([new("", "m"), new("urn:a", "b"), new("urn:a", "z"), new("urn:b", "a")], read);
    }

    [Fact]
    public async Task Changes_take_effect_in_their_order()
    {
        await _properties.ApplyAsync(At("/a"), [Set("x", "1"), Set("x", "2"), Set("y"), Remove("y"), Remove("z"), Set("z")], Cancellation);
        await _properties.ApplyAsync(At("/a"), [Remove("x"), Set("x", "3")], Cancellation);

        var read = await _properties.ReadAsync(At("/a"), Cancellation);
        Assert.Equal([Property("x", "3"), Property("z")], read);
        Assert.Equal(2, _database.PropertyRows);
    }

    [Fact]
    public async Task Changes_are_made_all_or_none()
    {
        await _properties.ApplyAsync(At("/a"), [Set("x", "old"), Set("y")], Cancellation);
        var bad = new PropertyChange(Name("bad"), new DeadProperty(Name("bad"), null!));

        await Assert.ThrowsAnyAsync<Exception>(
            async () => await _properties.ApplyAsync(At("/a"), [Set("x", "new"), Remove("y"), bad], Cancellation));

        Assert.Equal([Property("x", "old"), Property("y")], await _properties.ReadAsync(At("/a"), Cancellation));
        Assert.Equal(2, _database.PropertyRows);
    }

    [Fact]
    public async Task Members_are_those_of_the_collection_itself_with_what_they_have()
    {
        foreach (var path in new[] { "", "/a", "/a/b", "/a/B", "/a/b/c", "/a-b", "/a0", "/ab", "/a/%" })
        {
            await _properties.ApplyAsync(At(path), [Set("x", path), Set("y")], Cancellation);
        }

        var before = _properties.Queries;
        var members = await _properties.ReadMembersAsync(At("/a"), Cancellation);

        Assert.Equal(1, _properties.Queries - before);
        Assert.Equal(["%", "B", "b"], members.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([Property("x", "/a/b"), Property("y")], members["b"]);
        var top = await _properties.ReadMembersAsync(DavPath.Root, Cancellation);
        Assert.Equal(["a", "a-b", "a0", "ab"], top.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(await _properties.ReadMembersAsync(At("/a/b/c"), Cancellation));
    }

    [Fact]
    public async Task While_nobody_has_set_a_property_the_database_is_not_asked()
    {
        Assert.Empty(await _properties.ReadAsync(At("/a"), Cancellation));
        Assert.Empty(await _properties.ReadMembersAsync(DavPath.Root, Cancellation));
        await _properties.DeleteAsync(At("/a"), Cancellation);
        await new TransferIntents(_database, TimeProvider.System).BeginCopyAsync(At("/a"), At("/b"), new(1, 1), tree: true, [], Cancellation);
        await _properties.ApplyAsync(At("/a"), [Remove("x")], Cancellation);
        await _properties.ApplyAsync(At("/a"), [], Cancellation);

        Assert.Equal(0, _properties.Queries);
        Assert.Equal(0, _database.Commits);

        await _properties.ApplyAsync(At("/a"), [Set("x")], Cancellation);
        Assert.False(_properties.IsEmpty);
        Assert.Single(await _properties.ReadAsync(At("/a"), Cancellation));
        await _properties.DeleteAsync(At("/a"), Cancellation);
        Assert.True(_properties.IsEmpty);
        Assert.Equal(4, _properties.Queries); // what is deleted is looked for before
    }

    [Fact]
    public async Task A_database_in_memory_keeps_properties_as_long_as_it_is_open()
    {
        await using var memory = StateDatabase.InMemory();
        var properties = new StoredProperties(memory);

        await properties.ApplyAsync(At("/a"), [Set("x")], Cancellation);

        Assert.Single(await properties.ReadAsync(At("/a"), Cancellation));
        Assert.Single(await properties.ReadMembersAsync(DavPath.Root, Cancellation));
    }
}
