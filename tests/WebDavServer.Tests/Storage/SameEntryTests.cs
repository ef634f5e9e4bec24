using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Storage;
using WebDav.Storage.Files;
using WebDav.Storage.Linux;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

/// <summary>What has one name only, however it is reached, is never moved over itself: that name would be all there was of it.</summary>
public sealed class SameEntryTests
{
    [Theory]
    [InlineData("/d/f", "/l/f")]
    [InlineData("/l/f", "/d/f")]
    [InlineData("/d/f", "/m/f")]
    [InlineData("/m/f", "/d/f")]
    [InlineData("/d/c", "/l/c")]
    [InlineData("/l/c", "/d/c")]
    [InlineData("/d/c", "/m/c")]
    [InlineData("/m/c", "/l/c")]
    [InlineData("/d/f", "/n")]
    [InlineData("/d/c", "/o")]
    [InlineData("/d/s", "/l/s")]
    public async Task One_entry_that_is_reached_in_two_ways_is_not_moved_over_itself(string source, string destination)
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        served.File("/d/f", "the only one");
        served.Folder("/d/c");
        served.File("/d/c/g", "inside");
        served.Link("/d/s", "f");
        served.Link("/l", "d");
        served.Mount("/m", "--bind", served.OnDisk("/d"));
        served.Mount("/o", "--bind", served.OnDisk("/d/c"));
        served.File("/n");
        served.MountFile("/n", served.OnDisk("/d/f"));

        Assert.Equal(StoreFault.Denied, await FaultOf(() => served.Store.RenameAsync(P(source), P(destination), true, Cancellation).AsTask()));

        Assert.Equal("the only one", await served.Read("/d/f"));
        Assert.Equal("the only one", await served.Read("/d/s"));
        Assert.Equal("inside", await served.Read("/d/c/g"));
        Assert.Empty(served.Staged());
    }

    [Theory]
    [InlineData("/d/a", "/d/b")]
    [InlineData("/d/a", "/e/a")]
    [InlineData("/l/a", "/d/b")]
    public async Task A_second_name_of_a_file_is_one_and_only_the_sources_name_goes(string source, string destination)
    {
        await using var served = new ServedDirectory();
        served.Folder("/d");
        served.Folder("/e");
        served.Link("/l", "d");
        served.File("/d/a", "one file");
        Run("ln", served.OnDisk("/d/a"), served.OnDisk(destination));

        Assert.Null(await served.Store.RenameAsync(P(source), P(destination), replace: true, Cancellation));

        Assert.Null(await served.Find(source));
        Assert.Equal("one file", await served.Read(destination));
    }

    [Theory]
    [InlineData("a", "A", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "a", true)]
    public async Task Names_that_the_directory_does_not_list_are_other_spellings(string name, string other, bool same)
    {
        // As on a file system that takes upper and lower case for the same: it finds "A", and lists "a".
        await using var served = new ServedDirectory();
        served.File("/a");
        Run("ln", served.OnDisk("/a"), served.OnDisk("/b"));
        using var volume = new Volume(served.Options, NullLogger.Instance);
        using var place = volume.PlaceToWrite(P("/a"));
        Assert.Equal(Errno.None, Posix.StatAt(place.Directory, place.Name, out var stat));
        Assert.Equal(2u, stat.Links);
        using var there = new Place(place.Directory, owned: false, NameBytes.Encode(other));

        Assert.Equal(same, SameEntry.May(place.Directory, NameBytes.Encode(name), stat, there, stat));
    }

    [Fact]
    public async Task A_file_with_one_name_has_no_second_one_whatever_it_is_called()
    {
        await using var served = new ServedDirectory();
        served.File("/a");
        using var volume = new Volume(served.Options, NullLogger.Instance);
        using var place = volume.PlaceToWrite(P("/a"));
        Assert.Equal(Errno.None, Posix.StatAt(place.Directory, place.Name, out var stat));
        using var there = new Place(place.Directory, owned: false, NameBytes.Encode("A"));

        Assert.True(SameEntry.May(place.Directory, place.Name, stat, there, stat));
    }
}
