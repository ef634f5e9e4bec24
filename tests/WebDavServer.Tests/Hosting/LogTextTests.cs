using WebDavServer.Hosting;

namespace WebDavServer.Tests.Hosting;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("/plain/path.txt", "/plain/path.txt")]
    [InlineData("/Über allen Gipfeln", "/Über allen Gipfeln")]
    [InlineData("a\r\nb", @"a\u{d}\u{a}b")]
    [InlineData("\u001b[31m", @"\u{1b}[31m")]
    [InlineData("\u202egpj.exe", @"\u{202e}gpj.exe")]
    [InlineData("a\u2028b\u0085", @"a\u{2028}b\u{85}")]
    public void What_could_end_or_disguise_a_line_is_escaped(string text, string safe) => Assert.Equal(safe, LogText.Safe(text));

    [Fact]
    public void A_half_surrogate_is_replaced() => Assert.Equal("a\ufffdb", LogText.Safe("a\ud800b"));

    [Fact]
    public void An_endless_text_is_cut() => Assert.Equal(1026, LogText.Safe(new string('x', 100_000)).Length);
}
