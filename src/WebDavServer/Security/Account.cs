using WebDav.Handlers;

namespace WebDavServer.Security;

/// <summary>A user who can log in.</summary>
/// <param name="PasswordHash">The hash of the password, as <c>hash-password</c> prints it.</param>
/// <param name="User">What the user is to the WebDAV server.</param>
internal sealed record Account(string PasswordHash, DavUser User);
