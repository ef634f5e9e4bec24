using Microsoft.Extensions.Logging;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.State;

namespace WebDavServer.Tests.State;

/// <summary>A state directory of a test's own, and what was logged about it.</summary>
internal sealed class StateDirectory : TimeProvider, ILogger<StateDatabase>, ILogger<StateSweep>, IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("webdav-state-");

    public string Folder => Path.Combine(_parent.FullName, "state");

    public string Database => Path.Combine(Folder, "state.db");

    public DateTimeOffset Now { get; set; } = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    public List<(LogLevel Level, string Text)> Logged { get; } = [];

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static PropertyName Name(string local) => new("urn:test", local);

    public static DavPath At(string value) => DavPath.FromValue(value);

    public static DeadProperty Property(string local, string text = "x") =>
        new(Name(local), $"<t:{local} xmlns:t=\"urn:test\">{text}</t:{local}>");

    public static PropertyChange Set(string local, string text = "x") => new(Name(local), Property(local, text));

    public static PropertyChange Remove(string local) => new(Name(local), null);

    /// <summary>What a MOVE does to the properties.</summary>
    public static ValueTask MoveAsync(StateDatabase database, DavPath source, DavPath destination) =>
        TransferAsync(database, TransferKind.Move, source, destination);

    /// <summary>What a COPY does to them.</summary>
    public static ValueTask CopyAsync(StateDatabase database, DavPath source, DavPath destination, bool tree = true) =>
        TransferAsync(database, tree ? TransferKind.Copy : TransferKind.CopyOne, source, destination);

    public StateDatabase Open(bool flush = false) => StateDatabase.Open(Folder, flush, this, this);

    public override DateTimeOffset GetUtcNow() => Now;

    private static async ValueTask TransferAsync(StateDatabase database, TransferKind kind, DavPath source, DavPath destination)
    {
        TransferIntents intents = new(database, System);
        await intents.CompleteAsync(await intents.BeginAsync(kind, source, destination, "1", null, Cancellation), [], Cancellation);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Add((logLevel, formatter(state, exception)));

    public void Dispose() => _parent.Delete(recursive: true);
}
