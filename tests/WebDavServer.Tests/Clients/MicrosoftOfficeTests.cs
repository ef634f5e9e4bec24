using System.Xml.Linq;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Support.MultiStatus;

namespace WebDavServer.Tests.Clients;

/// <summary>
/// Word and Excel: by an address of their own (<c>ms-word:ofe|u|http://…</c>), where they speak WebDAV themselves, and on a mounted drive,
/// where the redirector of Windows speaks for them.
/// </summary>
/// <remarks>
/// From Microsoft's description of the Office Existence Discovery Protocol (2008), the captures in mikedeboer/jsDAV issue 129,
/// sabre-io/dav issues 537, 955 and 980 and its MSWordTest, OpenMarshal/npm-WebDAV-Server issues 37 and 101, and Microsoft's "How Word
/// creates temporary files" (KB 211632). MS-FSSHTTP, which SharePoint speaks, is not spoken here.
/// </remarks>
public sealed class MicrosoftOfficeTests
{
    // It says that it could have a token for an identity provider, and has none.
    private const string Word =
        "Authorization: Bearer\nUser-Agent: Microsoft Office Word 2014\nX-Office-Major-Version: 16\nX-MS-CookieUri-Requested: t\nX-FeatureVersion: 1\ntranslate: f\nX-IDCRL_ACCEPTED: t\nConnection: Keep-Alive";

    private const string Drive = "Connection: Keep-Alive\nUser-Agent: Microsoft-WebDAV-MiniRedir/10.0.17134\ntranslate: f";
    private const string Xml = "application/xml; charset=utf-8";
    private const string OwnerFile = "/docs/~%24letter.docx";

    private const string LockInfo =
        """
        <D:lockinfo xmlns:D="DAV:">
            <D:lockscope>
                <D:exclusive />
            </D:lockscope>
            <D:locktype>
                <D:write />
            </D:locktype>
            <D:owner>
                <D:href>PC-Vista\User</D:href>
            </D:owner>
        </D:lockinfo>
        """;

    private const string Exists =
        """
        HEAD /docs/letter.docx HTTP/1.1
        User-Agent: Microsoft Office Existence Discovery
        Content-Length: 0
        Connection: Keep-Alive
        Pragma: no-cache
        """;

    private static readonly DateTimeOffset Written = new(2007, 6, 28, 17, 38, 29, TimeSpan.Zero);

    [Fact]
    public async Task Word_opens_a_document_keeps_its_lock_saves_and_lets_it_go()
    {
        await using Replay word = await StartAsync();

        await DiscoverAsync(word);
        string token = await LockAsync(word);
        RawResponse opened = await word.ExchangeAsync(
            $"""
            GET /docs/letter.docx HTTP/1.1
            Content-Type: text/xml; charset="utf-8"
            Depth: 0
            {Word}
            """,
            """
            200
            Content-Length: 3
            Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document
            Last-Modified: Thu, 28 Jun 2007 17:38:29 GMT
            ETag: *
            """);
        Assert.Equal("old", opened.Text);
        await RefreshAsync(word, token);
        await SaveAsync(word, $"If: (<{token}>)", "first");
        await SaveAsync(word, $"If: (<{token}>)", "second");
        await UnlockAsync(word, token);

        Assert.Equal(["docs/", "docs/letter.docx=second"], word.Tree.List());
    }

    [Theory] // OpenMarshal/npm-WebDAV-Server issue 37: it says Bearer where it has no token
    [InlineData("ReadWrite", 200)]
    [InlineData("None", 401)]
    public async Task Word_without_a_token_is_somebody_without_a_name(string anonymous, int status)
    {
        Dictionary<string, string?> settings = TestUsers.Settings("anna");
        settings["Auth:Anonymous"] = anonymous;
        await using Replay word = await Replay.StartAsync(settings: settings);
        word.Tree.AddFile("docs/letter.docx", "old");

        await word.ExchangeAsync(Lock, $"{status}");
    }

