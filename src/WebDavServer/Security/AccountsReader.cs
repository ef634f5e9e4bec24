using Microsoft.Extensions.Configuration;
using WebDav.Access;
using WebDav.Handlers;
using WebDav.Protocol;
using WebDav.Setup;
using WebDavServer.Hosting;

namespace WebDavServer.Security;

/// <summary>Reads the users, rules and tokens of the section <c>Auth</c>.</summary>
internal sealed class AccountsReader
{
    /// <summary>What rules call those who have not logged in.</summary>
    public const string AnonymousName = "anonymous";

    private readonly SettingsReader _settings;
    private readonly string _root;
    private readonly Dictionary<string, Account> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DavUser> _tokens = new(StringComparer.Ordinal);
    private readonly List<AccessRule> _rules = [];

    private AccountsReader(IConfiguration configuration)
    {
        _settings = new SettingsReader(configuration);
        _root = configuration["WebDav:Root"] ?? "";
    }

    /// <summary>Everybody, and one line for each fault; a server that others can reach must be told what they may do.</summary>
    public static (Accounts Accounts, IReadOnlyList<string> Faults) Read(IConfiguration configuration, ListeningAddresses addresses)
    {
        AccountsReader reader = new(configuration);
        string[] users = [.. reader._settings.Elements("Auth:Users", ["Name", "PasswordHash", "Root", "Access", "Administrator"])];
        reader.ReadRules([.. users.Select(key => configuration[$"{key}:Name"] ?? "")]);
        foreach (string key in users)
        {
            reader.ReadUser(key);
        }

        foreach (string key in reader._settings.Elements("Auth:Tokens", ["User", "Sha256", "Access"]))
        {
            reader.ReadToken(key);
        }

        DavUser anonymous = reader.ReadAnonymous(addresses, hasUsers: users.Length > 0);
        reader.CheckClearText(addresses, hasUsers: users.Length > 0);
        return (new Accounts(anonymous, reader._users, reader._tokens), reader._settings.Faults);
    }

    private void ReadUser(string key)
    {
        string name = _settings.Text($"{key}:Name") ?? "";
        if (name.Length == 0 || name.Contains(':', StringComparison.Ordinal) || name is AnonymousName or AccessRule.Everybody || name.Any(char.IsControl))
        {
            _settings.Fault($"{key}:Name", $"'{LogText.Safe(name)}' is no name of a user: not empty, without colon, and neither {AnonymousName} nor {AccessRule.Everybody}");
        }

        string hash = _settings.Text($"{key}:PasswordHash") ?? "";
        if (!Passwords.IsHash(hash))
        {
            _settings.Fault($"{key}:PasswordHash", "must be a line that \"WebDavServer hash-password\" has printed");
        }

        UserAccess access = new(ReadRoot(key), _settings.Choice($"{key}:Access", AccessLevel.ReadWrite), AccessRule.For(name, _rules));
        DavUser user = new(name, access, _settings.Flag($"{key}:Administrator", otherwise: false));
        if (!_users.TryAdd(name, new Account(hash, user)))
        {
            _settings.Fault($"{key}:Name", $"there is another user '{LogText.Safe(name)}'");
        }
    }

    private DavPath ReadRoot(string key)
    {
        DavPath root = ReadPath($"{key}:Root") ?? DavPath.Root;
        if (ReservedName.Matches(root.FirstName))
        {
            _settings.Fault($"{key}:Root", $"'{root}' is the server's own");
        }
        else if (!root.IsRoot && _root.Length > 0 && !Directory.Exists(_root + root.Value))
        {
            _settings.Fault($"{key}:Root", $"there is no directory '{LogText.Safe(root.Value)}' below WebDav:Root");
        }

        return root;
    }

