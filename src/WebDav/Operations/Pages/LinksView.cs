namespace WebDav.Operations.Pages;

/// <summary>Where else an operation can be asked, in JSON.</summary>
internal sealed record LinksView(string Self, string Result, string Events, string Socket);
