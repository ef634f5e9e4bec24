namespace WebDav.Storage.Linux;

/// <summary>What a rename does where its target exists (renameat2(2)).</summary>
internal enum RenameHow
{
    /// <summary>It fails.</summary>
    NoReplace = 1,

    /// <summary>The two change places in one step.</summary>
    Exchange = 2,
}
