using System.Xml.Linq;
using WebDav.Protocol.Xml;

namespace WebDavServer.Tests.Protocol.Xml;

public sealed class PropertyFragmentTests
{
    // Outside of the property, the property, and the fragment (null where there are several right ones).
    public static TheoryData<string, string, string> Fragments => new()
    {
        { "<o>{0}</o>", "<a/>", "<a />" },
        { "<o>{0}</o>", "<a></a>", "<a></a>" },
        { "<o>{0}</o>", "<a>t<!-- c --><b> </b>\n<![CDATA[<&]]><?p i?>&lt;&amp;</a>", "<a>t<!-- c --><b> </b>\n<![CDATA[<&]]><?p i?>&lt;&amp;</a>" },
        { "<o>{0}</o>", "<a b=\"1&quot;2\">&#13;&#9;</a>", "<a b=\"1&quot;2\">&#xD;\t</a>" },
        { "<o>{0}</o>", "<a b=\"&#10;&#9;&#13;\"/>", "<a b=\"&#xA;&#x9;&#xD;\" />" },
        { "<o>{0}</o>", "<a>😀</a>", "<a>😀</a>" },

        // Declarations in scope come along, used or not: text may use their prefixes (RFC 4918 4.3).
        { "<o xmlns:x=\"u\">{0}</o>", "<x:a/>", "<x:a xmlns:x=\"u\" />" },
        { "<o xmlns:x=\"u\">{0}</o>", "<a>x:name</a>", "<a xmlns:x=\"u\">x:name</a>" },
        { "<D:o xmlns:D=\"DAV:\">{0}</D:o>", "<D:a/>", "<D:a xmlns:D=\"DAV:\" />" },
        { "<o xmlns=\"u\">{0}</o>", "<a/>", "<a xmlns=\"u\" />" },
        { "<o xmlns=\"u\">{0}</o>", "<a xmlns=\"\"/>", "<a xmlns=\"\" />" },
        { "<o xmlns=\"u\"><p xmlns=\"\">{0}</p></o>", "<a/>", "<a />" },
        { "<o xmlns=\"u\"><p xmlns=\"v\">{0}</p></o>", "<a/>", "<a xmlns=\"v\" />" },
        { "<o xmlns:x=\"u\"><p xmlns:x=\"v\">{0}</p></o>", "<x:a/>", "<x:a xmlns:x=\"v\" />" },
        { "<o xmlns:x=\"u\">{0}</o>", "<x:a xmlns:x=\"v\"><x:b/></x:a>", "<x:a xmlns:x=\"v\"><x:b /></x:a>" },
        { "<o xmlns:x=\"u\">{0}</o>", "<a><x:b xmlns:x=\"v\" x:c=\"\"/></a>", "<a xmlns:x=\"u\"><x:b xmlns:x=\"v\" x:c=\"\" /></a>" },
        { "<o xmlns=\"u\" xmlns:x=\"v\">{0}</o>", "<x:a><b/></x:a>", "<x:a xmlns=\"u\" xmlns:x=\"v\"><b /></x:a>" },
        { "<o xmlns=\"u\" xmlns:x=\"u\">{0}</o>", "<x:a x:b=\"\"><c/></x:a>", null! }, // two prefixes for one namespace: either will do
        { "<o>{0}</o>", "<D:a xmlns:D=\"not-dav\"><D:b/></D:a>", "<D:a xmlns:D=\"not-dav\"><D:b /></D:a>" },

        // xml:lang in scope is part of the value (RFC 4918 4.3); xml:space is not.
        { "<o xml:lang=\"de\">{0}</o>", "<a/>", "<a xml:lang=\"de\" />" },
        { "<o xml:lang=\"de\">{0}</o>", "<a xml:lang=\"en\"/>", "<a xml:lang=\"en\" />" },
        { "<o xml:lang=\"de\">{0}</o>", "<a xml:lang=\"\"/>", "<a xml:lang=\"\" />" },
        { "<o xml:lang=\"de\"><p xml:lang=\"en\">{0}</p></o>", "<a/>", "<a xml:lang=\"en\" />" },
        { "<o xml:lang=\"de\"><p xml:lang=\"\">{0}</p></o>", "<a/>", "<a />" },
        { "<o xml:lang=\"de\">{0}</o>", "<a><b xml:lang=\"en\"/></a>", "<a xml:lang=\"de\"><b xml:lang=\"en\" /></a>" },
        { "<o xml:space=\"preserve\" lang=\"x\">{0}</o>", "<a/>", "<a />" },
        { "<o xmlns:xml=\"http://www.w3.org/XML/1998/namespace\" xml:lang=\"de\">{0}</o>", "<a/>", null! },
    };

