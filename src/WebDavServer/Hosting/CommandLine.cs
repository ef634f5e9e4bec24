using System.Reflection;

namespace WebDavServer.Hosting;

/// <summary>What was asked for on the command line.</summary>
internal sealed class CommandLine
{
    private const string SelfSignedUrl = "https://localhost:8443";

    private readonly List<KeyValuePair<string, string?>> _settings = [];
    private readonly List<string> _faults = [];

    private CommandLine()
    {
    }

    /// <summary>What to print instead of serving: the help or the version; null to serve.</summary>
    public string? Answer { get; private set; }

    /// <summary>The settings given, by key; a later one counts.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Settings => _settings;

    /// <summary>Whether a certificate of the server's own making stands in where none is named.</summary>
    public bool TlsSelfSigned { get; private set; }

    /// <summary>One line for each option that is unknown or lacks its value, and each stray word.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Reads the words of a command line.</summary>
    public static CommandLine Parse(IReadOnlyList<string> words)
    {
        CommandLine line = new();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (word is "--help" or "-h" or "-?")
            {
                line.Answer = Help();
                break;
            }

            if (word is "--version")
            {
                line.Answer = $"WebDavServer {Version}";
                break;
            }

            if (word is "--tls-self-signed")
            {
                line.TlsSelfSigned = true;
                continue;
            }

            i += line.Take(word, i + 1 < words.Count ? words[i + 1] : null);
        }

        if (line.TlsSelfSigned && !line._settings.Any(setting => setting.Key.Equals("Urls", StringComparison.OrdinalIgnoreCase)))
        {
            line._settings.Add(new("Urls", SelfSignedUrl));
        }

        return line;
    }

    private static string Version =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Takes one option; returns how many of the following words belong to it.</summary>
    private int Take(string word, string? next)
    {
        if (!word.StartsWith("--", StringComparison.Ordinal) || word.Length == 2)
        {
            _faults.Add($"{LogText.Safe(word)}: a stray word; options begin with -- (see --help)");
            return 0;
        }

        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word[2..] : word[2..equals];
        bool nextIsValue = equals < 0 && next?.StartsWith("--", StringComparison.Ordinal) == false;
        int taken = nextIsValue ? 1 : 0;
        if (KeyOf(name) is not { } key)
        {
            _faults.Add($"--{LogText.Safe(name)}: no such option (see --help)");
        }
        else if (equals < 0 && !nextIsValue)
        {
            _faults.Add($"--{LogText.Safe(name)}: needs a value");
        }
        else
        {
            _settings.Add(new(key, nextIsValue ? next : word[(equals + 1)..]));
        }

        return taken;
    }

    private static string? KeyOf(string name)
    {
        if (name is "root")
        {
            return "WebDav:Root";
        }

        if (name.Equals("urls", StringComparison.OrdinalIgnoreCase))
        {
            return "Urls";
        }

        return KnownSettings.IsInSection(name) ? name : null;
    }

    private static string Help() =>
        $"""
        WebDavServer {Version}: serves a directory over WebDAV.

        Usage: WebDavServer [--root DIR] [--urls URL] [--tls-self-signed] [--Section:Key=value ...]
               WebDavServer health [...]     asks the server that runs with these settings whether it is well
               WebDavServer hash-password    asks for a password and prints its hash, for Auth:Users:*:PasswordHash
               WebDavServer new-token        prints a new bearer token and its digest, for Auth:Tokens:*:Sha256

          --root DIR      the directory to serve (WebDav:Root), relative to the current directory
          --urls URL      where to listen (Urls), as http://localhost:8080; several are separated by ;
          --tls-self-signed
                          for a first try of https: with a certificate that is made for this run, at {SelfSignedUrl}
                          unless --urls says otherwise
          --help          this text
          --version       the version

        Settings, from the nearest appsettings.json, then the environment (Section__Key, or Section__Key_FILE
        for a file that holds the value), then the command line:

        {string.Join('\n', KnownSettings.All.Select(setting => $"  {setting.Key,-31} {setting.Meaning}{Default(setting)}"))}

          Kestrel:...                     as in Kestrel:Certificates:Default:Path and :KeyPath, for https
          Serilog:...                     the log

        Exit codes: 0 stopped, 1 cannot start (no such directory, port in use), 2 wrong options or settings; health: 0 well, 1 not.
        """;

    private static string Default(Setting setting) => setting.Default.Length == 0 ? "" : $" [{setting.Default}]";
}
