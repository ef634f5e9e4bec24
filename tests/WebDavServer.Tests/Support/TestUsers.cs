using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace WebDavServer.Tests.Support;

/// <summary>Settings with users, whose passwords are cheap to check, and the header fields they log in with.</summary>
internal static class TestUsers
{
    private static readonly PasswordHasher<object> s_hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 100 }));

    /// <summary>Settings for users; the password of each is <c>the password of NAME</c>.</summary>
    /// <param name="users">A name each, and what follows it: <c>Root=/homes/anna</c>, <c>Access=ReadOnly</c>, <c>Administrator=true</c>.</param>
    public static Dictionary<string, string?> Settings(params string[] users)
    {
        Dictionary<string, string?> settings = [];
        for (int i = 0; i < users.Length; i++)
        {
            string[] words = users[i].Split(' ');
            settings[$"Auth:Users:{i}:Name"] = words[0];
            settings[$"Auth:Users:{i}:PasswordHash"] = s_hasher.HashPassword(new object(), Password(words[0]));
            foreach (string[] pair in words.Skip(1).Select(word => word.Split('=')))
            {
                settings[$"Auth:Users:{i}:{pair[0]}"] = pair[1];
            }
        }

        return settings;
    }

    /// <summary>Adds a rule: <c>/path name,name Level</c>.</summary>
    public static Dictionary<string, string?> Rule(this Dictionary<string, string?> settings, string path, string users, string level)
    {
        int i = settings.Keys.Count(key => key.StartsWith("Auth:Rules:", StringComparison.Ordinal) && key.EndsWith(":Path", StringComparison.Ordinal));
        settings[$"Auth:Rules:{i}:Path"] = path;
        settings[$"Auth:Rules:{i}:Access"] = level;
        foreach ((int j, string user) in users.Split(',').Index())
        {
            settings[$"Auth:Rules:{i}:Users:{j}"] = user;
        }

        return settings;
    }

    /// <summary>A user's password.</summary>
    public static string Password(string name) => $"the password of {name}";

    /// <summary>The Authorization field (RFC 7617 2) with a user's own password, or another.</summary>
    public static string Basic(string name, string? password = null) =>
        "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password ?? Password(name)}"));
}
