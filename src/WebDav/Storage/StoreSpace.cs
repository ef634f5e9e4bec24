namespace WebDav.Storage;

/// <summary>Room on the storage behind a resource (RFC 4331).</summary>
/// <param name="Available">Bytes that can still be written.</param>
/// <param name="Used">Bytes that are taken.</param>
public readonly record struct StoreSpace(long Available, long Used);
