using System.Diagnostics.CodeAnalysis;

namespace WebDavServer.Tests.Browser.InChromium;

/// <summary>Tests in a real browser: one of them at a time, and while no other test runs, for it takes what the machine has.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711", Justification = "It is what xunit calls a collection.")]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>
{
    public const string Name = "chromium";
}
