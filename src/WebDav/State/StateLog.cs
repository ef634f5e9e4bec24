using Microsoft.Extensions.Logging;
using WebDav.Protocol;

namespace WebDav.State;

internal static partial class StateLog
{
    [LoggerMessage(
        LogLevel.Error,
        "{Database} is damaged: locks and dead properties start empty. The damaged file was kept as {Aside}")]
    public static partial void SetAside(ILogger logger, Exception damage, string database, string aside);

    [LoggerMessage(
        LogLevel.Error,
        "{Database} has become damaged: files are served, but what needs kept locks or dead properties fails. The next start sets it aside "
        + "and begins a fresh one")]
    public static partial void Damaged(ILogger logger, Exception damage, string? database);

    [LoggerMessage(
        LogLevel.Warning, "What is to be kept of {Path} could not be written yet; that is tried again before the next write, and at the next start")]
    public static partial void Owed(ILogger logger, DavPath path, Exception fault);

    [LoggerMessage(
        LogLevel.Information,
        "Forgot what nothing needs any more: {Properties} dead properties and {Locks} locks of resources that are gone, {Expired} expired locks")]
    public static partial void Swept(ILogger logger, long properties, int locks, int expired);

    [LoggerMessage(LogLevel.Warning, "The served root is not there: the locks and dead properties of its resources were left as they are")]
    public static partial void RootMissing(ILogger logger);
}
