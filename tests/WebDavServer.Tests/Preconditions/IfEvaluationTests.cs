namespace WebDavServer.Tests.Preconditions;

public sealed class IfEvaluationTests
{
    private const string First = "(<urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2> [\"I am an ETag\"]) ([\"I am another ETag\"])";
    private const string Second = "(Not <urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2> <urn:uuid:58f202ac-22cf-11d1-b12d-002035b29092>)";
    private const string Always = "(<urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2>) (Not <DAV:no-lock>)";
    private const string Copy = "</resource1> (<urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2> [W/\"A weak ETag\"]) ([\"strong ETag\"])";
    private const string Specs = "<http://www.example.com/specs/> (<urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2>)";

    // The headers of RFC 4918 10.4 and 7.5 as they stand there: where, the state of the world, the request's resource, the header,
    // and whether it holds.
    public static TheoryData<string, string, string, string, bool> Examples => new()
    {
        { "10.4.6", "A on /resource1, \"I am an ETag\" of /resource1", "/resource1", First, true },
        { "10.4.6", "A on /resource1", "/resource1", First, false },
        { "10.4.6", "\"I am an ETag\" of /resource1", "/resource1", First, false },
        { "10.4.6", "\"I am another ETag\" of /resource1", "/resource1", First, true },
        { "10.4.6", "A on /resource1, \"I am another ETag\" of /resource1", "/resource1", First, true },
        { "10.4.6", "", "/resource1", First, false },
        { "10.4.7", "B on /resource1", "/resource1", Second, true },
        { "10.4.7", "A on /resource1", "/resource1", Second, false },
        { "10.4.7", "A on /resource1 shared, B on /resource1 shared", "/resource1", Second, false },
        { "10.4.7", "", "/resource1", Second, false },
        { "10.4.8", "A on /resource1", "/resource1", Always, true },
        { "10.4.8", "", "/resource1", Always, true }, // "the whole If header will always evaluate to true"
        { "10.4.8", "", "/unmapped", Always, true },
        { "10.4.9", "A on /resource1, \"A weak ETag\" of /resource1", "/resource1", Copy, true },
        { "10.4.9", "A on /resource1", "/resource1", Copy, false },
        { "10.4.9", "\"A weak ETag\" of /resource1", "/resource1", Copy, false },
        { "10.4.9", "\"strong ETag\" of /resource1", "/resource1", Copy, true },
        { "10.4.10", "A on /specs", "/specs/rfc2518.txt", Specs, true },
        { "10.4.10", "A on /specs depth 0", "/specs/rfc2518.txt", Specs, true }, // compared to the collection, and it is locked
        { "10.4.10", "", "/specs/rfc2518.txt", Specs, false }, // "if [it] is not locked [...] the request MUST fail"
        { "10.4.10", "B on /specs", "/specs/rfc2518.txt", Specs, false },
        { "10.4.10", "A on /specs/rfc2518.txt", "/specs/rfc2518.txt", Specs, false },
        { "10.4.11", "", "/specs", "</specs/rfc2518.doc> ([\"4217\"])", false },
        { "10.4.11", "", "/specs", "</specs/rfc2518.doc> (Not [\"4217\"])", true },
        { "10.4.11", "", "/specs", "</specs/rfc2518.doc> (<A>)", false }, // "the same considerations apply to matching state tokens"
        { "10.4.11", "", "/specs", "</specs/rfc2518.doc> (Not <A>)", true },
        { "7.5.1", "C on /users/f/fielding/index.html", "/resource1", "<http://www.example.com/users/f/fielding/index.html> (<C>)", true },
        { "7.5.2", "C on /locked", "/locked/member", "(<C>)", true },
        { "7.5.2", "C on /locked", "/locked/member", "<http://www.example.com/locked/> (<C>)", true },
        { "7.5.2", "C on /locked", "/locked/member", "<http://www.example.com/locked/member> (<C>)", true },
        { "9.9.6", "C on /tree", "/tree/", "(<C>) (<D>)", true },
        { "9.10.8", "C on /resource1", "/resource1", "(<C>)", true },
    };

