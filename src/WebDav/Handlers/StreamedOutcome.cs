using Microsoft.AspNetCore.Http;
using WebDav.Operations;
using WebDav.Progress;
using WebDav.Protocol;
using WebDav.Protocol.Xml;

namespace WebDav.Handlers;

/// <summary>
/// Writes the 207 of a COPY, MOVE or DELETE whose end is not known yet: it begins at once, white space keeps the client waiting, and
/// its responses come last. Only for clients that read it: rclone and gvfs take the status line for success.
/// </summary>
internal sealed class StreamedOutcome(KeepAliveEmitter emitter)
{
    /// <summary>Writes the answer.</summary>
    /// <param name="response">The response.</param>
    /// <param name="request">The request.</param>
    /// <param name="operation">What it waits for.</param>
    /// <param name="report">Is told what the status line cannot say.</param>
    /// <param name="cancellation">Cancelled when the client goes away: the operation goes on.</param>
    public async Task WriteAsync(
        HttpResponse response, DavRequest request, Operation operation, RequestReport report, CancellationToken cancellation)
    {
        report.IsStreamed = true;
        response.StatusCode = StatusCodes.Status207MultiStatus;
        response.ContentType = "application/xml; charset=utf-8";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep single bytes back
        var output = response.BodyWriter;
        var writer = new MultiStatusWriter(new XmlOutput(output), request.Urls);
        writer.Start();
        await output.FlushAsync(cancellation);

        var interval = request.KeepAlive.Pace.Interval;
        var result = await emitter.WhileAsync(
            operation.Completion.WaitAsync(cancellation),
            new KeepAlivePace(int.MaxValue, interval, interval),
            async _ =>
            {
                writer.Space();
                await output.FlushAsync(cancellation);
                return true;
            });

        Write(writer, request, result);
        report.StreamedStatus = result.Status;
        report.Reason = result.Failures.Count > 0 ? MemberFault.Summary(result.Failures) : result.Fault?.Reason;
        writer.End();
        await output.FlushAsync(cancellation);
    }

    // RFC 4918 13 lists only failures; here success is told, too, as the status line could not.
    private static void Write(MultiStatusWriter writer, DavRequest request, OperationResult result)
    {
        if (result.Fault is { } fault)
        {
            writer.Fault(new MemberFault(request.Path, request.TrailingSlash, fault));
        }
        else if (result.Failures.Count > 0)
        {
            foreach (var member in result.Failures)
            {
                writer.Fault(member);
            }
        }
        else
        {
            writer.Outcome(request.Path, request.TrailingSlash, result.Status);
        }
    }
}
