using WebDavServer.Tests.Support;

namespace WebDavServer.Tests.Security;

/// <summary>
/// Every method against everything that a user may not do: the status, and that nothing on the disk has changed. A number stands
/// for the status of the request; 207 for a refusal that names the member in the way.
/// </summary>
public sealed class AccessTableTests(AccessTableTests.Shared shared) : IClassFixture<AccessTableTests.Shared>
{
    private const string LockBody = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";
    private const string PatchBody = "<propertyupdate xmlns='DAV:'><set><prop><n xmlns='urn:test'>1</n></prop></set></propertyupdate>";

    // The columns. `anna` sees /homes/anna as her root; `writer` may do everything but what the rules say.
    private static readonly Dictionary<string, (string? User, string File, string Collection, string Destination)> s_cases = new()
    {
        ["anonymous"] = (null, "/open/f", "/open/d", "/open/new"),
        ["reader"] = ("reader", "/open/f", "/open/d", "/open/new"),
        ["writer"] = ("writer", "/open/f", "/open/d", "/open/new"),
        ["other's area"] = ("anna", "/homes/ben/f", "/homes/ben/d", "/homes/ben/new"),
        ["other's area, upwards"] = ("anna", "/../ben/f", "/%2e%2e/ben/d", "/x/../../ben/new"),
        ["other's area, by rule"] = ("writer", "/homes/ben/f", "/homes/ben/d", "/homes/ben/new"),
        ["denied path"] = ("writer", "/denied/f", "/denied/d", "/open/new"),
        ["read-only path"] = ("writer", "/frozen/f", "/frozen/d", "/open/new"),
        ["denied destination"] = ("writer", "/open/f", "/open/d", "/denied/new"),
        ["read-only destination"] = ("writer", "/open/f", "/open/d", "/frozen/new"),
        ["denied destination, spelt otherwise"] = ("writer", "/open/f", "/open/d", "/open/../%64enied//./new"),
        ["denied member"] = ("writer", "/mixed/f", "/mixed", "/open/new"),
        ["denied member of the destination"] = ("writer", "/open/f", "/open/d2", "/goal"),
    };

    // Of a method on a file and on a collection: what each column gets. "-" is success.
    private static readonly string[] s_table =
    [
        // method          anon  read  write other up    rule  deny  froz  ddest rdest sdest dmem  dmdst
        "OPTIONS file      401   -     -     -     -     403   403   -     -     -     -     -     -",
        "GET file          401   -     -     404   404   403   403   -     -     -     -     -     -",
        "GET collection    401   -     -     404   404   403   403   -     -     -     -     -     -",
        "HEAD file         401   -     -     404   404   403   403   -     -     -     -     -     -",
        "PROPFIND file     401   -     -     404   404   403   403   -     -     -     -     -     -",
        "PROPFIND coll.    401   -     -     404   404   403   403   -     -     -     -     -     -",
        "PUT file          401   403   -     409   409   403   403   403   -     -     -     -     -",
        "PUT new           401   403   -     409   409   403   403   403   -     -     -     -     -",
        "PATCH file        401   403   -     404   404   403   403   403   -     -     -     -     -",
        "DELETE file       401   403   -     404   404   403   403   403   -     -     -     -     -",
        "DELETE coll.      401   403   -     404   404   403   403   403   -     -     -     207   -",
        "MKCOL new         401   403   -     409   409   403   403   403   -     -     -     -     -",
        "COPY file         401   403   -     404   404   403   403   -     403   403   403   -     207",
        "COPY coll.        401   403   -     404   404   403   403   -     403   403   403   207   207",
        "MOVE file         401   403   -     404   404   403   403   403   403   403   403   -     207",
        "MOVE coll.        401   403   -     404   404   403   403   403   403   403   403   207   207",
        "PROPPATCH file    401   403   -     404   404   403   403   403   -     -     -     -     -",
        "LOCK file         401   403   -     409   409   403   403   403   -     -     -     -     -",
        "LOCK coll.        401   403   -     409   409   403   403   403   -     -     -     207   -",
        "LOCK new          401   403   -     409   409   403   403   403   -     -     -     -     -",
        "UNLOCK file       401   403   409   409   409   403   403   403   409   409   409   409   409",
        "POST file         401   405   405   405   405   403   403   405   405   405   405   405   405",
    ];

