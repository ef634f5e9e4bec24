using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace WebDavServer.Security;

/// <summary>
/// Checks passwords against hashes of the framework's <see cref="PasswordHasher{TUser}"/> (PBKDF2 with HMAC-SHA512; salt and cost
/// are in the hash). A password that was right is remembered for a short time, so that a mounted drive does not pay for a key
/// derivation with each request.
/// </summary>
internal sealed class Passwords(TimeProvider time) : IDisposable
{
    /// <summary>Rounds of a new hash: OWASP's figure for PBKDF2 with HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    /// <summary>How long a password that was right need not be derived again.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private const int MostRemembered = 10_000;
    private const byte FormatMarker = 1;
    private const int SaltAndHeader = 13 + 16;

    private static readonly PasswordHasher<object> s_hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private static readonly object s_nobody = new();

    // For names that nobody has: their check takes as long as that of others.
    private readonly Lazy<string> _decoy = new(() => Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));

    // What is remembered cannot be turned back into a password, and means nothing outside this process.
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _right = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _deriving = new(Math.Max(1, Environment.ProcessorCount));

    /// <summary>A new hash of a password.</summary>
    public static string Hash(string password) => s_hasher.HashPassword(s_nobody, password);

    /// <summary>Whether a text is a hash that <see cref="CheckAsync"/> understands.</summary>
    public static bool IsHash(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) && length > SaltAndHeader && bytes[0] == FormatMarker;
    }

    /// <summary>Whether the password was right for this hash a short time ago.</summary>
    public bool Remembers(string hash, string password) =>
        _right.TryGetValue(KeyOf(hash, password), out DateTimeOffset until) && time.GetUtcNow() < until;

    /// <summary>Waits for a turn to verify a password: no more are verified at once than there are processors, so that the rest of the server goes on.</summary>
    public async ValueTask<IDisposable> TurnAsync(CancellationToken cancellation)
    {
        await _deriving.WaitAsync(cancellation);
        return new Turn(_deriving);
    }

    /// <summary>Whether the password is right.</summary>
    /// <param name="hash">The user's hash; null for a user that does not exist, which takes as long.</param>
    /// <param name="password">The password.</param>
    public bool Verify(string? hash, string password)
    {
        bool right = s_hasher.VerifyHashedPassword(s_nobody, hash ?? _decoy.Value, password) != PasswordVerificationResult.Failed && hash is not null;
        if (right)
        {
            Remember(KeyOf(hash!, password));
        }

        return right;
    }

    /// <inheritdoc/>
    public void Dispose() => _deriving.Dispose();

    private void Remember(string key)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_right.Count >= MostRemembered)
        {
            foreach ((string old, DateTimeOffset until) in _right)
            {
                if (until <= now || _right.Count >= MostRemembered)
                {
                    _right.TryRemove(old, out _);
                }
            }
        }

        _right[key] = now + Memory;
    }

    // The hash stands for the user and for the password that was set: another hash, and nothing is remembered.
    private string KeyOf(string hash, string password) =>
        Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(hash + "\0" + password)));

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
