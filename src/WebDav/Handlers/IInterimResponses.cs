using Microsoft.AspNetCore.Http;
using WebDav.Progress;

namespace WebDav.Handlers;

/// <summary>The host's ability to send interim responses; the protocol library knows nothing of connections.</summary>
public interface IInterimResponses
{
    /// <summary>The way to send interim responses for a request, or null where its protocol or transport has none.</summary>
    IInterimResponse? For(HttpContext context);
}