    // 10.4.1 to 10.4.3: the lists.
    public static TheoryData<string, string, string, string, bool> Lists => new()
    {
        { "10.4.2: untagged lists apply to the Request-URI", "A on /resource1", "/resource1", "(<A>)", true },
        { "10.4.2: untagged lists apply to the Request-URI", "A on /other", "/resource1", "(<A>)", false },
        { "10.4.2: tagged lists apply to the tagged resource", "A on /other", "/resource1", "</other> (<A>)", true },
        { "10.4.2: tagged lists apply to the tagged resource", "A on /resource1", "/resource1", "</other> (<A>)", false },
        { "10.4.2: a tag applies to all subsequent lists", "A on /other", "/resource1", "</other> (<B>) (<A>)", true },
        { "10.4.2: a tag applies to all subsequent lists", "A on /resource1", "/resource1", "</other> (<B>) (<A>)", false },
        { "10.4.2: up to the next tag", "A on /resource1", "/resource1", "</other> (<B>) </resource1> (<A>)", true },
        { "10.4.2: up to the next tag", "A on /other", "/resource1", "</other> (<B>) </resource1> (<A>)", false },
        { "10.4.2: No-tag-list is a shorthand for the Request-URI", "A on /resource1", "/resource1", "</resource1> (<A>)", true },
        { "10.4.2: optional white space", "A on /resource1", "/resource1", "  ( <A> )  ", true },
        { "10.4.2: no white space", "A on /resource1", "/resource1", "(<B>)(Not<B><A>)", true },
        { "10.4.3: a list is a conjunction", "A on /resource1, \"e\" of /resource1", "/resource1", "(<A> [\"e\"])", true },
        { "10.4.3: a list is a conjunction", "A on /resource1, \"e\" of /resource1", "/resource1", "([\"e\"] <A>)", true },
        { "10.4.3: a list is a conjunction", "A on /resource1", "/resource1", "(<A> [\"e\"])", false },
        { "10.4.3: a list is a conjunction", "\"e\" of /resource1", "/resource1", "(<A> [\"e\"])", false },
        { "10.4.3: a list is a conjunction", "A on /resource1", "/resource1", "(<A> <A>)", true },
        { "10.4.3: a list is a conjunction", "A on /resource1", "/resource1", "(<A> Not <A>)", false },
        { "10.4.3: a list is a conjunction", "A on /resource1, \"e\" of /resource1", "/resource1", "(<A> Not <B> [\"e\"] Not [\"f\"])", true },
        { "10.4.3: lists are a disjunction", "A on /resource1", "/resource1", "(<B>) (<A>)", true },
        { "10.4.3: lists are a disjunction", "A on /resource1", "/resource1", "(<A>) (<B>)", true },
        { "10.4.3: lists are a disjunction", "A on /resource1", "/resource1", "(<B>) (<C>) ([\"e\"]) (<A>)", true },
        { "10.4.3: lists are a disjunction", "A on /resource1", "/resource1", "(<B>) (<C>)", false },
        { "10.4.3: lists are a disjunction, and no list borrows of another", "A on /resource1", "/resource1", "(<A> <B>) (<B> <A>)", false },
        { "10.4.3: one of the tagged lists must be true", "B on /other", "/resource1", "</resource1> (<A>) </other> (<B>)", true },
        { "10.4.3: one of the tagged lists must be true", "A on /resource1", "/resource1", "</resource1> (<A>) </other> (<B>)", true },
        { "10.4.3: one of the tagged lists must be true", "B on /resource1, A on /other", "/resource1", "</resource1> (<A>) </other> (<B>)", false },
        { "10.4.3: Not reverses", "A on /resource1", "/resource1", "(Not <A>)", false },
        { "10.4.3: Not reverses", "", "/resource1", "(Not <A>)", true },
        { "10.4.3: Not reverses", "\"e\" of /resource1", "/resource1", "(Not [\"e\"])", false },
        { "10.4.3: Not reverses", "", "/resource1", "(Not [\"e\"])", true },
        { "10.4.3: Not applies only to what follows", "A on /resource1", "/resource1", "(Not <B> <A>)", true },
        { "10.4.3: Not applies only to what follows", "A on /resource1", "/resource1", "(<A> Not <B>)", true },
        { "10.4.3: Not applies only to what follows", "", "/resource1", "(Not <B> <A>)", false },
        { "10.4.3: Not applies only to what follows", "A on /resource1", "/resource1", "(Not [\"e\"] Not <A>)", false },
    };