    public static TheoryData<string, string, string> Cells =>
        [.. from line in s_table
            let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            from cell in s_cases.Keys.Zip(words.Skip(2))
            select ($"{words[0]} {words[1]}", cell.First, cell.Second)];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Everyone_gets_what_the_rules_say(string request, string column, string expected)
    {
        TempTree tree = shared.Server.Tree;
        Fill(tree);
        string before = Everything(tree);

        RawResponse answer = await AskAsync(shared.Server, request, column);

        if (answer["Lock-Token"] is { } token)
        {
            string target = answer.Text.Split("<D:lockroot><D:href>")[1].Split('<')[0];
            Assert.Equal(204, await shared.Server.StatusAsync("UNLOCK", target, [TestUsers.Basic(s_cases[column].User!), $"Lock-Token: {token}"]));
        }

        if (expected != "-")
        {
            Assert.Equal(int.Parse(expected), answer.Status);
            AssertPartial(answer, tree, before, isCopy: request.StartsWith("COPY", StringComparison.Ordinal), column);
        }
        else
        {
            Assert.InRange(answer.Status, 200, 299);
        }

        Assert.Equal("secret", File.ReadAllText(tree.At("mixed/denied/f")));
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Settings => TestUsers.Settings("reader Access=ReadOnly", "writer", "anna Root=/homes/anna", "ben Root=/homes/ben")
        .Rule("/homes/ben", "*", "None")
        .Rule("/homes/ben", "ben", "ReadWrite")
        .Rule("/denied", "writer", "None")
        .Rule("/frozen", "writer", "ReadOnly")
        .Rule("/mixed/denied", "writer", "None")
        .Rule("/goal/denied", "writer", "ReadOnly");

    private static void Fill(TempTree tree)
    {
        foreach (string old in Directory.GetDirectories(tree.Root).Where(path => !path.EndsWith("/.webdav", StringComparison.Ordinal)))
        {
            Directory.Delete(old, recursive: true);
        }

        foreach (string area in new[] { "open", "homes/anna", "homes/ben", "denied", "frozen", "mixed", "goal" })
        {
            tree.AddFile($"{area}/f", area is "denied" or "homes/ben" ? "secret" : "content");
            tree.AddFile($"{area}/d/g", area is "denied" or "homes/ben" ? "secret" : "content");
        }

        tree.AddFile("open/d2/denied/f", "content");
        tree.AddFile("mixed/denied/f", "secret");
        tree.AddFile("goal/denied/f", "content");
    }

    private static Task<RawResponse> AskAsync(ServerFixture server, string request, string column)
    {
        var (user, file, collection, destination) = s_cases[column];
        string method = request.Split(' ')[0];
        string target = request.Split(' ')[1] switch
        {
            "file" => file,
            "new" => collection + "/new",
            _ => collection,
        };
        string[] login = user is null ? [] : [TestUsers.Basic(user)];
        return method switch
        {
            "COPY" or "MOVE" => server.AskAsync(method, target, [.. login, $"Destination: {destination}"]),
            "PUT" => server.AskAsync(method, target, login, body: "new"),
            "PATCH" => server.AskAsync(method, target, [.. login, "Content-Type: application/x-sabredav-partialupdate", "X-Update-Range: append"], body: "more"),
            "PROPPATCH" => server.AskAsync(method, target, login, PatchBody),
            "LOCK" => server.AskAsync(method, target, login, LockBody),
            "UNLOCK" => server.AskAsync(method, target, [.. login, "Lock-Token: <urn:uuid:00000000-0000-0000-0000-000000000000>"]),
            "POST" => server.AskAsync(method, target, login, body: ""),
            _ => server.AskAsync(method, target, login),
        };
    }

    // Nothing has changed; but a COPY does what it may, and names what it may not.
    private static void AssertPartial(RawResponse answer, TempTree tree, string before, bool isCopy, string column)
    {
        if (isCopy && answer.Status == 207 && column == "denied member")
        {
            Assert.Equal(403, MultiStatus.Of(answer).Status("/mixed/denied/"));
            Assert.Equal("content", File.ReadAllText(tree.At("open/new/f")));
            Assert.False(Path.Exists(tree.At("open/new/denied")));
            return;
        }

        Assert.Equal(before, Everything(tree));
    }

    private static string Everything(TempTree tree) => string.Join('\n',
        from path in Directory.EnumerateFileSystemEntries(tree.Root, "*", SearchOption.AllDirectories)
        where !path.StartsWith(tree.At(".webdav"), StringComparison.Ordinal)
        orderby path
        select path + (File.Exists(path) ? ": " + File.ReadAllText(path) : "/"));

    /// <summary>One server for all cells; each finds the same tree.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal ServerFixture Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            TempTree tree = new();
            Fill(tree);
            Server = await ServerFixture.StartAsync(Settings, tree: tree);
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
