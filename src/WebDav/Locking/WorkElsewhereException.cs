namespace WebDav.Locking;

/// <summary>The same request is at work at another server already.</summary>
/// <param name="work">The lease of that work, which is also the id of its operation.</param>
internal sealed class WorkElsewhereException(Guid work) : Exception($"another server is at the same work, {work}")
{
    /// <summary>The lease of that work, which is also the id of its operation.</summary>
    public Guid Work { get; } = work;
}
