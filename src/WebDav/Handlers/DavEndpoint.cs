using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>
/// Where every WebDAV request comes in: its target is parsed, its method found in the table, its frame checked once, its handler
/// asked, and the result written.
/// </summary>
internal sealed partial class DavEndpoint(
    MethodTable methods,
    DavRequestReader reader,
    ResultWriter writer,
    WebDavOptions options,
    ServerLifetime lifetime,
    ILogger<DavEndpoint> logger)
{
    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var report = context.Features.Get<RequestReport>() ?? new RequestReport();
        try
        {
            await AnswerAsync(context, report);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or ConnectionResetException or IOException and not StoreException)
        {
            report.Reason = "the client went away";
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context, RequestReport report)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (raw == "*")
        {
            await writer.WriteAsync(context, request: null, AnswerAnywhere(context.Request.Method), report);
            return;
        }

        DavRequest? request = null;
        DavResult result;
        try
        {
            if (methods.Find(context.Request.Method) is not { } method)
            {
                result = MethodTable.Refuse(context.Request.Method);
            }
            else
            {
                var target = RequestTarget.Parse(raw, options.PathBase);
                request = await reader.ReadAsync(context, method, target, report, context.RequestAborted);
                result = await method.Handler.HandleAsync(request, context.RequestAborted);
            }

            await writer.WriteAsync(context, request, result, report);
        }
        catch (Exception failure) when (!context.Response.HasStarted && ToFault(failure) is { } fault)
        {
            await writer.WriteAsync(context, request, fault, report);
        }
    }

    private static DavResult AnswerAnywhere(string method) => method == "OPTIONS"
        ? new DavResult.Options(MethodTable.AllowAnywhere)
        : new DavFault(400, "only OPTIONS can be asked of the whole server");

    private DavFault? ToFault(Exception failure)
    {
        switch (failure)
        {
            case DavFaultException refused:
                return refused.Fault;
            case StoreException failed:
                LogStoreFault(failed.Path, failed);
                return failed.ToDavFault();
            case BadHttpRequestException bad:
                return new DavFault(bad.StatusCode, bad.Message);
            case OperationCanceledException when lifetime.Stopping.IsCancellationRequested:
                return new DavFault(503, "the server is stopping");
            default:
                return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The store failed at {Path}")]
    private partial void LogStoreFault(DavPath path, Exception failure);
}