    // 10.4.4: state tokens and what they match.
    public static TheoryData<string, string, string, string, bool> Tokens => new()
    {
        { "10.4.4: anywhere in the scope of the lock", "A on /locked", "/locked/member", "(<A>)", true },
        { "10.4.4: anywhere in the scope of the lock", "A on /locked", "/locked/sub/deep", "(<A>)", true },
        { "10.4.4: anywhere in the scope of the lock", "A on /", "/locked/sub/deep", "(<A>)", true },
        { "10.4.4: anywhere in the scope of the lock", "A on /locked", "/other", "</locked/sub/> (<A>)", true },
        { "10.4.4: anywhere in the scope of the lock", "A on /locked depth 0", "/locked/member", "(<A>)", false },
        { "10.4.4: anywhere in the scope of the lock", "A on /locked depth 0", "/locked", "(<A>)", true },
        { "10.4.4: anywhere in the scope of the lock", "A on /locked/member", "/locked", "(<A>)", false },
        { "10.4.4: anywhere in the scope of the lock", "A on /tree", "/tree0/one", "(<A>)", false },
        { "10.4.4: an exact match", "A on /resource1", "/resource1", "(<urn:uuid:181D4FAE-7D8C-11D0-A765-00A0C91E6BF2>)", false },
        { "10.4.4: an exact match", "A on /resource1", "/resource1", "(<urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf>)", false },
        { "10.4.4: an exact match", "A on /resource1", "/resource1", "(<opaquelocktoken:181d4fae-7d8c-11d0-a765-00a0c91e6bf2>)", false },
        { "6.6: a lock that timed out is no more", "A on /resource1 ended", "/resource1", "(<A>)", false },
        { "6.6: a lock that timed out is no more", "A on /resource1 ended", "/resource1", "(Not <A>)", true },
        { "6.2: each shared lock has its token", "A on /resource1 shared, B on /resource1 shared", "/resource1", "(<A>)", true },
        { "6.2: each shared lock has its token", "A on /resource1 shared, B on /resource1 shared", "/resource1", "(<B>)", true },
        { "6.2: each shared lock has its token", "A on /resource1 shared, B on /resource1 shared", "/resource1", "(<A> <B>)", true },
        { "6.2: each shared lock has its token", "A on /resource1 shared, B on /resource1 shared", "/resource1", "(<A> <C>)", false },
        { "6.2: also above", "A on /locked shared, B on /locked/member shared", "/locked/member", "(<A> <B>)", true },
        { "6.4: whose lock it is does not matter for its state", "A on /resource1 by anna", "/resource1", "(<A>)", true },
        { "10.4.8: DAV:no-lock never represents a lock", "A on /resource1", "/resource1", "(<DAV:no-lock>)", false },
        { "10.4.8: DAV:no-lock never represents a lock", "", "/resource1", "(Not <DAV:no-lock>)", true },
        { "10.4.8: DAV:no-lock never represents a lock", "A on /resource1", "/resource1", "(<A> Not <DAV:no-lock>)", true },
        { "10.4.8: DAV:no-lock never represents a lock", "A on /resource1", "/resource1", "(<B> Not <DAV:no-lock>)", false },
        { "10.4.8: DAV:no-lock never represents a lock", "", "/unmapped", "</other> (Not <DAV:no-lock>)", true },
        { "10.4: lock tokens are the only state tokens", "", "/resource1", "(<http://www.example.com/ns/sync/1234>)", false },
        { "10.4: lock tokens are the only state tokens", "", "/resource1", "(Not <http://www.example.com/ns/sync/1234>)", true },
        { "10.4.4: an unmapped URL does not have the state", "", "/unmapped", "(<A>)", false },
        { "10.4.4: an unmapped URL does not have the state", "", "/unmapped", "(Not <A>)", true },
        { "10.4.4: an unmapped URL does not have the state", "A on /flat depth 0", "/flat/unmapped", "(<A>)", false },
        { "10.4.4: an unmapped URL does not have the state", "A on /resource1", "/resource1", "</resource1/unmapped/x> (<B>)", false },

        // By the letter of 10.4.4 this would be false. But the URL is in the scope of the lock (7.4: what is created there is locked
        // at once), 7.5.2 says that the form does not matter, and clients create members of locked collections this way.
        { "7.4: in the scope of a deep lock", "A on /locked", "/locked/unmapped", "(<A>)", true },
        { "10.4.10: the collection's token by its own tag", "A on /locked", "/locked/unmapped", "</locked/> (<A>)", true },
        { "10.4.10: the collection's token by its own tag", "A on /flat depth 0", "/flat/unmapped", "</flat/> (<A>)", true },
    };

