using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebDav.Access;
using WebDav.Handlers;
using WebDav.Protocol;
using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hosting;

public sealed class RequestLogTests
{
    [Fact]
    public async Task A_request_is_one_line()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(endpoints: app => app.Run(context => context.Response.WriteAsync("hello")));

        await server.Client.GetStringAsync(new Uri("/a%20b?secret", UriKind.Relative));

        LogLine line = Assert.Single(await server.Log.WaitForRequestsAsync());
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Matches(@"^GET /a%20b 200 in [0-9.]+ ms, 5 bytes, user -, from 127\.0\.0\.1$", line.Text);
    }

    [Fact]
    public async Task Bytes_are_counted_by_every_way_of_writing()
    {
        using TempTree tree = new();
        string file = tree.AddFile("file", "1234567890");
        await using ServerFixture server = await ServerFixture.StartAsync(endpoints: app => app.Run(async context =>
        {
            await context.Response.BodyWriter.WriteAsync("1"u8.ToArray());
            context.Response.BodyWriter.GetSpan(2)[..2].Fill((byte)'x');
            context.Response.BodyWriter.Advance(2);
            await context.Response.BodyWriter.FlushAsync();
            await context.Response.Body.WriteAsync("345"u8.ToArray());
            await context.Response.SendFileAsync(file);
        }));

        Assert.Equal("1xx3451234567890", await server.Client.GetStringAsync(new Uri("/", UriKind.Relative)));

        Assert.Contains(", 16 bytes,", Assert.Single(await server.Log.WaitForRequestsAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_library_reports_is_in_the_line()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(endpoints: app => app.Run(context =>
        {
            RequestReport report = context.Features.Get<RequestReport>()!;
            report.InterimResponses = 3;
            report.KeepAliveRule = "user agent";
            report.Reason = "locked by\nsomebody";
            context.Features.Set(new DavUser("anna", UserAccess.Full));
            context.Response.StatusCode = StatusCodes.Status423Locked;
            return Task.CompletedTask;
        }));

        using HttpResponseMessage response = await server.Client.GetAsync(new Uri("/", UriKind.Relative));

        LogLine line = Assert.Single(await server.Log.WaitForRequestsAsync());
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Matches(@" 423 .*, user anna, .*, 3 times 102 \(user agent\): locked by\\u\{a\}somebody$", line.Text);
    }

    [Theory]
    [InlineData("MKCOL", "/none/new/", 409)]
    [InlineData("MKCOL", "/there/", 405)]
    [InlineData("PUT", "/none/new%0Afile", 409)]
    [InlineData("DELETE", "/none", 404)]
    public async Task What_a_client_may_always_ask_for_in_vain_is_one_line_and_no_fault_of_the_store(string method, string path, int status)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Tree.AddDirectory("there");
        int before = server.Log.Lines.Count;

        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using HttpResponseMessage response = await server.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        await server.Log.WaitForRequestsAsync();
        LogLine line = Assert.Single(server.Log.Lines.Skip(before), line => line.Level >= LogLevel.Information && line.Category.StartsWith("WebDav", StringComparison.Ordinal));
        Assert.StartsWith($"{method} {path} {status} ", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_store_is_told_with_what_the_system_said_and_no_name_ends_its_line()
    {
        await using FaultyServer server = await FaultyServer.StartAsync();
        server.Store.Fail(StoreCall.MakeCollection, path: null, StoreFault.Denied);

        using HttpRequestMessage request = new(new HttpMethod("MKCOL"), new Uri("/a%0Ab/", UriKind.Relative));
        using HttpResponseMessage response = await server.Server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        LogLine line = Assert.Single(server.Server.Log.Lines, line => line.Exception is StoreException);
        Assert.Equal("The store failed at /a%0Ab", line.Text);
        Assert.DoesNotContain('\n', line.Exception!.Message);
    }

    [Theory]
    [InlineData(0, false, false, null, "")]
    [InlineData(0, true, false, null, ", no 102: a rule")]
    [InlineData(2, true, false, null, ", 2 times 102 (a rule)")]
    [InlineData(0, true, true, null, ", answer streamed")]
    [InlineData(0, false, true, 201, ", answer streamed (201)")]
    [InlineData(2, true, true, null, ", 2 times 102 (a rule), answer streamed")]
    public async Task How_a_request_was_kept_alive_or_why_it_was_not_is_in_the_line(
        int interim, bool waited, bool streamed, int? streamedStatus, string end)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(endpoints: app => app.Run(context =>
        {
            RequestReport report = context.Features.Get<RequestReport>()!;
            report.KeepAliveRule = "a rule";
            (report.InterimResponses, report.HasWaited, report.IsStreamed, report.StreamedStatus) = (interim, waited, streamed, streamedStatus);
            return Task.CompletedTask;
        }));

        using HttpResponseMessage response = await server.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.EndsWith($"from 127.0.0.1{end}", Assert.Single(await server.Log.WaitForRequestsAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unforeseen_fault_is_answered_500_without_a_word_of_it()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(endpoints: app => app.Run(context =>
        {
            context.Response.Headers.ETag = "\"x\"";
            throw new InvalidOperationException("the inside");
        }));

        using HttpResponseMessage response = await server.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Null(response.Headers.ETag);
        LogLine line = Assert.Single(await server.Log.WaitForRequestsAsync());
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.EndsWith(": unhandled InvalidOperationException", line.Text, StringComparison.Ordinal);
        Assert.Single(server.Log.Lines, entry => entry.Exception is InvalidOperationException { Message: "the inside" });
    }

    [Fact]
    public async Task A_fault_after_the_head_breaks_the_connection()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(endpoints: app => app.Run(async context =>
        {
            await context.Response.WriteAsync("half");
            throw new InvalidOperationException("late");
        }));

        await Assert.ThrowsAsync<HttpRequestException>(() => server.Client.GetStringAsync(new Uri("/", UriKind.Relative)));
    }

    [Fact]
    public async Task A_broken_body_is_the_clients_fault()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(
            endpoints: app => app.Run(context => context.Request.Body.CopyToAsync(Stream.Null)));
        await using RawConnection connection = await server.ConnectAsync();

        await connection.SendAsync("PUT /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");

        Assert.Equal(400, (await connection.ReadAsync()).Status);
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Theory]
    [InlineData("ReadOnly", false)]
    [InlineData("ReadWrite", true)]
    [InlineData(null, true)]
    public async Task The_anonymous_user_may_write_as_the_settings_say(string? setting, bool mayWrite)
    {
        DavUser? user = null;
        await using ServerFixture server = await ServerFixture.StartAsync(
            new Dictionary<string, string?> { ["Auth:Anonymous"] = setting },
            endpoints: app => app.Run(context =>
            {
                user = context.Features.Get<DavUser>();
                return Task.CompletedTask;
            }));

        using HttpResponseMessage response = await server.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.NotNull(user);
        Assert.Null(user.Name);
        Assert.True(user.Access.MayRead(DavPath.Root));
        Assert.Equal(mayWrite, user.Access.MayWriteSomewhere);
    }
}
