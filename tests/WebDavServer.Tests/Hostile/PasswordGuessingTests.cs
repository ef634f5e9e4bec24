using System.Net;
using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Hostile;

/// <summary>Ten thousand wrong passwords.</summary>
public sealed class PasswordGuessingTests
{
    private const int Guesses = 10_000;
    private const int Seen = 10; // Auth:FailedLogins:PerName

    [Fact]
    public async Task While_others_guess_the_right_password_from_another_address_still_logs_in()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(TestUsers.Settings("anna"));
        server.Tree.AddFile("file", "content");
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource loggedIn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int guessed = 0;

        // The attack does not end before the login: that it comes through is all that can end the test.
        Task<int>[] attackers = [.. Enumerable.Range(2, 4).Select(i => Task.Run(() => GuessAsync(IPAddress.Parse($"127.0.0.{i}"))))];
        await halfway.Task.WaitAsync(TimeSpan.FromMinutes(2));
        await using (RawConnection own = await RawConnection.OpenAsync(server.Address, IPAddress.Parse("127.0.0.9")))
        {
            await own.SendRequestAsync("GET", "/file", [TestUsers.Basic("anna")]);
            Assert.Equal("content", (await own.ReadAsync()).Text);
        }

        loggedIn.SetResult();
        int[] tried = await Task.WhenAll(attackers);

        Assert.True(guessed >= Guesses, $"{guessed} guesses");
        Assert.All(tried, count => Assert.Equal(Seen, count));
        Assert.Equal(
            attackers.Length * Seen,
            server.Log.Lines.Count(line => line.Text.StartsWith("Failed login from 127.0.0.", StringComparison.Ordinal)
                && line.Text.EndsWith(" as anna: wrong password", StringComparison.Ordinal)));
        Assert.DoesNotContain(server.Log.Lines, line => line.Text.StartsWith("Failed login from 127.0.0.9 ", StringComparison.Ordinal));

        // How many passwords were looked at; the others were refused unseen.
        async Task<int> GuessAsync(IPAddress from)
        {
            int seen = 0;
            await using RawConnection connection = await RawConnection.OpenAsync(server.Address, from);
            for (int i = 0; !loggedIn.Task.IsCompleted || Volatile.Read(ref guessed) < Guesses; i++)
            {
                await connection.SendRequestAsync("GET", "/file", [TestUsers.Basic("anna", $"guess {i}")]);
                RawResponse refused = await connection.ReadAsync();
                Assert.Contains(refused.Status, new[] { 401, 429 });
                Assert.Equal(refused.Status == 429, refused["Retry-After"] is not null);
                seen += refused.Status == 401 ? 1 : 0;
                if (Interlocked.Increment(ref guessed) == Guesses / 2)
                {
                    halfway.SetResult();
                }
            }

            return seen;
        }
    }
}
