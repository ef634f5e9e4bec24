using Microsoft.Extensions.Logging;
using WebDav.Protocol;

namespace WebDav.State.Shared;

internal static partial class SharedLog
{
    [LoggerMessage(LogLevel.Error, "PostgreSQL is away: files are read, and what needs locks or properties is answered 503 until it is back")]
    public static partial void Away(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Information, "PostgreSQL is back")]
    public static partial void Back(ILogger logger);

    [LoggerMessage(LogLevel.Information, "This server is {Seat} among those that share the directory")]
    public static partial void Seated(ILogger logger, string seat);

    [LoggerMessage(LogLevel.Warning, "The others have taken this server for dead: what it was at is interrupted, and it begins anew")]
    public static partial void Superseded(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The server ends in the middle of something: what is left of it is for the others, or the next start, to put in order")]
    public static partial void LeftAtWork(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The server {Seat} at {Host} gives no sign of life: what it was at is taken over")]
    public static partial void TakesOver(ILogger logger, string seat, string host);

    [LoggerMessage(LogLevel.Warning, "What the server {Seat} was at could not be taken over wholly; that is tried again")]
    public static partial void TakeOverFailed(ILogger logger, string seat, Exception fault);

    [LoggerMessage(LogLevel.Warning, "What could not be kept or asked for in the background is tried again")]
    public static partial void TriedAgain(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Error, "{Source} was being moved by a server that died, and its name has been taken meanwhile: it is at {Place}")]
    public static partial void KeptAside(ILogger logger, DavPath source, string place);
}
