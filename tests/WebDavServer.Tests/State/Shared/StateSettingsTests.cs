using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using WebDav.Setup;
using WebDav.State;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.State.Shared;

public sealed class StateSettingsTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Without_a_word_it_is_SQLite() => Assert.Equal(new StateOptions(), Read().State);

    [Fact]
    public void Each_server_of_several_has_a_staging_directory_of_its_own_below_one()
    {
        Settings settings = Read(("State:Provider", "PostgreSql"), ("State:ConnectionString", "Host=db;Password=secret"));

        Assert.True(settings.Store.Shared);
        Assert.Equal(_tree.At(".webdav/servers"), settings.Store.StagingDirectory);
    }

    [Theory]
    [InlineData("State:Provider", "State:Provider", "Oracle")]
    [InlineData("State:ConnectionString", "State:Provider", "PostgreSql")]
    [InlineData("State:ConnectionString", "State:ConnectionString", "Host=db")]
    [InlineData("State:ConnectionString", "State:ConnectionString", "Nonsense=secret", "State:Provider", "PostgreSql")]
    [InlineData("State:ConnectionString", "State:ConnectionString", "Database=secret", "State:Provider", "PostgreSql")]
    [InlineData("State:ConnectionString", "State:ConnectionString", "Host=db;Port=secret", "State:Provider", "PostgreSql")]
    [InlineData("State:HeartbeatTimeout", "State:HeartbeatTimeout", "00:00:00.5")]
    public void What_is_wrong_is_said_with_its_key_and_without_a_password(string key, params string[] settings)
    {
        OptionsValidationException wrong = Assert.Throws<OptionsValidationException>(
            () => Read([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]));

        Assert.StartsWith(key + ":", Assert.Single(wrong.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    private Settings Read(params (string Key, string Value)[] settings) => Settings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)).Append(new("WebDav:Root", _tree.Root)))
        .Build());
}
