namespace WebDav.Operations.Pages;

/// <summary>A member that failed, in JSON.</summary>
internal sealed record FailureView(string Href, int Status, string Reason);
