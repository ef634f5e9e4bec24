namespace WebDav.Protocol;

/// <summary>Names of the <c>DAV:</c> namespace that the server writes or understands (RFC 4918 14 to 16).</summary>
internal static class DavNames
{
    /// <summary>The namespace of RFC 4918: it is <c>DAV:</c>, a URI with nothing behind its scheme.</summary>
    public const string Namespace = "DAV:";

    // Preconditions and postconditions, RFC 4918 16.
    public const string LockTokenMatchesRequestUri = "lock-token-matches-request-uri";
    public const string LockTokenSubmitted = "lock-token-submitted";
    public const string NoConflictingLock = "no-conflicting-lock";
    public const string NoExternalEntities = "no-external-entities";
    public const string PreservedLiveProperties = "preserved-live-properties";
    public const string PropFindFiniteDepth = "propfind-finite-depth";
    public const string CannotModifyProtectedProperty = "cannot-modify-protected-property";

    // RFC 5689 3.1 and RFC 4331 6.
    public const string ValidResourceType = "valid-resourcetype";
    public const string SufficientDiskSpace = "sufficient-disk-space";
}
