using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using WebDav.Handlers;
using WebDav.Locking;
using WebDav.Operations;
using WebDav.Progress;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.State;
using WebDav.Storage;

namespace WebDav.Setup;

/// <summary>All settings of the library, read and checked.</summary>
/// <param name="WebDav">How the protocol is served.</param>
/// <param name="Limits">How much one request may ask for.</param>
/// <param name="Store">Where files are.</param>
/// <param name="StateDirectory">Where locks, properties and staging are; an absolute directory.</param>
/// <param name="KeepAlive">Who is sent 102s, and when.</param>
/// <param name="Locks">What locks may be.</param>
/// <param name="Operations">How operations live.</param>
/// <param name="State">What keeps the state.</param>
/// <param name="Properties">How large dead properties may be, and how many.</param>
internal sealed record Settings(
    WebDavOptions WebDav,
    RequestLimits Limits,
    FileStoreOptions Store,
    string StateDirectory,
    KeepAliveOptions KeepAlive,
    LockOptions Locks,
    OperationOptions Operations,
    StateOptions State,
    PropertyOptions Properties)
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="OptionsValidationException">At least one is wrong; every one that is has a line, which begins with its key.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var root = ReadRoot(reader);
        var state = Path.GetFullPath(reader.Text("WebDav:StateDirectory") ?? Path.Combine(root, ReservedName.Text));
        var kept = StateSettings.Read(reader);
        var isShared = kept.Provider == StateProvider.PostgreSql;
        var webDav = new WebDavOptions
        {
            PathBase = reader.Prefix("WebDav:PathBase"),
            HostNames = ReadHostNames(reader),
            CorsOrigins = [.. reader.Texts("WebDav:CorsOrigins").Select(origin => origin.Text)],
            ReadOnly = reader.Flag("WebDav:ReadOnly", otherwise: false),
            DeepPropFind = reader.Choice("WebDav:DeepPropFind", DeepPropFind.Allowed),
            PropFindAnswer = reader.Choice("WebDav:PropFindAnswer", PropFindAnswer.Streamed),
            SpoolDirectory = isShared ? Path.GetTempPath() : Path.Combine(state, "staging"),
        };
        var store = new FileStoreOptions
        {
            Root = root,
            StagingDirectory = Path.Combine(state, isShared ? "servers" : "staging"),
            Shared = isShared,
            Symlinks = reader.Choice("WebDav:Symlinks", SymlinkPolicy.InsideRoot),
            Durability = reader.Choice("WebDav:Durability", Durability.Rename),
            ReadOnly = webDav.ReadOnly,
        };
        var keepAlive = KeepAliveSettings.Read(reader);
        var locks = new LockOptions
        {
            DefaultTimeout = reader.Duration("Locks:DefaultTimeout", TimeSpan.FromHours(1)),
            MaximumTimeout = reader.Duration("Locks:MaximumTimeout", TimeSpan.FromDays(7)),
            MaximumPerUser = reader.Count("Locks:MaximumPerUser", 10_000),
            Maximum = reader.Count("Locks:Maximum", 100_000),
        };
        if (locks.DefaultTimeout > locks.MaximumTimeout)
        {
            reader.Fault("Locks:DefaultTimeout", $"{locks.DefaultTimeout} is longer than Locks:MaximumTimeout, {locks.MaximumTimeout}");
        }

        var operations = new OperationOptions
        {
            Retention = reader.Duration("Operations:Retention", TimeSpan.FromDays(1)),
            OnDisconnect = reader.Choice("Operations:OnDisconnect", OnDisconnect.Continue),
            ShutdownWait = reader.Duration("Operations:ShutdownWait", TimeSpan.FromSeconds(20)),
            Bounds = LimitsSettings.ReadOperations(reader),
        };
        var properties = new PropertyOptions
        {
            MaximumSize = reader.Count("Properties:MaximumSize", 64 * 1024),
            MaximumPerResource = reader.Count("Properties:MaximumPerResource", 1000),
        };
        var limits = LimitsSettings.ReadRequests(reader);
        return reader.Faults.Count == 0
            ? new Settings(webDav, limits, store, state, keepAlive, locks, operations, kept, properties)
            : throw new OptionsValidationException("WebDav", typeof(Settings), reader.Faults);
    }

    private static string ReadRoot(SettingsReader reader)
    {
        var root = Path.GetFullPath(reader.Text("WebDav:Root") ?? "data");
        if (!Directory.Exists(root))
        {
            reader.Fault("WebDav:Root", $"the directory '{root}' does not exist");
        }

        return root;
    }

    private static IReadOnlyList<string> ReadHostNames(SettingsReader reader)
    {
        var names = reader.Texts("WebDav:HostNames").ToArray();
        foreach (var (key, text) in names)
        {
            if (!HostAndPort.TryParse(text, out _))
            {
                reader.Fault(key, $"'{text}' is no host such as files.example.org or files.example.org:8443");
            }
        }

        return [.. names.Select(name => name.Text)];
    }
}
