using System.Security.Cryptography;
using System.Text;
using WebDav.Handlers;

namespace WebDavServer.Security;

/// <summary>Everybody the settings name, at one moment: a reload puts new ones in their place.</summary>
internal sealed class Accounts(
    DavUser anonymous, IReadOnlyDictionary<string, Account> users, IReadOnlyDictionary<string, DavUser> tokens)
{
    /// <summary>Somebody without a name.</summary>
    public DavUser Anonymous { get; } = anonymous with { CouldLogIn = users.Count > 0 };

    /// <summary>Whether anybody has a password.</summary>
    public bool HasUsers => users.Count > 0;

    /// <summary>Whether anybody has a token.</summary>
    public bool HasTokens => tokens.Count > 0;

    /// <summary>A user by name; null where there is none.</summary>
    public Account? Find(string name) => users.GetValueOrDefault(name);

    /// <summary>The user of a bearer token (RFC 6750); null where nobody has it. Only the digests of tokens are known here.</summary>
    public DavUser? FindByToken(string token) => tokens.GetValueOrDefault(DigestOf(token));

    /// <summary>What the settings have of a token: its SHA-256, in lower-case hexadecimal digits. A token is random, so that needs no salt.</summary>
    public static string DigestOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
