namespace WebDav.Handlers;

/// <summary>Answers one method. It writes nothing to the connection: what it returns is written by <see cref="ResultWriter"/>.</summary>
internal interface IMethodHandler
{
    ValueTask<DavResult> HandleAsync(DavRequest request, CancellationToken cancellation);
}
