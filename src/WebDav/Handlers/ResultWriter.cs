using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WebDav.Metrics;
using WebDav.Operations;
using WebDav.Properties;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Protocol.Xml;
using WebDav.Storage;

namespace WebDav.Handlers;

/// <summary>Turns what a handler decided into a response: the only place where status lines and header fields are written.</summary>
internal sealed class ResultWriter(
    IStore store, PropertiesWriter properties, StreamedOutcome outcome, ZipWriter zip, WebDavMetrics metrics, TimeProvider time)
{
    private const string Xml = "application/xml; charset=utf-8";

    // RFC 4918 10.1 and 18, RFC 5689 3.1, sabre.io/dav/http-patch.
    private const string Capabilities = "1, 2, 3, extended-mkcol, sabredav-partialupdate";

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
                report.Reason = file.Refusal?.Reason
                    ?? (file.Ranges.Kind == RangeKind.Unsatisfiable ? "the file is shorter: no part of it is asked for" : null);
                return ContentWriter.WriteAsync(response, file, Urls(response), metrics, context.RequestAborted);
            case DavResult.Listing page:
                CollectionLocation.Write(response, request!, page.Collection);
                return ListingWriter.WriteAsync(response, Urls(response), page, context.RequestAborted);
            case DavResult.Zip whole:
                return zip.WriteAsync(response, Urls(response), whole, context.RequestAborted);
            case DavResult.Options allowed:
                return AllowAsync(response, allowed);
            case DavResult.Properties found:
                return properties.WriteAsync(response, request!, found, report, context.RequestAborted);
            case DavResult.Patched patched:
                return PatchedAsync(response, request!, patched);
            case DavResult.NotMade { Outcomes: var outcomes }:
                return NotMadeAsync(response, outcomes, report);
            case DavResult.Accepted accepted:
                return AcceptedAsync(response, accepted);
            case DavResult.Awaited { Operation: var operation }:
                return outcome.WriteAsync(response, request!, operation, report, context.RequestAborted);
            case DavResult.Locked locked:
                return LockedAsync(response, locked);
            default:
                throw new InvalidOperationException($"no way to write {result.GetType().Name}");
        }
    }

    private static Task AllowAsync(HttpResponse response, DavResult.Options allowed)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.Allow = allowed.Allow;
        Introduce(response);
        if (allowed.CanBePatched)
        {
            response.Headers["Accept-Patch"] = MediaType.PartialUpdate; // RFC 5789 3.1
        }

        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static UrlSpace Urls(HttpResponse response) => response.HttpContext.Features.GetRequiredFeature<UrlSpace>();

    // Windows and macOS decide by these what kind of server it is, also before they log in.
    private static void Introduce(HttpResponse response)
    {
        response.Headers["DAV"] = Capabilities;
        response.Headers["MS-Author-Via"] = "DAV";
    }

    private static Task AcceptedAsync(HttpResponse response, DavResult.Accepted accepted)
    {
        response.StatusCode = StatusCodes.Status202Accepted;
        response.Headers.Location = OperationLinks.Self(Urls(response), accepted.Operation);
        if (accepted.Applied is { } applied)
        {
            response.Headers["Preference-Applied"] = applied;
        }

        response.Headers.RetryAfter = "1";
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Task DoneAsync(HttpResponse response, DavResult.Done done)
    {
        response.StatusCode = done.Status;
        if (done.Minimal)
        {
            AppliedPreferences.Write(response.Headers, brief: false, AppliedPreferences.Minimal);
        }

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

    private static Task PatchedAsync(HttpResponse response, DavRequest request, DavResult.Patched patched)
    {
        var minimal = request.Prefer.ReturnMinimal && patched.Outcomes.All(outcome => outcome.Status == StatusCodes.Status200OK);
        AppliedPreferences.Write(response.Headers, brief: true, minimal ? AppliedPreferences.Minimal : null);
        if (minimal)
        {
            response.ContentLength = 0; // RFC 8144 2.2: 200 without a body in place of the 207
            return Task.CompletedTask;
        }

        return MultiStatusAsync(response, writer =>
        {
            writer.StartResponse(patched.Entry.Path, patched.Entry.IsCollection);
            Write(writer, patched.Outcomes);
            writer.EndResponse();
        });
    }

    private static Task NotMadeAsync(HttpResponse response, IReadOnlyList<PropertyOutcome> outcomes, RequestReport report)
    {
        var first = outcomes.First(outcome => outcome.Status != StatusCodes.Status424FailedDependency);
        report.Reason = $"the property {first.Name} cannot be set";
        response.StatusCode = first.Status;
        return XmlAsync(response, xml =>
        {
            xml.StartDocument("mkcol-response"u8);
            Write(new MultiStatusWriter(xml, Urls(response)), outcomes);
            xml.End("mkcol-response"u8);
        });
    }

    private static void Write(MultiStatusWriter writer, IReadOnlyList<PropertyOutcome> outcomes)
    {
        foreach (var group in outcomes.GroupBy(outcome => (outcome.Status, outcome.Condition)))
        {
            writer.StartPropStat();
            foreach (var outcome in group)
            {
                writer.Xml.Empty(outcome.Name);
            }

            writer.EndPropStat(group.Key.Status, group.Key.Condition);
        }
    }

    private async Task RefuseAsync(HttpContext context, DavRequest? request, DavFault fault, RequestReport report)
    {
        var response = context.Response;
        report.Reason = fault.Reason;
        response.StatusCode = fault.Status;
        switch (fault.Status)
        {
            case StatusCodes.Status401Unauthorized:
                Introduce(response);
                await context.ChallengeAsync();
                break;
            case StatusCodes.Status408RequestTimeout when !HttpProtocol.IsHttp2(context.Request.Protocol):
                response.Headers.Connection = "close"; // RFC 9110 15.5.9
                break;
            case StatusCodes.Status405MethodNotAllowed:
                response.Headers.Allow = MethodTable.Allow(await store.FindAsync(request!.Path, context.RequestAborted));
                break;
            case StatusCodes.Status415UnsupportedMediaType when HttpMethods.IsPatch(context.Request.Method):
                response.Headers["Accept-Patch"] = MediaType.PartialUpdate; // RFC 5789 2.2
                break;
            case StatusCodes.Status416RangeNotSatisfiable when request is not null:
                var length = (await store.FindAsync(request.Path, context.RequestAborted))?.Length ?? 0;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{length}"); // RFC 9110 15.5.17
                break;
        }

        if (fault.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalSeconds)}");
        }
        else if (fault.Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }

        if (fault.Condition is null)
        {
            response.ContentType = "text/plain; charset=utf-8";
            response.Headers.XContentTypeOptions = "nosniff"; // the reason may hold words of the client's
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await response.WriteAsync(fault.Reason + "\n", context.RequestAborted);
            }

            return;
        }

        var collections = await CollectionsAsync(fault.Hrefs, context.RequestAborted);
        await XmlAsync(response, xml =>
        {
            xml.StartDocument("error"u8);
            new MultiStatusWriter(xml, Urls(response)).Condition(fault, collections.Contains);
            xml.End("error"u8);
        });
    }

    private async ValueTask<HashSet<DavPath>> CollectionsAsync(IReadOnlyList<DavPath> paths, CancellationToken cancellation)
    {
        var collections = new HashSet<DavPath>();
        foreach (var path in paths)
        {
            if (await store.FindAsync(path, cancellation) is { IsCollection: true })
            {
                collections.Add(path);
            }
        }

        return collections;
    }

    private static Task MultiStatusAsync(HttpResponse response, Action<MultiStatusWriter> write)
    {
        response.StatusCode = StatusCodes.Status207MultiStatus;
        return XmlAsync(response, xml =>
        {
            var writer = new MultiStatusWriter(xml, Urls(response));
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
            response.Headers["Lock-Token"] = locked.Token.ToString();
        }

        return XmlAsync(response, xml =>
        {
            xml.StartDocument("prop"u8);
            LockDiscovery.Write(xml, new PropertyContext(locked.Entry, locked.Covering, Space: null, Urls(response), time.GetUtcNow()));
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
