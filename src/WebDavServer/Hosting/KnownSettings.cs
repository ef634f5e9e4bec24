using Microsoft.Extensions.Configuration;

namespace WebDavServer.Hosting;

/// <summary>Every setting of the server's own, so that a typing error is a fault and not a setting that does nothing.</summary>
internal static class KnownSettings
{
    /// <summary>The settings of the server's own sections; <c>Kestrel</c> and <c>Serilog</c> are read by those.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Urls", "http://localhost:8080", "where to listen; several are separated by ;"),
        new("WebDav:Root", "data", "the directory served"),
        new("WebDav:StateDirectory", "<Root>/.webdav", "locks, properties and staging"),
        new("WebDav:PathBase", "", "URL prefix, as behind a reverse proxy that keeps it"),
        new("WebDav:HostNames:*", "", "further names of the server, which a proxy in front does not tell"),
        new("WebDav:TrustedProxies:*", "", "address or network of a proxy whose Forwarded or X-Forwarded-... is believed"),
        new("WebDav:CorsOrigins:*", "", "origin whose pages may use the server from a browser, or *"),
        new("WebDav:ReadOnly", "false", "refuse every write"),
        new("WebDav:Symlinks", "InsideRoot", "Never, InsideRoot or Always follow symbolic links"),
        new("WebDav:DeepPropFind", "Allowed", "Allowed, or Refused for PROPFIND with Depth infinity"),
        new("WebDav:PropFindAnswer", "Streamed", "Streamed, or Held until the walk is done"),
        new("WebDav:Durability", "Rename", "Rename, or Flush to the disk before answering"),
        new("State:Provider", "Sqlite", "what keeps the state: Sqlite, or PostgreSql for several servers"),
        new("State:ConnectionString", "", "how PostgreSQL is reached, as Host=db;Database=webdav"),
        new("State:HeartbeatTimeout", "00:00:10", "silence after which others take over from a server"),
        new("KeepAlive:Mode", "Auto", "who gets 102 Processing: Auto, Always, OnRequest, Off"),
        new("KeepAlive:FirstAfter", "00:00:10", "silence before the first 102"),
        new("KeepAlive:Interval", "00:00:15", "silence between two"),
        new("KeepAlive:Maximum", "100", "most 102s for one request"),
        new("KeepAlive:Clients:*:Pattern", "", "how a client's User-Agent begins; a $ at the end: the whole of it"),
        new("KeepAlive:Clients:*:Allowed", "true", "whether it can be sent 102s"),
        new("KeepAlive:Clients:*:Maximum", "", "most 102s for one request of it"),
        new("KeepAlive:Clients:*:First", "", "silence before its first 102"),
        new("KeepAlive:Clients:*:Interval", "", "silence between its first and second"),
        new("KeepAlive:Clients:*:Growth", "1", "factor by which that grows with each"),
        new("KeepAlive:Clients:*:ReadsToEnd", "false", "whether it reads a 207 that begins early to its end"),
        new("KeepAlive:Proxies:*:Address", "", "IP address or network of a proxy in front"),
        new("KeepAlive:Proxies:*:Allowed", "true", "whether 102s pass it"),
        new("KeepAlive:Proxies:*:Maximum", "", "most 102s for one request through it"),
        new("KeepAlive:Proxies:*:First", "", "silence before the first 102 through it"),
        new("KeepAlive:Proxies:*:Interval", "", "silence between the first and second"),
        new("KeepAlive:Proxies:*:Growth", "1", "factor by which that grows with each"),
        new("KeepAlive:Proxies:*:Bare", "false", "send 102s without fields through it"),
        new("Operations:Retention", "1.00:00:00", "how long a finished operation can be asked for"),
        new("Operations:OnDisconnect", "Continue", "Continue, or Cancel when no client waits any more"),
        new("Operations:ShutdownWait", "00:00:20", "how long the end waits for operations and requests"),
        new("Locks:DefaultTimeout", "01:00:00", "how long a lock lasts that asks for nothing"),
        new("Locks:MaximumTimeout", "7.00:00:00", "the longest a lock can last"),
        new("Locks:MaximumPerUser", "10000", "most locks of one user; all without a name are one"),
        new("Locks:Maximum", "100000", "most locks of all users"),
        new("Properties:MaximumSize", "65536", "most bytes of one dead property's XML"),
        new("Properties:MaximumPerResource", "1000", "most dead properties of one resource"),
        new("Limits:XmlBodySize", "1048576", "most bytes of an XML body"),
        new("Limits:XmlDepth", "64", "most elements of an XML body inside each other"),
        new("Limits:XmlAttributes", "64", "most attributes of an element"),
        new("Limits:PropertiesPerRequest", "1000", "most properties that a body names"),
        new("Limits:IfHeaderLength", "16384", "most characters of an If header"),
        new("Limits:RangesPerGet", "64", "most ranges that a GET is answered"),
        new("Limits:DeepPropFindsPerUser", "8", "most PROPFINDs with Depth infinity at once, of one user"),
        new("Limits:OperationsPerUser", "250", "most operations at once, of one user"),
        new("Limits:Operations", "1000", "most operations at once, of all users"),
        new("Limits:Connections", "5000", "most connections at once"),
        new("Limits:HeaderTimeout", "00:00:30", "how long the head of a request may take"),
        new("Limits:BodyTimeout", "00:02:00", "how long a client may send or take nothing of a body"),
        new("Health:LeastSpace", "16777216", "bytes that must be left for the server to be ready"),
        new("Metrics:Otlp:Endpoint", "", "collector that metrics are sent to, such as http://localhost:4318"),
        new("Metrics:Otlp:Interval", "00:01:00", "time between two of its messages"),
        new("Auth:Anonymous", "ReadWrite on loopback", "what users without a name may do: None, ReadOnly, ReadWrite"),
        new("Auth:Users:*:Name", "", "name of a user"),
        new("Auth:Users:*:PasswordHash", "", "what WebDavServer hash-password has printed"),
        new("Auth:Users:*:Root", "/", "the directory below WebDav:Root that the user finds at the root"),
        new("Auth:Users:*:Access", "ReadWrite", "what the user may do there: None, ReadOnly, ReadWrite"),
        new("Auth:Users:*:Administrator", "false", "whether the user sees and stops the operations of all"),
        new("Auth:Rules:*:Path", "", "from which path on a rule holds; the longest path wins"),
        new("Auth:Rules:*:Users:*", "", "for whom: names, anonymous, * for everybody"),
        new("Auth:Rules:*:Access", "", "what they may do there: None, ReadOnly, ReadWrite"),
        new("Auth:Tokens:*:User", "", "the user whom a bearer token stands for"),
        new("Auth:Tokens:*:Sha256", "", "what WebDavServer new-token has printed"),
        new("Auth:Tokens:*:Access", "ReadWrite", "the most that may be done with it: None, ReadOnly, ReadWrite"),
        new("Auth:ClearText", "Refused", "Allowed: passwords may come from other machines without TLS"),
        new("Auth:FailedLogins:PerName", "10", "failed logins of a name from an address before 429"),
        new("Auth:FailedLogins:PerAddress", "50", "failed logins from an address before 429"),
        new("Auth:FailedLogins:Window", "00:05:00", "how long failed logins count"),
    ];

    /// <summary>The sections in which every key must be known.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["WebDav", "State", "KeepAlive", "Operations", "Locks", "Properties", "Limits", "Health", "Metrics", "Auth"];

    /// <summary>The sections that others read, each with keys of its own.</summary>
    public static IReadOnlyList<string> ForeignSections { get; } = ["Kestrel", "Serilog"];

    /// <summary>Whether a key has its place here, known or not: that of a variable of the environment that has not is none of ours.</summary>
    public static bool IsInSection(string key) =>
        key.Equals("Urls", StringComparison.OrdinalIgnoreCase)
        || (key.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            && Sections.Concat(ForeignSections).Contains(key[..colon], StringComparer.OrdinalIgnoreCase));

    /// <summary>One line for each key of the server's own sections that is not known.</summary>
    public static IEnumerable<string> Unknown(IConfiguration configuration) =>
        from section in Sections
        from pair in configuration.GetSection(section).AsEnumerable()
        where pair.Value is { Length: > 0 } && !pair.Key.Equals(section, StringComparison.OrdinalIgnoreCase)
        where !All.Any(setting => IsAt(pair.Key, setting.Key))
        orderby pair.Key
        select $"{LogText.Safe(pair.Key)}: there is no such setting{Neighbours(pair.Key)}";

    /// <summary>Whether a setting names a file that holds a certificate or its key.</summary>
    public static bool IsCertificateFile(string key) =>
        key.StartsWith("Kestrel:", StringComparison.OrdinalIgnoreCase)
        && (key.EndsWith(":Path", StringComparison.OrdinalIgnoreCase) || key.EndsWith(":KeyPath", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a key is the one of a pattern, in which a <c>*</c> stands for any name.</summary>
    public static bool IsAt(string key, string pattern)
    {
        string[] names = key.Split(':');
        string[] places = pattern.Split(':');
        return names.Length == places.Length
            && names.Zip(places).All(pair => pair.Second == "*" || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    private static string Neighbours(string key)
    {
        string parent = key[..(key.LastIndexOf(':') + 1)];
        string[] names =
        [
            .. All.Where(setting => IsAt(parent + "x", setting.Key[..(setting.Key.LastIndexOf(':') + 1)] + "x"))
                .Select(setting => setting.Key[(setting.Key.LastIndexOf(':') + 1)..]),
        ];
        return names.Length == 0 ? "" : $" ({parent} has {string.Join(", ", names)})";
    }
}
