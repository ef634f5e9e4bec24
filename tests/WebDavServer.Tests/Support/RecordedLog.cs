using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebDavServer.Tests.Support;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    /// <summary>Every line so far.</summary>
    public IReadOnlyList<LogLine> Lines => [.. _lines];

    /// <summary>The lines of the request log so far.</summary>
    public IReadOnlyList<LogLine> Requests => [.. _lines.Where(line => line.Category.EndsWith(".RequestLog", StringComparison.Ordinal))];

    /// <summary>Waits until the request log has so many lines: they are written after the client has its answer.</summary>
    public async Task<IReadOnlyList<LogLine>> WaitForRequestsAsync(int count = 1)
    {
        for (int i = 0; i < 1000 && Requests.Count < count; i++)
        {
            await Task.Delay(10);
        }

        Assert.True(Requests.Count >= count, $"the request log has {Requests.Count} lines, not {count}");
        return Requests;
    }

    /// <summary>Forgets every line.</summary>
    public void Clear() => _lines.Clear();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, _lines);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Recorder(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new(category, logLevel, formatter(state, exception), exception));
    }
}
