using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using WebDav.Protocol;
using WebDav.State;
using static WebDavServer.Tests.State.StateDirectory;

namespace WebDavServer.Tests.State;

public sealed class StateOpeningTests : IDisposable
{
    private readonly StateDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_directory_and_its_files_are_for_their_owner_alone()
    {
        await using var database = _directory.Open();

        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(ReadWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory.Folder));
            foreach (var file in Directory.GetFiles(_directory.Folder))
            {
                Assert.Equal(ReadWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Commits_go_to_a_log_and_are_flushed_as_asked(bool flush, long synchronous)
    {
        await using var database = _directory.Open(flush);

        Assert.Equal("wal", await PragmaAsync(database, "PRAGMA journal_mode"));
        Assert.Equal(synchronous, await PragmaAsync(database, "PRAGMA synchronous"));
        Assert.Equal(1L, await PragmaAsync(database, "PRAGMA foreign_keys"));
        Assert.Equal(2000L, await PragmaAsync(database, "PRAGMA busy_timeout"));
    }

    [Fact]
    public async Task What_was_confirmed_is_there_after_the_process_was_killed()
    {
        await using var database = _directory.Open();
        await new StoredProperties(database).ApplyAsync(At("/a"), [Set("x")], Cancellation);
        using var copy = new StateDirectory();
        Directory.CreateDirectory(copy.Folder);

        // The files as they are while the server runs: what a killed one leaves behind.
        foreach (var file in new[] { "state.db", "state.db-wal" })
        {
            File.Copy(Path.Combine(_directory.Folder, file), Path.Combine(copy.Folder, file));
        }

        await using var reopened = copy.Open();
        Assert.Equal(1, reopened.PropertyRows);
        Assert.Equal([Property("x")], await new StoredProperties(reopened).ReadAsync(At("/a"), Cancellation));
    }

    [Fact]
    public async Task Properties_are_counted_when_the_database_is_opened_again()
    {
        await using (var database = _directory.Open())
        {
            await new StoredProperties(database).ApplyAsync(At("/a"), [Set("x"), Set("y")], Cancellation);
        }

        await using var again = _directory.Open();
        Assert.Equal(2, again.PropertyRows);
        Assert.Empty(_directory.Logged);
    }

    [Fact]
    public async Task An_empty_file_becomes_a_database_of_this_version()
    {
        Directory.CreateDirectory(_directory.Folder);
        await File.WriteAllBytesAsync(_directory.Database, [], Cancellation);

        await using var database = _directory.Open();

        Assert.Equal((long)StateSchema.Migrations.Count, await PragmaAsync(database, "PRAGMA user_version"));
        Assert.Empty(_directory.Logged);
    }

    [Fact]
    public void Migrations_run_in_their_order_once_and_each_wholly_or_not_at_all()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        StateSchema.Migrate(connection, ["CREATE TABLE a (x TEXT)"]);

        var fault = Assert.Throws<SqliteException>(
            () => StateSchema.Migrate(
                connection, ["CREATE TABLE a (x TEXT)", "INSERT INTO a VALUES ('2')", "INSERT INTO a VALUES ('3'); INSERT INTO b VALUES (1)"]));

        Assert.Contains("no such table: b", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, StateSchema.Version(connection));
        Assert.Equal("2", StateSchema.Scalar(connection, "SELECT group_concat(x) FROM a"));
    }

    [Fact]
    public async Task Properties_that_were_kept_by_path_are_kept_on()
    {
        Directory.CreateDirectory(_directory.Folder);
        await using (var connection = new SqliteConnection($"Data Source={_directory.Database};Pooling=False"))
        {
            connection.Open();
            StateSchema.Migrate(connection, [.. StateSchema.Migrations.Take(4)]);
            StateSchema.Execute(
                connection,
                "INSERT INTO property VALUES ('', '', 'n', 'p', '<p/>'), ('', 'a', 'n', 'p', '<p/>'), "
                + "('/a', 'b', 'n', 'p', '<p/>'), ('/a', 'b', 'n', 'q', '<q/>')");
        }

        await using var database = _directory.Open();
        var properties = new StoredProperties(database);

        Assert.Equal(4, database.PropertyRows);
        Assert.Equal(["p", "q"], (await properties.ReadAsync(At("/a/b"), Cancellation)).Select(property => property.Name.Local));
        Assert.Single(await properties.ReadAsync(At("/a"), Cancellation));
        Assert.Single(await properties.ReadAsync(DavPath.Root, Cancellation));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        await using (var database = _directory.Open())
        {
            await database.WriteAsync(
                DavPath.Root, s => StateSchema.Execute(s.Connection, "PRAGMA user_version = 99"), Cancellation);
        }

        var before = await File.ReadAllBytesAsync(_directory.Database, Cancellation);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var fault = Assert.Throws<StateException>(() => _directory.Open());
            Assert.Contains(_directory.Database, fault.Message, StringComparison.Ordinal);
            Assert.Contains("99", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(_directory.Database, Cancellation));
    }

    [Theory]
    [InlineData(0, 100)] // the header
    [InlineData(100, 3900)] // the list of tables
    [InlineData(5 * 4096, 8 * 4096)] // pages in the middle
    public async Task A_damaged_database_is_set_aside_with_a_word_and_a_fresh_one_made(int from, int length)
    {
        await using (var database = _directory.Open())
        {
            await new StoredProperties(database)
                .ApplyAsync(At("/a"), [.. Enumerable.Range(0, 2000).Select(i => Set($"p{i}"))], Cancellation);
        }

        var bytes = await File.ReadAllBytesAsync(_directory.Database, Cancellation);
        bytes.AsSpan(from, length).Fill(0xA5);
        await File.WriteAllBytesAsync(_directory.Database, bytes, Cancellation);

        await using var fresh = _directory.Open();

        Assert.Equal(0, fresh.PropertyRows);
        await new StoredProperties(fresh).ApplyAsync(At("/a"), [Set("x")], Cancellation);
        var aside = _directory.Database + ".damaged-20260504T030201000Z";
        Assert.Equal(bytes, await File.ReadAllBytesAsync(aside, Cancellation));
        var (level, text) = Assert.Single(_directory.Logged);
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains(aside, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_of_a_damaged_database_is_not_replayed_into_the_fresh_one()
    {
        using var crashed = new StateDirectory();
        Directory.CreateDirectory(crashed.Folder);
        await using (var database = _directory.Open())
        {
            await new StoredProperties(database)
                .ApplyAsync(At("/a"), [.. Enumerable.Range(0, 2000).Select(i => Set($"p{i}"))], Cancellation);
        }

        await using (var database = _directory.Open())
        {
            await new StoredProperties(database).ApplyAsync(At("/a"), [Set("p1", "new")], Cancellation);
            File.Copy(_directory.Database + "-wal", crashed.Database + "-wal");
        }

        var size = new FileInfo(_directory.Database).Length;
        await File.WriteAllTextAsync(crashed.Database, new string('?', (int)size), Cancellation);

        await using var fresh = crashed.Open();
        Assert.Equal(0, fresh.PropertyRows);
        Assert.Empty(await new StoredLocks(fresh).LoadAsync(Cancellation));
        Assert.Single(crashed.Logged);
    }

    [Fact]
    public async Task A_second_server_on_the_same_directory_is_refused_until_the_first_has_gone()
    {
        await using (var first = _directory.Open())
        {
            var fault = Assert.Throws<StateException>(() => _directory.Open());
            Assert.Contains(_directory.Folder, fault.Message, StringComparison.Ordinal);
            Assert.Contains("Another server", fault.Message, StringComparison.Ordinal);
            await new StoredProperties(first).ApplyAsync(At("/a"), [Set("x")], Cancellation);
        }

        await using var second = _directory.Open();
        Assert.Equal(1, second.PropertyRows);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_directory.Folder, "a file in its place");

        var fault = Assert.Throws<StateException>(() => _directory.Open());

        Assert.Contains(_directory.Folder, fault.Message, StringComparison.Ordinal);
        File.Delete(_directory.Folder);
    }

    private static ValueTask<object?> PragmaAsync(StateDatabase database, string pragma) => database.WriteAsync(
        DavPath.Root,
        session =>
        {
            using var rows = session.Query(pragma);
            return rows.Read() ? rows.GetValue(0) : null;
        },
        Cancellation);
}