    private void ReadRules(IReadOnlyList<string> users)
    {
        foreach (string key in _settings.Elements("Auth:Rules", ["Path", "Access", "Users:0"]))
        {
            if (_settings.Text($"{key}:Path") is null)
            {
                _settings.Fault($"{key}:Path", "must say from which path on the rule holds, such as /projects");
            }

            string[] names = [.. _settings.Texts($"{key}:Users").Select(name => name.Text)];
            if (names.Length == 0)
            {
                _settings.Fault($"{key}:Users", $"must name the users for whom the rule holds; {AccessRule.Everybody} is everybody");
            }

            foreach (string stranger in names.Where(name => name is not (AccessRule.Everybody or AnonymousName) && !users.Contains(name, StringComparer.Ordinal)))
            {
                _settings.Fault($"{key}:Users", $"there is no user '{LogText.Safe(stranger)}'");
            }

            if (_settings.Text($"{key}:Access") is null)
            {
                _settings.Fault($"{key}:Access", "must be None, ReadOnly or ReadWrite");
            }

            AccessRule rule = new(ReadPath($"{key}:Path") ?? DavPath.Root, names, _settings.Choice($"{key}:Access", AccessLevel.None));
            if (_rules.Find(rule.Contradicts) is not null)
            {
                _settings.Fault($"{key}:Path", $"another rule for '{LogText.Safe(rule.Path.ToString())}' names one of these users, too");
            }

            _rules.Add(rule);
        }
    }

    private void ReadToken(string key)
    {
        string digest = _settings.Text($"{key}:Sha256") ?? "";
        if (digest.Length != 64 || !digest.All(char.IsAsciiHexDigit))
        {
            _settings.Fault($"{key}:Sha256", "must be the 64 hexadecimal digits that \"WebDavServer new-token\" has printed");
        }

        string name = _settings.Text($"{key}:User") ?? "";
        AccessLevel most = _settings.Choice($"{key}:Access", AccessLevel.ReadWrite);
        if (!_users.TryGetValue(name, out Account? account))
        {
            _settings.Fault($"{key}:User", $"there is no user '{LogText.Safe(name)}'");
        }
        else if (!_tokens.TryAdd(digest.ToLowerInvariant(), account.User with { Access = account.User.Access.AtMost(most) }))
        {
            _settings.Fault($"{key}:Sha256", "is another token's, too");
        }
    }

    private DavUser ReadAnonymous(ListeningAddresses addresses, bool hasUsers)
    {
        const string key = "Auth:Anonymous";
        string beyond = string.Join(", ", addresses.BeyondLoopback);
        if (_settings.Text(key) is null && !hasUsers && beyond.Length > 0)
        {
            _settings.Fault(key, $"must be ReadOnly or ReadWrite, because other machines can reach {beyond} and there are no users (Auth:Users)");
        }

        AccessLevel level = _settings.Choice(key, hasUsers ? AccessLevel.None : AccessLevel.ReadWrite);
        if (level == AccessLevel.None && !hasUsers)
        {
            _settings.Fault(key, "None leaves nobody, as there are no users (Auth:Users); say ReadOnly or ReadWrite");
        }

        return new DavUser(Name: null, new UserAccess(DavPath.Root, level, AccessRule.ForAnonymous(level, _rules)));
    }

    private void CheckClearText(ListeningAddresses addresses, bool hasUsers)
    {
        const string key = "Auth:ClearText";
        string open = string.Join(", ", addresses.ClearTextBeyondLoopback);
        if (_settings.Choice(key, ClearText.Refused) == ClearText.Refused && hasUsers && open.Length > 0)
        {
            _settings.Fault(key, $"passwords would cross the network readable to others, to {open}: listen on https, or say Allowed if a proxy in front or the network itself takes care of that");
        }
    }

    // A plain path and not a URL: what stands in it means itself.
    private DavPath? ReadPath(string key)
    {
        if (_settings.Text(key) is not { } text)
        {
            return null;
        }

        try
        {
            return DavPath.Of(text.Split('/', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (ArgumentException)
        {
            _settings.Fault(key, $"'{LogText.Safe(text)}' is no path such as /projects/new");
            return null;
        }
    }
}
