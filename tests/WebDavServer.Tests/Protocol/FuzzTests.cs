using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using WebDav.Protocol;
using WebDav.Protocol.Headers;
using WebDav.Protocol.Xml;

namespace WebDavServer.Tests.Protocol;

/// <summary>Whatever is sent, a parser either understands it or refuses it as a fault of the client.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 20_000;

    private static readonly string[] Words =
    [
        " ", "\t", ",", ";", "=", "(", ")", "<", ">", "[", "]", "\"", "\\", "/", "//", ":", "*", "%", "%2F", "%C3%A4", "..", "-", "0", "1", "9",
        "Not", "W/", "\"e\"", "<urn:a:b>", "DAV:", "http", "https://", "h:80", "/a", "?", "#", "@", "infinity", "Second-", "Infinite", "T",
        "bytes=", "0-1", "-5", "99999999999999999999", "Sun, 06 Nov 1994 08:49:37 GMT", "wait=", "return=minimal", "respond-async", "ä", "\0",
    ];

    private static readonly string[] Bodies =
    [
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><D:propfind xmlns:D=\"DAV:\"><D:allprop/><D:include><D:a/></D:include></D:propfind>",
        "<propfind xmlns=\"DAV:\"><prop><a xmlns=\"x\"/><b/></prop></propfind>",
        "<D:propertyupdate xmlns:D=\"DAV:\" xml:lang=\"de\"><D:set><D:prop><x:a xmlns:x=\"u\" x:b='1'>t<![CDATA[c]]>&#13;&lt;<!--c--></x:a></D:prop></D:set>"
        + "<D:remove><D:prop><c/></D:prop></D:remove></D:propertyupdate>",
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner>o</D:owner></D:lockinfo>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
    ];

    [Fact]
    public void Header_fields_only_ever_fail_as_a_fault()
    {
        var request = new RequestAuthority("http", "h", new UrlSpace("/a", DavPath.Root), ["other:8080"]);
        var random = new Random(2518);
        for (var i = 0; i < Rounds; i++)
        {
            var text = RandomText.Of(random, Words);
            var values = random.Next(8) == 0 ? new StringValues([text, RandomText.Of(random, Words), null]) : new StringValues(text);
            Try(values, () => DepthHeader.Parse(values));
            Try(values, () => OverwriteHeader.Parse(values));
            Try(values, () => DestinationHeader.Parse(values, request));
            Try(values, () => TimeoutHeader.Parse(values));
            Try(values, () => LockTokenHeader.Parse(values));
            Try(values, () => IfHeader.Parse(values));
            Try(values, () => PreferHeader.Parse(values));
            Try(values, () => XOcMtimeHeader.Parse(values));
            Try(values, () => RangeHeader.Parse("bytes=" + values, values, new ETag("e"), DateTimeOffset.UnixEpoch, i % 7));
            Try(values, () => RangeHeader.Parse(values, default, new ETag("e"), DateTimeOffset.UnixEpoch, i % 7));
            Try(values, () => ConditionalHeaders.Parse(new HeaderDictionary
            {
                ["If-Match"] = values,
                ["If-None-Match"] = values,
                ["If-Modified-Since"] = values,
                ["If-Unmodified-Since"] = values,
            }));
        }
    }

    [Fact]
    public void A_parsed_range_always_lies_within_the_file()
    {
        var random = new Random(9110);
        for (var i = 0; i < Rounds; i++)
        {
            var length = random.Next(1, 50);
            var text = "bytes=" + string.Join(',', Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(3) switch
            {
                0 => $"{random.Next(60)}-",
                1 => $"-{random.Next(60)}",
                _ => $"{random.Next(60)}-{random.Next(60)}",
            }));
            var ranges = RangeHeader.Parse(text, default, new ETag("e"), DateTimeOffset.UnixEpoch, length).Ranges;
            Assert.All(ranges, range => Assert.True(range.Start >= 0 && range.Length > 0 && range.End <= length, text));
            var sorted = ranges.OrderBy(range => range.Start).ToArray();
            Assert.All(sorted.Zip(sorted.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start, text));
        }
    }

    [Fact]
    public void A_path_is_refused_or_stays_below_the_root()
    {
        var random = new Random(3986);
        for (var i = 0; i < Rounds; i++)
        {
            var text = "/" + RandomText.Of(random, "/", "..", ".", "%2e", "%2E%2e", "%2F", "%00", "%C3", "%A4", "%", "a", "b c", "\\", "ä", "\ud800");
            if (DavPath.TryParse(text, out var path, out _, out _))
            {
                Assert.All(path.Names, name => Assert.True(name is not ("" or "." or "..") && !name.Contains('\0'), text));
                Assert.True(DavPath.TryParse(path.ToHref(), out var back, out _, out _));
                Assert.Equal(path, back);
            }
        }
    }

    [Fact]
    public async Task Bodies_only_ever_fail_as_a_fault()
    {
        var random = new Random(4918);
        for (var i = 0; i < Rounds / 2; i++)
        {
            var text = RandomText.Damaged(random, Bodies[i % Bodies.Length]);
            var bytes = (i % 11 == 0 ? Encoding.Latin1 : Encoding.UTF8).GetBytes(text);
            using var stream = new MemoryStream(bytes);
            try
            {
                var body = await XmlBody.ReadAsync(stream, XmlLimits.Default, default);
                if (body is not null)
                {
                    Try(text, () => PropFindBody.Parse(body));
                    Try(text, () => LockInfoBody.Parse(body));
                    Try(text, () => Assert.All(
                        PropertyUpdateBody.Parse(body).Where(one => one.Element is not null),
                        one => Assert.Equal(one.Element!.Name, Xml.Body.Of(PropertyFragment.Of(one.Element)).Name)));
                }
            }
            catch (DavFaultException fault)
            {
                Assert.Equal(400, fault.Fault.Status);
            }
            catch (Exception other) when (other is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{text}: {other}");
            }
        }
    }

    private static void Try(StringValues input, Action parse)
    {
        try
        {
            parse();
        }
        catch (DavFaultException fault)
        {
            Assert.InRange(fault.Fault.Status, 400, 599);
            Assert.NotEmpty(fault.Fault.Reason);
        }
        catch (Exception other)
        {
            Assert.Fail($"{input}: {other}");
        }
    }
}