    [Fact] // sabre-io/dav issue 980; [MS-WDV] 2.2.4
    public async Task Word_2016_submits_its_token_in_Lock_Token()
    {
        await using Replay word = await StartAsync();
        string token = await LockAsync(word);

        await SaveAsync(word, $"Lock-Token: <{token}>", "new");
        Assert.Equal("new", word.Tree.Read("docs/letter.docx"));
        await UnlockAsync(word, token);

        // When the lock is gone, the document may be another's work: it is not written over.
        await word.ExchangeAsync(Save($"Lock-Token: <{token}>", "late"), "412");
        Assert.Equal("new", word.Tree.Read("docs/letter.docx"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Lock-Token: <urn:uuid:00000000-0000-0000-0000-000000000000>\n")]
    public async Task A_document_that_another_has_open_is_not_saved(string field)
    {
        await using Replay word = await StartAsync();
        await LockAsync(word);

        await word.ExchangeAsync(
            $"""
            PUT /docs/letter.docx HTTP/1.1
            {field}{Word}

            mine
            """,
            field.Length == 0 ? "423" : "412");
        RawResponse refused = await word.ExchangeAsync(Lock, "423");
        Assert.Equal("no-conflicting-lock", refused.Condition());

        Assert.Equal("old", word.Tree.Read("docs/letter.docx"));
    }

    [Fact]
    public async Task A_lock_of_an_hour_outlives_a_lunch_break()
    {
        ManualTime time = new();
        await using Replay word = await StartAsync(time);
        string token = await LockAsync(word);

        time.Advance(TimeSpan.FromMinutes(59)); // the lid of the notebook was closed: nothing was sent

        RawResponse refused = await word.ExchangeAsync(Lock, "423");
        Assert.Equal("no-conflicting-lock", refused.Condition());
        await RefreshAsync(word, token);
        time.Advance(TimeSpan.FromMinutes(59));
        await SaveAsync(word, $"If: (<{token}>)", "after lunch");
        await UnlockAsync(word, token);

        Assert.Equal("after lunch", word.Tree.Read("docs/letter.docx"));
    }

    [Fact] // Existence Discovery: it locks again what it finds as it left it
    public async Task After_a_longer_one_the_document_is_locked_again_if_nobody_has_changed_it()
    {
        ManualTime time = new();
        await using Replay word = await StartAsync(time);
        string token = await LockAsync(word);
        time.Advance(TimeSpan.FromMinutes(61));

        RawResponse refused = await word.ExchangeAsync(Refresh(token), "412");
        Assert.Equal("lock-token-matches-request-uri", refused.Condition());
        await word.ExchangeAsync(Save($"If: (<{token}>)", "lost?"), "412");
        await DiscoverAsync(word);
        string anew = await LockAsync(word);
        Assert.NotEqual(token, anew);
        await SaveAsync(word, $"If: (<{anew}>)", "not lost");

        Assert.Equal("not lost", word.Tree.Read("docs/letter.docx"));
    }

    [Fact]
    public async Task After_a_longer_one_the_work_of_another_is_seen()
    {
        ManualTime time = new();
        await using Replay word = await StartAsync(time);
        string token = await LockAsync(word);
        time.Advance(TimeSpan.FromMinutes(61));
        await SaveAsync(word, "Pragma: no-cache", "another's");

        await word.ExchangeAsync(Save($"If: (<{token}>)", "mine"), "412");
        RawResponse found = await word.ExchangeAsync(Exists, "200");

        Assert.NotEqual(Written, DavForms.HttpDate(found["Last-Modified"]!));
        Assert.Equal("another's", word.Tree.Read("docs/letter.docx"));
    }

    [Fact] // OpenMarshal/npm-WebDAV-Server issue 37
    public async Task Word_writes_on_a_drive_who_has_the_document_open_and_takes_it_away_again()
    {
        await using Replay drive = await StartAsync();

        await drive.ExchangeAsync(
            $"""
            PROPFIND {OwnerFile} HTTP/1.1
            {Drive}
            Depth: 0
            Content-Length: 0
            """,
            "404");
        await drive.ExchangeAsync(
            $"""
            PUT {OwnerFile} HTTP/1.1
            {Drive}
            Content-Length: 0
            """,
            """
            201
            Content-Length: 0
            """);
        string token = await LockAsync(drive, OwnerFile);
        await drive.ExchangeAsync(
            $"""
            HEAD {OwnerFile} HTTP/1.1
            {Drive}
            """,
            """
            200
            Content-Length: 0
            """);
        await drive.ExchangeAsync(
            $"""
            PUT {OwnerFile} HTTP/1.1
            {Drive}
            If: (<{token}>)

            Anna
            """,
            "204");
        MultiStatus hidden = MultiStatus.Of(await drive.ExchangeAsync(
            $"""
            PROPPATCH {OwnerFile} HTTP/1.1
            {Drive}
            Content-Type: text/xml; charset="utf-8"
            If: (<{token}>)

            <?xml version="1.0" encoding="utf-8" ?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:set><D:prop><Z:Win32LastModifiedTime>Thu, 28 Jun 2007 17:38:29 GMT</Z:Win32LastModifiedTime><Z:Win32FileAttributes>00000022</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>
            """,
            "207"));
        Assert.Equal(2, hidden.Names("/docs/~$letter.docx", 200).Count);
        await UnlockAsync(drive, token, OwnerFile);

        // Another Word reads whose it is, under the other name that the same URL has (RFC 3986 6.2.2.2: $ need not be encoded).
        RawResponse who = await drive.ExchangeAsync(
            $"""
            GET /docs/~$letter.docx HTTP/1.1
            {Drive}
            """,
            """
            200
            Content-Length: 4
            """);
        Assert.Equal("Anna", who.Text);
        await drive.ExchangeAsync(
            $"""
            DELETE {OwnerFile} HTTP/1.1
            {Drive}
            """,
            "204");
        Assert.Equal(["docs/", "docs/letter.docx=old"], drive.Tree.List());
    }

    [Fact] // sabre-io/dav MSWordTest: where no such file is, the LOCK makes it
    public async Task A_new_document_is_locked_before_it_is_there()
    {
        await using Replay word = await Replay.StartAsync();
        const string Sheet = "/Nouveau%20Microsoft%20Office%20Excel%20Worksheet.xlsx";

        string document = await LockAsync(word, Sheet, status: 201);
        string owner = await LockAsync(word, "/~$Nouveau%20Microsoft%20Office%20Excel%20Worksheet.xlsx", status: 201);
        await word.ExchangeAsync(
            $"""
            PUT {Sheet} HTTP/1.1
            If: (<{document}>)

            FAKE BODY
            """,
            "204");

        Assert.NotEqual(document, owner);
        Assert.Equal(
            ["Nouveau Microsoft Office Excel Worksheet.xlsx=FAKE BODY", "~$Nouveau Microsoft Office Excel Worksheet.xlsx="], word.Tree.List());
    }

    [Fact] // KB 211632: the new text is written beside the old one, which is set aside; then the names are changed
    public async Task Word_saves_on_a_drive_by_a_temporary_file_that_is_renamed()
    {
        await using Replay drive = await StartAsync();
        const string Temporary = "/docs/~WRD0000.tmp";
        MultiStatus.Of(await drive.ExchangeAsync(
            $"""
            PROPPATCH /docs/letter.docx HTTP/1.1
            {Drive}
            Content-Type: text/xml; charset="utf-8"

            <?xml version="1.0" encoding="utf-8" ?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:set><D:prop><Z:Win32CreationTime>Thu, 28 Jun 2007 17:38:29 GMT</Z:Win32CreationTime></D:prop></D:set></D:propertyupdate>
            """,
            "207"));

        await drive.ExchangeAsync(
            $"""
            PUT {Temporary} HTTP/1.1
            {Drive}
            Content-Length: 0
            """,
            "201");
        string token = await LockAsync(drive, Temporary);
        await drive.ExchangeAsync(
            $"""
            PUT {Temporary} HTTP/1.1
            {Drive}
            If: (<{token}>)

            new
            """,
            "204");
        await UnlockAsync(drive, token, Temporary);
        foreach ((string from, string to) in new[] { ("/docs/letter.docx", "/docs/~WRL0001.tmp"), (Temporary, "/docs/letter.docx") })
        {
            await drive.ExchangeAsync(
                $"""
                MOVE {from} HTTP/1.1
                {Drive}
                Destination: http://{drive.Host}{to}
                Overwrite: F
                Content-Length: 0
                """,
                """
                201
                Content-Length: 0
                """);
        }

        Assert.Equal(["docs/", "docs/letter.docx=new", "docs/~WRL0001.tmp=old"], drive.Tree.List());
        MultiStatus found = MultiStatus.Of(await drive.ExchangeAsync(
            $"""
            PROPFIND /docs HTTP/1.1
            {Drive}
            Depth: 1
            Content-Length: 0
            """,
            $"""
            207
            Content-Type: {Xml}
            """));
        Assert.Equal("3", found.Text("/docs/letter.docx", Dav + "getcontentlength"));
        Assert.Equal("Thu, 28 Jun 2007 17:38:29 GMT", found.Text("/docs/~WRL0001.tmp", XName.Get("Win32CreationTime", "urn:schemas-microsoft-com:")));
        Assert.Empty(DavForms.Locks(found.Value("/docs/letter.docx", Dav + "lockdiscovery")));
        await drive.ExchangeAsync(
            $"""
            DELETE /docs/~WRL0001.tmp HTTP/1.1
            {Drive}
            """,
            "204");
        Assert.Equal(["docs/", "docs/letter.docx=new"], drive.Tree.List());
    }

    [Fact] // a capture of MiniRedir/6.0.6001 in the source of OpenGroupware Coils: Excel's temporary names are eight hexadecimal digits
    public async Task Excel_saves_on_a_drive_by_a_file_that_is_moved_over_the_old_one()
    {
        await using Replay drive = await StartAsync();
        drive.Tree.AddFile("docs/87031000", "new");
        string lockedBy = await LockAsync(drive);

        string move =
            $"""
            MOVE /docs/87031000 HTTP/1.1
            {Drive}
            Destination: http://{drive.Host}/docs/letter.docx
            Overwrite: T
            Content-Length: 0
            """;
        await drive.ExchangeAsync(move, "423");
        await drive.ExchangeAsync(
            $"{move}\nIf: <http://{drive.Host}/docs/letter.docx> (<{lockedBy}>)",
            """
            204
            Content-Length: -
            """);

        Assert.Equal(["docs/", "docs/letter.docx=new"], drive.Tree.List());
        await UnlockAsync(drive, lockedBy); // it is the URL that is locked: the lock is there still (RFC 4918 7.6)
    }

    private static string Lock => LockOf("/docs/letter.docx");

    private static async Task<Replay> StartAsync(TimeProvider? time = null)
    {
        Replay replay = await Replay.StartAsync(time);
        File.SetLastWriteTimeUtc(replay.Tree.AddFile("docs/letter.docx", "old"), Written.UtcDateTime);
        return replay;
    }

    // Of the folder, what can be done; of the document, that it is there, and from when it is.
    private static async Task DiscoverAsync(Replay word)
    {
        foreach (string target in new[] { "/docs/", "/docs/letter.docx" })
        {
            await word.ExchangeAsync(
                $"""
                OPTIONS {target} HTTP/1.1
                User-Agent: Microsoft Office Protocol Discovery
                Content-Length: 0
                Connection: Keep-Alive
                """,
                """
                200
                DAV: 1, 2, 3, extended-mkcol, sabredav-partialupdate
                MS-Author-Via: DAV
                X-MSDAVEXT: -
                Content-Length: 0
                """);
        }

        await word.ExchangeAsync(
            Exists,
            """
            200
            Content-Length: 3
            Last-Modified: Thu, 28 Jun 2007 17:38:29 GMT
            """);
    }

    private static string LockOf(string target) =>
        $"""
        LOCK {target} HTTP/1.1
        {Word}
        Content-Type: application/xml
        Depth: 0
        Timeout: Second-3600

        {LockInfo}
        """;

    private static async Task<string> LockAsync(Replay word, string target = "/docs/letter.docx", int status = 200)
    {
        RawResponse granted = await word.ExchangeAsync(
            LockOf(target),
            $"""
            {status}
            Content-Type: {Xml}
            Lock-Token: *
            """);
        string token = granted["Lock-Token"]!.Trim('<', '>');
        Assert.Equal([$@"exclusive write 0 Second-3600 {token} by PC-Vista\User"], DavForms.Locks(XElement.Parse(granted.Text)).Select(Squeeze));
        return token;
    }

    // The white space around the owner's href is the client's, and kept.
    private static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Refresh(string token) =>
        $"""
        LOCK /docs/letter.docx HTTP/1.1
        {Word}
        If: (<{token}>)
        Timeout: Second-3600
        Content-Length: 0
        """;

    private static async Task RefreshAsync(Replay word, string token)
    {
        RawResponse kept = await word.ExchangeAsync(
            Refresh(token),
            $"""
            200
            Content-Type: {Xml}
            Lock-Token: -
            """);
        Assert.Equal([$@"exclusive write 0 Second-3600 {token} by PC-Vista\User"], DavForms.Locks(XElement.Parse(kept.Text)).Select(Squeeze));
    }

    private static string Save(string field, string content) =>
        $"""
        PUT /docs/letter.docx HTTP/1.1
        {Word}
        {field}

        {content}
        """;

    private static Task<RawResponse> SaveAsync(Replay word, string field, string content) => word.ExchangeAsync(
        Save(field, content),
        """
        204
        ETag: *
        Content-Length: -
        """);

    private static Task<RawResponse> UnlockAsync(Replay word, string token, string target = "/docs/letter.docx") => word.ExchangeAsync(
        $"""
        UNLOCK {target} HTTP/1.1
        {Word}
        Lock-Token: <{token}>
        """,
        """
        204
        Content-Length: -
        """);
}