    // 10.4.4 and RFC 9110 8.8.3: entity tags.
    public static TheoryData<string, string, string, string, bool> Tags => new()
    {
        { "10.4.4: matches an entity tag of the resource", "\"e\" of /resource1", "/resource1", "([\"e\"])", true },
        { "10.4.4: matches an entity tag of the resource", "\"e\" of /other", "/resource1", "([\"e\"])", false },
        { "10.4.4: matches an entity tag of the resource", "\"e\" of /other", "/resource1", "</other> ([\"e\"])", true },
        { "10.4.4: matches an entity tag of the resource", "\"e\" of /resource1", "/resource1", "</other> ([\"e\"])", false },
        { "10.4.4: matches an entity tag of the resource", "\"e\" of /locked/member", "/locked/member", "([\"e\"])", true },
        { "10.4.4: matches an entity tag of the resource", "", "/resource1", "([\"\"])", false },
        { "10.4.4: the weak comparison, if the server likes", "\"e\" of /resource1", "/resource1", "([W/\"e\"])", true },
        { "10.4.4: the weak comparison, if the server likes", "\"e\" of /resource1", "/resource1", "(Not [W/\"e\"])", false },
        { "10.4.4: the weak comparison, if the server likes", "", "/resource1", "([W/\"other\"])", false },
        { "RFC 9110 8.8.3: a collection has no entity tag", "", "/specs", "([\"e\"])", false },
        { "RFC 9110 8.8.3: a collection has no entity tag", "", "/specs", "(Not [\"e\"])", true },
        { "10.4.3: any of several", "\"e\" of /resource1", "/resource1", "([\"x\"]) ([\"y\"]) ([\"e\"])", true },
        { "10.4.3: all of several", "\"e\" of /resource1", "/resource1", "([\"x\"] [\"e\"])", false },
        { "10.4.11: unmapped", "", "/unmapped", "([\"4217\"])", false },
        { "10.4.11: unmapped", "", "/unmapped", "(Not [\"4217\"])", true },
        { "10.4.11: unmapped, below what is no collection", "", "/resource1", "</resource1/x> (Not [\"4217\"])", true },
        { "10.4.11: a deep lock gives no entity tag", "A on /locked", "/locked/unmapped", "(<A> [\"4217\"])", false },
    };

    // 10.4.2, 8.3: what a tag names.
    public static TheoryData<string, string, string, string, bool> Names => new()
    {
        { "8.3: an absolute URI", "A on /other", "/resource1", "<http://www.example.com/other> (<A>)", true },
        { "8.3: an absolute path", "A on /other", "/resource1", "</other> (<A>)", true },
        { "RFC 9110 4.2.3: the default port", "A on /other", "/resource1", "<http://www.example.com:80/other> (<A>)", true },
        { "RFC 9110 4.2.3: hosts have no case", "A on /other", "/resource1", "<HTTP://WWW.Example.COM/other> (<A>)", true },
        { "RFC 9110 4.2.3: paths have", "A on /other", "/resource1", "<http://www.example.com/Other> (<A>)", false },
        { "RFC 9110 4.2.3: escapes", "A on /other", "/resource1", "</%6Fther> (<A>)", true },
        { "RFC 9110 4.2.3: escapes", "A on /a%20b/%C3%A4", "/resource1", "</a%20b/%c3%a4> (<A>)", true },
        { "RFC 3986 6.2.2.3: dot segments", "A on /other", "/resource1", "</x/../other> (<A>)", true },
        { "5.2: a collection without its slash", "A on /specs", "/resource1", "</specs> (<A>)", true },
        { "5.2: a collection with its slash", "A on /specs", "/resource1", "</specs/> (<A>)", true },
        { "behind TLS the scheme is another, the server the same", "A on /other", "/resource1", "<https://www.example.com/other> (<A>)", true },
        { "another host", "A on /other", "/resource1", "<http://www.example.org/other> (<A>)", false },
        { "another host: nothing is known of it", "", "/resource1", "<http://www.example.org/other> (Not <A>)", false },
        { "another host: nothing is known of it", "", "/resource1", "<http://www.example.org/other> (Not <DAV:no-lock>)", false },
        { "another port", "A on /other", "/resource1", "<http://www.example.com:8080/other> (<A>)", false },
        { "another scheme", "A on /other", "/resource1", "<ftp://www.example.com/other> (<A>)", false },
        { "no path at all", "A on /other", "/resource1", "<urn:other> (<A>)", false },
        { "another host, and then one's own", "A on /other", "/resource1", "<http://www.example.org/other> (<A>) </other> (<A>)", true },
        { "a query names another resource", "A on /other", "/resource1", "</other?x> (<A>)", false },
        { "the root", "A on /", "/resource1", "<http://www.example.com/> (<A>)", true },
        { "the root without a path", "A on /", "/resource1", "<http://www.example.com> (<A>)", true },
        { "a name that cannot be", "A on /", "/resource1", "</a%00b> (<A>)", false },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    [MemberData(nameof(Lists))]
    [MemberData(nameof(Tokens))]
    [MemberData(nameof(Tags))]
    [MemberData(nameof(Names))]
    public async Task The_header_holds_as_RFC_4918_says(string where, string state, string path, string header, bool holds)
    {
        using var world = await GateWorld.MakeAsync(state);

        using var admission = await world.Gate.CheckAsync(await world.RequestAsync(path, header), [], TestContext.Current.CancellationToken);

        // 10.4.1: "if this header is evaluated and all state lists fail, then the request MUST fail with a 412 (Precondition Failed) status".
        Assert.True(holds == admission.IsGranted, $"{where}: {admission.Fault}");
        Assert.Equal(holds ? null : 412, admission.Fault?.Status);
    }
}
