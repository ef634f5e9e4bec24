using WebDav.Storage;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Operations;

/// <summary>The page <c>…/result</c> gives the response that the request would have had.</summary>
public sealed class ResultPageTests
{
    private const string LockBody = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";

    public static TheoryData<string, string> Cases => new()
    {
        { "COPY", "new" },
        { "COPY", "replaced" },
        { "COPY", "member fails" },
        { "COPY", "disk full" },
        { "MOVE", "new" },
        { "MOVE", "replaced" },
        { "MOVE", "busy" },
        { "DELETE", "gone" },
        { "DELETE", "member fails" },
        { "LOCK", "granted" },
        { "LOCK", "member locked" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_is_the_same_while_the_server_lives_and_after_a_restart(string method, string what)
    {
        RawResponse direct = await AnswerAsync();
        await using OperationServer server = await PrepareAsync();
        RawResponse accepted = await server.AskAsync(method, "Prefer: respond-async");
        string page = accepted["Location"]!;
        await server.EndOfAsync(page);
        RawResponse result = await server.Server.AskAsync("GET", page + "/result");
        await using OperationServer next = await server.RestartAsync();
        RawResponse later = await next.Server.AskAsync("GET", page + "/result");

        Assert.Equal(202, accepted.Status);
        Assert.All([result, later], answer =>
        {
            Assert.Equal(direct.StatusLine, answer.StatusLine);
            Assert.Equal(direct["Content-Type"], answer["Content-Type"]);
            Assert.Equal(direct["Lock-Token"] is null, answer["Lock-Token"] is null);
            Assert.Equal(WithoutTokens(direct), WithoutTokens(answer));
        });
        Assert.Equal(result["Lock-Token"], later["Lock-Token"]);

        async Task<RawResponse> AnswerAsync()
        {
            await using OperationServer other = await PrepareAsync();
            return await other.AskAsync(method);
        }

        async Task<OperationServer> PrepareAsync()
        {
            OperationServer prepared = await OperationServer.StartAsync();
            switch (what)
            {
                case "replaced":
                    prepared.Tree.AddFile("b/old");
                    break;
                case "member fails":
                    prepared.Store.Fail(method == "COPY" ? StoreCall.StagedCopyFile : StoreCall.Remove, "/a/d/g", StoreFault.Denied);
                    break;
                case "disk full":
                    prepared.Store.Fail(StoreCall.StagedCopyFile, "/a/d/g", StoreFault.NoSpace);
                    break;
                case "busy":
                    prepared.Store.Fail(StoreCall.Rename, "/a", StoreFault.Busy);
                    break;
                case "member locked":
                    Assert.Equal(200, await prepared.Server.StatusAsync("LOCK", "/a/d/g", ["Test-User: bob", "Depth: 0"], LockBody));
                    break;
            }

            return prepared;
        }
    }

    [Fact]
    public async Task A_lock_can_be_used_with_the_token_that_the_page_tells()
    {
        await using OperationServer server = await OperationServer.StartAsync();
        RawResponse accepted = await server.AskAsync("LOCK", "Prefer: respond-async");
        await server.EndOfAsync(accepted["Location"]!);
        string token = (await server.Server.AskAsync("GET", accepted["Location"] + "/result"))["Lock-Token"]!;

        Assert.Equal(423, await server.Server.StatusAsync("PUT", "/a/f", body: "text"));
        Assert.Equal(204, await server.Server.StatusAsync("PUT", "/a/f", [$"If: ({token})"], "text"));
    }

    private static string WithoutTokens(RawResponse response) =>
        System.Text.RegularExpressions.Regex.Replace(response.Text, "urn:uuid:[0-9a-f-]{36}", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
