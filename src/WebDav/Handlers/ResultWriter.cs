using Microsoft.AspNetCore.Http;
using WebDav.Operations;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Protocol.Xml;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>Turns what a handler decided into a response: the only place where status lines and header fields are written.</summary>
internal sealed class ResultWriter(
    IStore store, ListingWriter listing, PropertiesWriter properties, StreamedOutcome outcome, WebDavOptions options, TimeProvider time)
{
    private const string Xml = "application/xml; charset=utf-8";

    /// <summary>Writes a result.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="request">The request; null where it could not be parsed.</param>
    /// <param name="result">What was decided.</param>
    /// <param name="report">Is told why a request was refused.</param>
    public Task WriteAsync(HttpContext context, DavRequest? request, DavResult result, RequestReport report)
    {
        var response = context.Response;
        switch (result)
        {
            case DavResult.Refused { Fault: var fault }:
                return RefuseAsync(context, request, fault, report);
            case DavResult.Done done:
                return DoneAsync(response, done);
            case DavResult.NotModified { Entry: var entry }:
                response.StatusCode = StatusCodes.Status304NotModified;
                Validators.Write(response.Headers, entry);
                return Task.CompletedTask;
            case DavResult.Failures { Members: var members }:
                report.Reason = MemberFault.Summary(members);
                return MultiStatusAsync(response, writer => members.ToList().ForEach(writer.Fault));
            case DavResult.Content file:
                report.Reason = file.Ranges.Kind == RangeKind.Unsatisfiable ? "the file is shorter: no part of it is asked for" : null;
                return ContentWriter.WriteAsync(response, file, context.RequestAborted);
            case DavResult.Listing page:
                return listing.WriteAsync(response, page, context.RequestAborted);
            case DavResult.Options { Allow: var allow }:
                return AllowAsync(response, allow);
            case DavResult.Properties found:
                return properties.WriteAsync(response, request!, found, report, context.RequestAborted);
            case DavResult.Patched patched:
                return MultiStatusAsync(response, writer => Write(writer, patched));
            case DavResult.Awaited { Operation: var operation }:
                return outcome.WriteAsync(response, request!, operation, report, context.RequestAborted);
            case DavResult.Accepted { Operation: var id }:
                return AcceptedAsync(response, id);
            case DavResult.Locked locked:
                return LockedAsync(response, locked);
            default:
                throw new InvalidOperationException($"no way to write {result.GetType().Name}");
        }
    }

    private static Task AllowAsync(HttpResponse response, string allow)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.Allow = allow;
        response.Headers["DAV"] = "1, 2, 3";
        response.Headers["MS-Author-Via"] = "DAV";
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private Task AcceptedAsync(HttpResponse response, Guid operation)
    {
        response.StatusCode = StatusCodes.Status202Accepted;
        response.Headers.Location = OperationLinks.Self(options.PathBase, operation);
        response.Headers["Preference-Applied"] = "respond-async";
        response.Headers.RetryAfter = "1";
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Task DoneAsync(HttpResponse response, DavResult.Done done)
    {
        response.StatusCode = done.Status;
        if (done.ETag is { } tag)
        {
            response.Headers.ETag = tag.ToString();
        }

        if (done.ModifiedAccepted)
        {
            response.Headers["X-OC-MTime"] = "accepted";
        }

        if (done.Status != StatusCodes.Status204NoContent)
        {
            response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }

    private static void Write(MultiStatusWriter writer, DavResult.Patched patched)
    {
        writer.StartResponse(patched.Entry.Path, patched.Entry.IsCollection);
        foreach (var group in patched.Outcomes.GroupBy(outcome => (outcome.Status, outcome.Condition)))
        {
            writer.StartPropStat();
            foreach (var outcome in group)
            {
                writer.Xml.Empty(outcome.Name);
            }

            writer.EndPropStat(group.Key.Status, group.Key.Condition);
        }

        writer.EndResponse();
    }

    private async Task RefuseAsync(HttpContext context, DavRequest? request, DavFault fault, RequestReport report)
    {
        var response = context.Response;
        report.Reason = fault.Reason;
        response.StatusCode = fault.Status;
        if (fault.Status == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = MethodTable.Allow(await store.FindAsync(request!.Path, context.RequestAborted));
        }

        if (fault.Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }

        if (fault.Condition is null)
        {
            response.ContentType = "text/plain; charset=utf-8";
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await response.WriteAsync(fault.Reason + "\n", context.RequestAborted);
            }

            return;
        }

        await XmlAsync(response, xml =>
        {
            xml.StartDocument("error"u8);
            new MultiStatusWriter(xml, options.PathBase).Condition(fault);
            xml.End("error"u8);
        });
    }

    private Task MultiStatusAsync(HttpResponse response, Action<MultiStatusWriter> write)
    {
        response.StatusCode = StatusCodes.Status207MultiStatus;
        return XmlAsync(response, xml =>
        {
            var writer = new MultiStatusWriter(xml, options.PathBase);
            writer.Start();
            write(writer);
            writer.End();
        });
    }

    private Task LockedAsync(HttpResponse response, DavResult.Locked locked)
    {
        response.StatusCode = locked.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        if (!locked.Refreshed)
        {
            response.Headers["Lock-Token"] = locked.Lock.Token.ToString();
        }

        return XmlAsync(response, xml =>
        {
            xml.StartDocument("prop"u8);
            LockDiscovery.Write(xml, new PropertyContext(locked.Entry, locked.Covering, Space: null, options.PathBase, time.GetUtcNow()));
            xml.End("prop"u8);
        });
    }

    private static async Task XmlAsync(HttpResponse response, Action<XmlOutput> write)
    {
        response.ContentType = Xml;
        write(new XmlOutput(response.BodyWriter));
        await response.BodyWriter.FlushAsync();
    }
}