    [Theory]
    [MemberData(nameof(Fragments))]
    public void A_property_carries_with_it_what_gives_it_its_meaning(string outside, string property, string? expected)
    {
        var element = Innermost(Body.Of(outside.Replace("{0}", property)));
        var before = element.ToString(SaveOptions.DisableFormatting);
        var fragment = PropertyFragment.Of(element);
        Assert.Equal(before, element.ToString(SaveOptions.DisableFormatting));
        if (expected is not null)
        {
            Assert.Equal(expected, WithDeclarationsSorted(fragment));
        }

        // On its own, and in an answer.
        AssertSame(element, Body.Of(fragment));
        AssertSame(element, Body.Of($"<D:prop xmlns:D=\"DAV:\">{fragment}</D:prop>").Elements().Single());
        Assert.Equal(fragment, PropertyFragment.Of(Body.Of(fragment)));
    }

    [Fact] // RFC 4918 4.3.1
    public void The_example_of_a_property_with_mixed_content_is_kept()
    {
        const string Property =
            """
            <x:author xmlns:x="http://example.com/ns">
              <x:name>Jane Doe</x:name>
              <!-- Jane's contact info -->
              <x:uri type="email" added="2005-11-26">mailto:jane.doe@example.com</x:uri>
              <x:uri type="web" added="2005-11-27">http://www.example.com</x:uri>
              <x:notes xmlns:h="http://www.w3.org/1999/xhtml">
                Jane has been working way <h:em>too</h:em> long on the long-awaited revision of <![CDATA[<RFC2518>]]>.
              </x:notes>
            </x:author>
            """;
        var element = Body.Of($"<D:prop xml:lang=\"en\" xmlns:D=\"DAV:\">{Property}</D:prop>").Elements().Single();
        var expected = Property.ReplaceLineEndings("\n").Replace(
            "\"http://example.com/ns\">", "\"http://example.com/ns\" xml:lang=\"en\" xmlns:D=\"DAV:\">", StringComparison.Ordinal);
        Assert.Equal(expected, PropertyFragment.Of(element));
    }

    // The order of attributes has no meaning; the table has declarations first and sorted.
    private static string WithDeclarationsSorted(string fragment)
    {
        var element = XElement.Parse(fragment, LoadOptions.PreserveWhitespace);
        var attributes = element.Attributes()
            .OrderBy(attribute => !attribute.IsNamespaceDeclaration)
            .ThenBy(attribute => attribute.Name == "xmlns" ? "" : attribute.Name.LocalName)
            .ToArray();
        element.ReplaceAttributes(attributes);
        return PropertyFragment.Of(element);
    }

    private static XElement Innermost(XElement root)
    {
        var element = root;
        while (element.Name.LocalName is "o" or "p")
        {
            element = element.Elements().Single();
        }

        return element;
    }

    /// <summary>The same elements, attributes, nodes, and the same language and meaning of every prefix in them.</summary>
    private static void AssertSame(XElement expected, XElement actual)
    {
        var pairs = expected.DescendantsAndSelf().Zip(actual.DescendantsAndSelf()).ToArray();
        Assert.Equal(expected.DescendantsAndSelf().Count(), actual.DescendantsAndSelf().Count());
        foreach (var (one, other) in pairs)
        {
            Assert.Equal(one.Name, other.Name);
            Assert.Equal(Plain(one), Plain(other));
            Assert.Equal(Language(one), Language(other));
            Assert.Equal(one.Nodes().Select(Node), other.Nodes().Select(Node));
            foreach (var prefix in one.AncestorsAndSelf().Attributes().Where(a => a.IsNamespaceDeclaration && a.Name.Namespace == XNamespace.Xmlns))
            {
                Assert.Equal(one.GetNamespaceOfPrefix(prefix.Name.LocalName), other.GetNamespaceOfPrefix(prefix.Name.LocalName));
            }

            Assert.Equal(one.GetDefaultNamespace(), other.GetDefaultNamespace());
        }

        static string Language(XElement element) =>
            element.AncestorsAndSelf().Attributes(XNamespace.Xml + "lang").FirstOrDefault()?.Value ?? "";
        static IEnumerable<string> Plain(XElement element) => element.Attributes()
            .Where(a => !a.IsNamespaceDeclaration && a.Name != XNamespace.Xml + "lang").Select(a => $"{a.Name}={a.Value}");
        static string Node(XNode node) => node is XElement element ? $"<{element.Name}>" : $"{node.NodeType} {node}";
    }
}
