namespace WebDav.Protocol.Headers;

/// <summary>A part of a representation.</summary>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="Length">Number of bytes, at least one.</param>
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>Offset of the byte behind its last one.</summary>
    public long End => Start + Length;
}
