using Microsoft.Extensions.Logging.Abstractions;
using WebDav.Storage;
using WebDav.Storage.Files;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

public sealed class ReplacementTests
{
    [Fact]
    public async Task Where_names_cannot_be_exchanged_two_renames_do_it()
    {
        await using var served = new ServedDirectory();
        using var volume = new Volume(served.Options, NullLogger.Instance);
        volume.Staging.Prepare();
        served.Folder("/new");
        served.File("/new/f", "new");
        served.Folder("/old");
        served.File("/old/f", "old");
        using var from = volume.PlaceToWrite(P("/new"));
        using var to = volume.PlaceToWrite(P("/old"));
        var aside = Replacement.PutInTwoSteps(volume, from.Directory, from.Name, to, P("/old"));
        Assert.Equal("new", await served.Read("/old/f"));
        Assert.Equal(["old"], await served.List());
        await foreach (var _ in Replacement.Finish(volume, aside, P("/old"))!.RemoveAsync(Cancellation))
        {
            // to the end
        }

        Assert.Empty(served.Staged());
    }

    [Fact]
    public async Task If_the_second_of_two_renames_fails_the_first_is_undone()
    {
        await using var served = new ServedDirectory();
        using var volume = new Volume(served.Options, NullLogger.Instance);
        volume.Staging.Prepare();
        served.Folder("/old");
        served.File("/old/f", "old");
        using var from = volume.PlaceToWrite(P("/none"));
        using var to = volume.PlaceToWrite(P("/old"));
        Assert.Throws<StoreException>(() => Replacement.PutInTwoSteps(volume, from.Directory, from.Name, to, P("/old")));
        Assert.Equal("old", await served.Read("/old/f"));
        Assert.Empty(served.Staged());
    }
}
