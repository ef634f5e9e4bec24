using System.Diagnostics.CodeAnalysis;

namespace WebDavServer.Tests.Support;

/// <summary>Tests that measure the whole process, and so run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711", Justification = "It is what xunit calls a collection.")]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
