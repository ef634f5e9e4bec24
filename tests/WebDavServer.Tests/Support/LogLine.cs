using Microsoft.Extensions.Logging;

namespace WebDavServer.Tests.Support;

/// <summary>A line of the log.</summary>
/// <param name="Category">Who wrote it.</param>
/// <param name="Level">How grave it is.</param>
/// <param name="Text">What it says.</param>
/// <param name="Exception">The exception that goes with it.</param>
internal sealed record LogLine(string Category, LogLevel Level, string Text, Exception? Exception);
