using Microsoft.Extensions.Logging;

namespace WebDav.Storage.Files;

/// <summary>What the store tells those who run it.</summary>
internal static partial class FileStoreLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Debug, Message = "A name in {Collection} is not UTF-8 and is left out: {Name} (hexadecimal)")]
    public static partial void NameLeftOut(this ILogger log, string collection, string name);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "Removed {Count} entries that an earlier run had left in staging")]
    public static partial void StagingCleared(this ILogger log, int count);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "What an earlier run had left at {Path} cannot be removed; it is tried again at the next start")]
    public static partial void LeftoverStays(this ILogger log, string path);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "What was replaced at {Path} could not be removed wholly; the rest goes at the next start")]
    public static partial void DisplacedStays(this ILogger log, string path);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "What was replaced could not be put out of sight; it is at {Path} until it is removed there")]
    public static partial void DisplacedInSight(this ILogger log, string path, Exception fault);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Warning, Message = "What was replaced could not be removed wholly; the rest is at {Path}")]
    public static partial void DisplacedStaysInSight(this ILogger log, string path);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Error, Message = "{Path} was being moved or removed, and could not be given its name back; it lies in the server's staging directory")]
    public static partial void NotGivenBack(this ILogger log, string path, Exception fault);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Warning, Message = "What was done at {Path} is not known to be on the disk: it could not be flushed")]
    public static partial void NotFlushed(this ILogger log, string path, Exception fault);
}
