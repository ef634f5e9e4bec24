using Microsoft.Extensions.Configuration;
using WebDav.Handlers;
using WebDavServer.Hosting;

namespace WebDavServer.Security;

/// <summary>Who may do what.</summary>
internal sealed class AccessRules
{
    private const string Key = "Auth:Anonymous";
    private readonly List<string> _faults = [];

    /// <summary>Reads the section <c>Auth</c>; a server that others can reach must be told what they may do.</summary>
    public AccessRules(IConfiguration configuration, ListeningAddresses addresses)
    {
        string? word = configuration[Key];
        AnonymousAccess access = AnonymousAccess.ReadWrite;
        if (string.IsNullOrEmpty(word))
        {
            string beyond = string.Join(", ", addresses.BeyondLoopback);
            if (beyond.Length > 0)
            {
                _faults.Add($"{Key}: must be ReadOnly or ReadWrite, because other machines can reach {beyond} and there are no users");
            }
        }
        else if (!Enum.GetNames<AnonymousAccess>().Contains(word, StringComparer.OrdinalIgnoreCase) || !Enum.TryParse(word, ignoreCase: true, out access))
        {
            _faults.Add($"{Key}: \"{LogText.Safe(word)}\" is none of None, ReadOnly, ReadWrite");
        }
        else if (access == AnonymousAccess.None)
        {
            _faults.Add($"{Key}: None leaves nobody who could log in, as there are no users; say ReadOnly or ReadWrite");
        }

        Anonymous = new(Name: null, MayWrite: access == AnonymousAccess.ReadWrite);
    }

    /// <summary>Somebody without a name.</summary>
    public DavUser Anonymous { get; }

    /// <summary>One line for each fault.</summary>
    public IReadOnlyList<string> Faults => _faults;
}
