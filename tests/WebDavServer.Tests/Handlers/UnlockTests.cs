using Microsoft.Extensions.DependencyInjection;
using WebDav.Locking;
using WebDavServer.Tests.Locking;
using static WebDavServer.Tests.Handlers.LockClient;

namespace WebDavServer.Tests.Handlers;

public sealed class UnlockTests : IAsyncLifetime
{
    private const string Unknown = "urn:uuid:00000000-0000-0000-0000-000000000000";
    private LockClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _client = await StartAsync();
        _client.Tree.AddFile("file", "text");
        _client.Tree.AddFile("other", "text");
        _client.Tree.AddFile("dir/sub/member", "text");
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task An_unlocked_resource_can_be_written_and_locked_again() // RFC 4918 9.11
    {
        var token = await _client.LockAsync("/file");

        var answer = await UnlockAsync("/file", token);

        Assert.Equal((204, ""), (answer.Status, answer.Text));
        Assert.False(await _client.IsLockedAsync("/file"));
        Assert.Equal(204, (await _client.SendAsync("PUT", "/file", "new")).Status);
        Assert.NotEqual(token, await _client.LockAsync("/file"));
    }

    [Theory]
    [InlineData("/dir/")]
    [InlineData("/dir")]
    [InlineData("/dir/sub/")]
    [InlineData("/dir/sub/member")]
    [InlineData("/dir/not-there")]
    public async Task A_deep_lock_is_removed_whole_from_any_resource_in_its_scope(string path) // RFC 4918 9.10.3, 9.11
    {
        var token = await _client.LockAsync("/dir/");

        Assert.Equal(204, (await UnlockAsync(path, token)).Status);

        Assert.False(await _client.IsLockedAsync("/dir/"));
        Assert.False(await _client.IsLockedAsync("/dir/sub/member"));
    }

    [Fact]
    public async Task One_shared_lock_of_several_is_removed()
    {
        var one = await _client.LockAsync("/file", "shared");
        var other = await _client.LockAsync("/file", "shared");

        Assert.Equal(204, (await UnlockAsync("/file", one)).Status);

        Assert.Equal(other, Assert.Single((await _client.DiscoverAsync("/file")).ActiveLocks).Descendants("{DAV:}locktoken").Single().Value);
    }

    [Theory]
    [InlineData("/other", "")] // the lock is another resource's
    [InlineData("/dir/", "")]
    [InlineData("/", "")] // above it
    [InlineData("/file", Unknown)]
    [InlineData("/not-there", "")]
    public async Task A_token_that_is_not_of_a_lock_on_the_resource_is_refused(string path, string token) // RFC 4918 9.11.1
    {
        var right = await _client.LockAsync("/file");

        var answer = await UnlockAsync(path, token.Length > 0 ? token : right);

        Assert.Equal((409, "lock-token-matches-request-uri"), (answer.Status, answer.Condition));
        Assert.True(await _client.IsLockedAsync("/file"));
    }

    [Fact]
    public async Task A_member_does_not_unlock_its_collection_of_depth_0()
    {
        var token = await _client.LockAsync("/dir/", depth: "0");

        Assert.Equal(409, (await UnlockAsync("/dir/sub/", token)).Status);

        Assert.True(await _client.IsLockedAsync("/dir/"));
    }

    [Theory]
    [InlineData(null)] // RFC 4918 9.11: MUST be there; 9.11.1: 400
    [InlineData("")]
    [InlineData("urn:uuid:e71d4fae-5dec-22d6-fea5-00a0c91e6be4")] // not a Coded-URL, 10.1
    [InlineData("<>")]
    [InlineData("<no-uri>")]
    [InlineData("<a:b> <c:d>")]
    public async Task Without_one_token_nothing_is_unlocked(string? field)
    {
        await _client.LockAsync("/file");

        var answer = await _client.SendAsync("UNLOCK", "/file", body: null, field is null ? [] : [("Lock-Token", field)]);

        Assert.Equal(400, answer.Status);
        Assert.True(await _client.IsLockedAsync("/file"));
    }

    [Fact]
    public async Task A_token_unlocks_once()
    {
        var token = await _client.LockAsync("/file");

        Assert.Equal(204, (await UnlockAsync("/file", token)).Status);
        Assert.Equal(409, (await UnlockAsync("/file", token)).Status);
    }

    [Fact]
    public async Task Another_users_lock_is_not_removed() // RFC 4918 6.4, 9.11.1
    {
        var token = await _client.LockAsync("/file", user: "anna");

        Assert.Equal(403, (await _client.SendAsync("UNLOCK", "/file", body: null, ("Lock-Token", $"<{token}>"), User("berta"))).Status);
        Assert.Equal(403, (await UnlockAsync("/file", token)).Status);
        Assert.Equal(204, (await _client.SendAsync("UNLOCK", "/file", body: null, ("Lock-Token", $"<{token}>"), User("anna"))).Status);
    }

    [Fact]
    public async Task Conditions_count_for_UNLOCK_too() // RFC 4918 12.1
    {
        var token = await _client.LockAsync("/file");

        Assert.Equal(412, (await _client.SendAsync("UNLOCK", "/file", body: null, ("Lock-Token", $"<{token}>"), ("If", "([\"other\"])"))).Status);
        Assert.Equal(412, (await _client.SendAsync("UNLOCK", "/file", body: null, ("Lock-Token", $"<{token}>"), ("If-Match", "\"other\""))).Status);
        Assert.Equal(204, (await _client.SendAsync("UNLOCK", "/file", body: null, ("Lock-Token", $"<{token}>"), ("If", $"(<{token}>)"))).Status);
    }

    [Fact]
    public async Task The_empty_resource_that_a_lock_made_stays_when_the_lock_goes() // RFC 4918 7.3, 9.10.4
    {
        var token = await _client.LockAsync("/new");

        Assert.Equal(204, (await UnlockAsync("/new", token)).Status);

        Assert.Equal((200, ""), ((await _client.SendAsync("GET", "/new")).Status, _client.Tree.Read("new")));
    }

    [Fact]
    public async Task A_lock_that_cannot_be_removed_for_good_stays()
    {
        var store = new MemoryLockStore();
        await using var client = await StartAsync(services: services => services.AddSingleton<ILockStore>(store));
        client.Tree.AddFile("file", "text");
        var token = await client.LockAsync("/file");
        store.Fails = true;

        Assert.Equal(500, (await client.SendAsync("UNLOCK", "/file", body: null, ("Lock-Token", $"<{token}>"))).Status);
        Assert.True(await client.IsLockedAsync("/file"));

        store.Fails = false;
        Assert.Equal(204, (await client.SendAsync("UNLOCK", "/file", body: null, ("Lock-Token", $"<{token}>"))).Status);
    }

    private Task<Answer> UnlockAsync(string path, string token) =>
        _client.SendAsync("UNLOCK", path, body: null, ("Lock-Token", $"<{token}>"));
}
