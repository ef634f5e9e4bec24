using System.Xml.Linq;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using WebDav.Properties;
using WebDav.Protocol;
using WebDavServer.Tests.Support;
using static WebDavServer.Tests.Handlers.Requests;

namespace WebDavServer.Tests.Handlers;

/// <summary>The times and attributes that Windows sets after each write, and DAV:getlastmodified.</summary>
[SupportedOSPlatform("linux")]
public sealed class Win32PropertyTests
{
    private const string Created = "Wed, 04 Nov 2020 13:25:51 GMT";
    private const string Accessed = "Sat, 05 Dec 2020 21:16:12 GMT";
    private const string Modified = "Thu, 05 Nov 2020 01:02:03 GMT";

    private static readonly string All =
        $"<Z:Win32CreationTime>{Created}</Z:Win32CreationTime><Z:Win32LastAccessTime>{Accessed}</Z:Win32LastAccessTime>"
        + $"<Z:Win32LastModifiedTime>{Modified}</Z:Win32LastModifiedTime><Z:Win32FileAttributes>00000023</Z:Win32FileAttributes>";

    private static readonly string[] Names = ["Win32CreationTime", "Win32LastAccessTime", "Win32LastModifiedTime", "Win32FileAttributes"];

    [Fact]
    public async Task They_act_on_the_file_and_come_back()
    {
        await using ServerFixture server = await StartAsync();

        Assert.All((await server.SetAsync("/file", All)).Statuses().Values, status => Assert.Equal(200, status));

        FileInfo file = new(server.Tree.At("file"));
        Assert.Equal(DateTimeOffset.Parse(Modified).UtcDateTime, file.LastWriteTimeUtc);
        Assert.Equal(DateTimeOffset.Parse(Accessed).UtcDateTime, file.LastAccessTimeUtc);
        Assert.Equal(UnixFileMode.None, file.UnixFileMode & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        Assert.Equal([Created, Accessed, Modified, "00000023"], await ReadAsync(server, "/file"));
        Assert.Equal(Modified, await server.PropertyAsync("/file", Dav + "getlastmodified"));
        Assert.Equal("content", server.Tree.Read("file"));
    }

    [Fact]
    public async Task They_are_in_allprop_once_they_were_set()
    {
        await using ServerFixture server = await StartAsync();

        Assert.DoesNotContain(await server.AllPropAsync("/file"), name => name.Namespace == Win32);
        await server.SetAsync("/file", All);
        Assert.Equal(Names.Order(), (await server.AllPropAsync("/file")).Where(name => name.Namespace == Win32).Select(name => name.LocalName).Order());
    }

    [Fact]
    public async Task Those_never_set_are_those_of_the_file()
    {
        await using ServerFixture server = await StartAsync();
        File.SetLastWriteTimeUtc(server.Tree.At("file"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));

        Assert.Equal("Sat, 03 Feb 2001 04:05:06 GMT", await server.PropertyAsync("/file", Win32 + "Win32LastModifiedTime"));
        Assert.Equal("00000080", await server.PropertyAsync("/file", Win32 + "Win32FileAttributes"));
        Assert.Equal("00000010", await server.PropertyAsync("/dir/", Win32 + "Win32FileAttributes"));
        Assert.NotNull(await server.PropertyAsync("/file", Win32 + "Win32CreationTime"));
    }

    [Fact]
    public async Task The_file_has_the_last_word_on_what_it_keeps_itself()
    {
        await using ServerFixture server = await StartAsync();
        await server.SetAsync("/file", All);

        File.SetLastWriteTimeUtc(server.Tree.At("file"), new DateTime(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetUnixFileMode(server.Tree.At("file"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal("Sat, 01 Jan 2022 00:00:00 GMT", await server.PropertyAsync("/file", Win32 + "Win32LastModifiedTime"));
        Assert.Equal("00000022", await server.PropertyAsync("/file", Win32 + "Win32FileAttributes"));
    }

    [Fact]
    public async Task Read_only_is_set_and_taken_back()
    {
        await using ServerFixture server = await StartAsync();

        await server.SetAsync("/file", "<Z:Win32FileAttributes>1</Z:Win32FileAttributes>");
        Assert.True(new FileInfo(server.Tree.At("file")).IsReadOnly);
        await server.SetAsync("/file", "<Z:Win32FileAttributes>00000020</Z:Win32FileAttributes>");
        Assert.False(new FileInfo(server.Tree.At("file")).IsReadOnly);
        Assert.Equal("00000020", await server.PropertyAsync("/file", Win32 + "Win32FileAttributes"));
    }

    [Fact]
    public async Task A_collection_keeps_its_write_permission()
    {
        await using ServerFixture server = await StartAsync();
        UnixFileMode before = File.GetUnixFileMode(server.Tree.At("dir"));

        Assert.All((await server.SetAsync("/dir/", All)).Statuses().Values, status => Assert.Equal(200, status));

        Assert.Equal(before, File.GetUnixFileMode(server.Tree.At("dir")));
        Assert.Equal([Created, Accessed, Modified, "00000033"], await ReadAsync(server, "/dir/"));
    }

    [Theory]
    [InlineData("<D:getlastmodified>Thu, 05 Nov 2020 01:02:03 GMT</D:getlastmodified>", 200)]
    [InlineData("<D:getlastmodified>Thursday, 05-Nov-20 01:02:03 GMT</D:getlastmodified>", 200)] // RFC 9110 5.6.7
    [InlineData("<D:getlastmodified>yesterday</D:getlastmodified>", 409)]
    [InlineData("<D:getlastmodified/>", 409)]
    public async Task The_time_of_modification_can_be_set(string property, int status)
    {
        await using ServerFixture server = await StartAsync();

        Assert.Equal(status, (await server.SetAsync("/file", property)).Statuses()[Dav + "getlastmodified"]);
        Assert.Equal(status == 200, await server.PropertyAsync("/file", Dav + "getlastmodified") == Modified);
        Assert.Single(await server.AllPropAsync("/file"), Dav + "getlastmodified");
    }

    [Fact]
    public async Task The_time_of_modification_cannot_be_removed()
    {
        await using ServerFixture server = await StartAsync();

        RawResponse refused = await server.ChangeAsync("/file", "<D:remove><D:prop><D:getlastmodified/></D:prop></D:remove>");

        Assert.Equal(403, refused.Statuses()[Dav + "getlastmodified"]);
        Assert.Equal("cannot-modify-protected-property", refused.FailedCondition());
    }

    [Theory]
    [InlineData("Win32CreationTime", "soon")]
    [InlineData("Win32LastAccessTime", "2020-11-04")]
    [InlineData("Win32LastModifiedTime", "")]
    [InlineData("Win32LastModifiedTime", "<t:time/>")]
    [InlineData("Win32FileAttributes", "hidden")]
    [InlineData("Win32FileAttributes", "100000000")]
    public async Task A_value_that_cannot_be_understood_changes_nothing(string name, string value)
    {
        await using ServerFixture server = await StartAsync();
        DateTime before = File.GetLastWriteTimeUtc(server.Tree.At("file"));

        RawResponse refused = await server.SetAsync("/file", $"<D:getlastmodified>{Modified}</D:getlastmodified><t:a/><Z:{name}>{value}</Z:{name}>");

        Assert.Equal(409, refused.Statuses()[Win32 + name]);
        Assert.Equal(424, refused.Statuses()[Dav + "getlastmodified"]);
        Assert.Equal(424, refused.Statuses()[XName.Get("a", "urn:test")]);
        Assert.Null(await server.PropertyAsync("/file", XName.Get("a", "urn:test")));
        Assert.Equal(before, File.GetLastWriteTimeUtc(server.Tree.At("file")));
    }

    [Fact]
    public async Task Where_another_property_is_refused_the_file_stays_as_it_is()
    {
        await using ServerFixture server = await StartAsync();
        DateTime before = File.GetLastWriteTimeUtc(server.Tree.At("file"));

        RawResponse refused = await server.SetAsync("/file", All + "<D:getetag>x</D:getetag>");

        Assert.Equal(403, refused.Statuses()[Dav + "getetag"]);
        Assert.All(Names, name => Assert.Equal(424, refused.Statuses()[Win32 + name]));
        Assert.Equal(before, File.GetLastWriteTimeUtc(server.Tree.At("file")));
        Assert.False(new FileInfo(server.Tree.At("file")).IsReadOnly);
    }

    [Fact]
    public async Task Where_the_file_refuses_nothing_is_kept()
    {
        // The file goes at the last moment, when the properties are in the database already.
        await using ServerFixture server = await StartAsync(remover: true);
        await server.SetAsync("/file", "<t:old>1</t:old>");

        RawResponse refused = await server.SetAsync("/file", All + "<t:old>2</t:old><t:vanish/>");

        Assert.Equal(404, refused.Statuses()[Win32 + "Win32LastModifiedTime"]);
        Assert.Equal(424, refused.Statuses()[Win32 + "Win32CreationTime"]);
        Assert.Equal(424, refused.Statuses()[XName.Get("old", "urn:test")]);
        server.Tree.AddFile("file");
        Assert.Equal("1", await server.PropertyAsync("/file", XName.Get("old", "urn:test")));
        Assert.Null(await server.PropertyAsync("/file", XName.Get("vanish", "urn:test")));
        Assert.DoesNotContain(await server.AllPropAsync("/file"), name => name.Namespace == Win32);
    }

    [Theory]
    [InlineData("MOVE", Modified)]
    [InlineData("COPY", null)]
    public async Task They_go_with_the_file(string method, string? modified)
    {
        await using ServerFixture server = await StartAsync();
        await server.SetAsync("/file", All);

        Assert.Equal(201, (await server.RequestAsync(method, "/file", null, "Destination: /there")).Status);

        Assert.Equal(Created, await server.PropertyAsync("/there", Win32 + "Win32CreationTime"));
        Assert.Equal("00000023", await server.PropertyAsync("/there", Win32 + "Win32FileAttributes"));
        string found = (await server.PropertyAsync("/there", Win32 + "Win32LastModifiedTime"))!;
        Assert.Equal(modified ?? await server.PropertyAsync("/there", Dav + "getlastmodified"), found);
    }

    [Fact]
    public async Task They_stay_when_the_file_gets_new_content()
    {
        await using ServerFixture server = await StartAsync();
        await server.SetAsync("/file", All);

        Assert.Equal(204, (await server.RequestAsync("PUT", "/file", "new")).Status);

        Assert.Equal(Created, await server.PropertyAsync("/file", Win32 + "Win32CreationTime"));
        Assert.Equal("00000023", await server.PropertyAsync("/file", Win32 + "Win32FileAttributes"));
        Assert.NotEqual(Modified, await server.PropertyAsync("/file", Win32 + "Win32LastModifiedTime"));
    }

    private static async Task<ServerFixture> StartAsync(bool remover = false)
    {
        TempTree tree = new();
        tree.AddFile("file", "content");
        tree.AddDirectory("dir");
        return await ServerFixture.StartAsync(
            services: services =>
            {
                if (remover)
                {
                    ServiceDescriptor real = services.Last(service => service.ServiceType == typeof(IDeadProperties));
                    services.AddSingleton<IDeadProperties>(provider => new RemovingProperties(
                        (IDeadProperties)ActivatorUtilities.CreateInstance(provider, real.ImplementationType!), tree));
                }
            },
            tree: tree);
    }

    private static async Task<List<string?>> ReadAsync(ServerFixture server, string target)
    {
        List<string?> values = [];
        foreach (string name in Names)
        {
            values.Add(await server.PropertyAsync(target, Win32 + name));
        }

        return values;
    }

    /// <summary>Removes the file from the disk once the property <c>vanish</c> is kept.</summary>
    private sealed class RemovingProperties(IDeadProperties real, TempTree tree) : IDeadProperties
    {
        public ValueTask<IReadOnlyList<DeadProperty>> ReadAsync(DavPath path, CancellationToken cancellation) => real.ReadAsync(path, cancellation);

        public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<DeadProperty>>> ReadMembersAsync(DavPath collection, CancellationToken cancellation) =>
            real.ReadMembersAsync(collection, cancellation);

        public async ValueTask ApplyAsync(DavPath path, IReadOnlyList<PropertyChange> changes, CancellationToken cancellation)
        {
            await real.ApplyAsync(path, changes, cancellation);
            if (changes.Any(change => change is { Name.Local: "vanish", Value: not null }))
            {
                File.Delete(tree.At("file"));
            }
        }

        public ValueTask DeleteAsync(DavPath path, CancellationToken cancellation) => real.DeleteAsync(path, cancellation);

        public IAsyncEnumerable<DavPath> ListAsync(DavPath tree, CancellationToken cancellation) => real.ListAsync(tree, cancellation);
    }
}
