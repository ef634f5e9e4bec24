using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebDav.Operations;
using WebDav.Protocol;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>
/// Where every WebDAV request comes in: its target is parsed, its method found in the table, its frame checked once, its handler
/// asked, and the result written.
/// </summary>
internal sealed partial class DavEndpoint(
    MethodTable methods,
    OperationsEndpoint operations,
    DavRequestReader reader,
    OriginCheck origins,
    ResultWriter writer,
    WebDavOptions options,
    IHostApplicationLifetime host,
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
        catch (Exception gone) when (IsLostConnection(gone, context.RequestAborted))
        {
            report.Reason ??= host.ApplicationStopping.IsCancellationRequested ? "the server ended first" : "the client went away";
            context.Abort();
        }
        catch (DavFaultException cut) when (context.Response.HasStarted)
        {
            // What has left looks whole only if it comes to its end.
            report.Reason = cut.Fault.Reason;
            context.Abort();
        }
    }

    // Kestrel breaks off a read of the body before it says that the request is aborted.
    private static bool IsLostConnection(Exception failure, CancellationToken aborted) => failure switch
    {
        ConnectionAbortedException or OperationCanceledException { InnerException: ConnectionAbortedException } => true,
        OperationCanceledException or ConnectionResetException => aborted.IsCancellationRequested,
        IOException and not StoreException => aborted.IsCancellationRequested,
        _ => false,
    };

    private async Task AnswerAsync(HttpContext context, RequestReport report)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var user = context.Features.Get<DavUser>() ?? DavUser.Anonymous;
        var urls = new UrlSpace(options.PathBase, user.Access.Root);
        context.Features.Set(PublicAddress.UrlsOf(context, urls));
        DavRequest? request = null;
        var answered = false;
        try
        {
            if (user.Refusal is { } refusal)
            {
                await writer.WriteAsync(context, request, refusal, report);
                return;
            }

            if (origins.RefuseChange(context) is { } foreign)
            {
                await writer.WriteAsync(context, request, foreign, report);
                return;
            }

            if (raw == "*")
            {
                await writer.WriteAsync(context, request, AnswerAnywhere(context.Request.Method), report);
                return;
            }

            var target = RequestTarget.Parse(raw, urls);
            if (target.Path.IsAtOrBelow(OperationLinks.Root))
            {
                await operations.HandleAsync(context, target.Path, user, report);
                return;
            }

            if (methods.Find(context.Request.Method) is not { } method)
            {
                await writer.WriteAsync(context, request, MethodTable.Refuse(context.Request.Method), report);
                return;
            }

            request = await reader.ReadAsync(context, method, target, user, report, context.RequestAborted);
            await writer.WriteAsync(context, request, await method.Handler.HandleAsync(request, context.RequestAborted), report);
            answered = await IsOutAsync(context, request);
        }
        catch (Exception failure) when (!context.Response.HasStarted && ToFault(failure) is { } fault)
        {
            await writer.WriteAsync(context, request, fault, report);
        }
        finally
        {
            request?.Answered(answered);
        }
    }

    // Whether a client got its answer matters to those who asked to be told; for the others, Kestrel sends it when it likes.
    private static async ValueTask<bool> IsOutAsync(HttpContext context, DavRequest request)
    {
        if (request.WantsToKnow)
        {
            await context.Response.CompleteAsync();
        }

        return !context.RequestAborted.IsCancellationRequested;
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
                if (failed.Fault.IsTheMachines())
                {
                    LogStoreFault(failed.Path, failed);
                }

                return failed.ToDavFault();
            case BadHttpRequestException bad:
                return new DavFault(bad.StatusCode, bad.Message);
            default:
                return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The store failed at {Path}")]
    private partial void LogStoreFault(DavPath path, Exception failure);
}
