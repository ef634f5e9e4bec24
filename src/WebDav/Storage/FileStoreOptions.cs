using WebDav.Protocol;

namespace WebDav.Storage;

/// <summary>How a <see cref="FileStore"/> serves a directory.</summary>
internal sealed record FileStoreOptions
{
    /// <summary>The directory served; an absolute path.</summary>
    public required string Root { get; init; }

    /// <summary>Where new content grows until it is published; an absolute path.</summary>
    public string StagingDirectory
    {
        get => field ?? Path.Combine(Root, ReservedName.Text, "staging");
        init;
    }

    /// <summary>Which symbolic links are followed.</summary>
    public SymlinkPolicy Symlinks { get; init; } = SymlinkPolicy.InsideRoot;

    /// <summary>What a finished write survives.</summary>
    public Durability Durability { get; init; } = Durability.Rename;

    /// <summary>
    /// Whether other servers serve the same directory: then each has a staging directory of its own, below <see cref="StagingDirectory"/>,
    /// and whatever is written has to be on the same mount as that.
    /// </summary>
    public bool Shared { get; init; }

    /// <summary>Whether writes are refused; nothing is made on the disk then, not even staging.</summary>
    public bool ReadOnly { get; init; }
}
