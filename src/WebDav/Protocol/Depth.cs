namespace WebDav.Protocol;

/// <summary>How far below the request's resource a method reaches (RFC 4918 10.2).</summary>
public enum Depth
{
    /// <summary>The resource alone.</summary>
    Zero,

    /// <summary>The resource and its members.</summary>
    One,

    /// <summary>The resource and everything below it.</summary>
    Infinity,
}
