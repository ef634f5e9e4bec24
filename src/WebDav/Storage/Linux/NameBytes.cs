using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace WebDav.Storage.Linux;

/// <summary>Names as the disk has them: bytes, here UTF-8 that ends in NUL.</summary>
internal static class NameBytes
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The directory that a handle is of, as a name below itself.</summary>
    public static byte[] Itself { get; } = ".\0"u8.ToArray();

    /// <summary>A text with NUL behind it; refused if it has an unpaired surrogate, which UTF-8 cannot say.</summary>
    public static Errno TryEncode(ReadOnlySpan<char> text, out byte[] name)
    {
        name = new byte[s_strict.GetMaxByteCount(text.Length) + 1];
        if (Utf8.FromUtf16(text, name, out _, out var length, replaceInvalidSequences: false) != System.Buffers.OperationStatus.Done)
        {
            name = Itself;
            return Errno.BadSequence;
        }

        Array.Resize(ref name, length + 1);
        name[length] = 0;
        return Errno.None;
    }

    /// <summary>A text of the server's own, which has no unpaired surrogates.</summary>
    public static byte[] Encode(string text) => [.. s_strict.GetBytes(text), 0];

    /// <summary>The text of a name that ends in NUL, if it is UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> name, [NotNullWhen(true)] out string? text)
    {
        name = name[..^1];
        text = Utf8.IsValid(name) ? Encoding.UTF8.GetString(name) : null;
        return text is not null;
    }

    /// <summary>A name that is fit for the log.</summary>
    public static string Show(ReadOnlySpan<byte> name) => Convert.ToHexString(name[..^1]);
}
