using System.Security.Cryptography;
using static WebDavServer.Tests.Storage.ServedDirectory;

namespace WebDavServer.Tests.Storage;

/// <summary>File systems on which a copy shares its blocks with its source.</summary>
public sealed class CloneTests
{
    private const int Size = 40 * 1024 * 1024;

    [Theory]
    [InlineData("mkfs.xfs", "-q")]
    [InlineData("mkfs.btrfs", "-q")]
    [InlineData("mkfs.ext4", "-qF")]
    public async Task A_copy_is_a_clone_where_there_are_clones(string program, string option)
    {
        await using var served = new ServedDirectory();
        var image = Path.Combine(served.Outside, "image");
        using (var file = File.OpenHandle(image, FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.SetLength(file, 512 * 1024 * 1024);
        }

        Run(program, option, image);
        served.Mount("/m", "-o", "loop", image);
        File.WriteAllBytes(served.OnDisk("/m/large"), RandomNumberGenerator.GetBytes(Size));
        File.WriteAllBytes(served.OnDisk("/m/small"), RandomNumberGenerator.GetBytes(5000));

        var steps = await served.Copy("/m/large", "/m/large copy");
        await served.Copy("/m/small", "/m/small copy");

        Assert.Equal(Size, steps.Sum());
        Assert.Equal(program != "mkfs.ext4", steps.Count == 1); // more than one call could copy, unless it is a clone
        Assert.Equal(File.ReadAllBytes(served.OnDisk("/m/large")), File.ReadAllBytes(served.OnDisk("/m/large copy")));
        Assert.Equal(File.ReadAllBytes(served.OnDisk("/m/small")), File.ReadAllBytes(served.OnDisk("/m/small copy")));
    }
}
