namespace WebDav.Handlers;

/// <summary>Who makes the request, as the host found out. Set as a feature of the request; without it the user is anonymous and may write.</summary>
/// <param name="Name">The user's name; null for anonymous.</param>
/// <param name="MayWrite">Whether methods that change anything are allowed.</param>
/// <param name="IsAdministrator">Whether the operations of all users may be seen and stopped.</param>
public sealed record DavUser(string? Name, bool MayWrite, bool IsAdministrator = false)
{
    /// <summary>Nobody in particular, who may do everything.</summary>
    public static DavUser Anonymous { get; } = new(Name: null, MayWrite: true);
}
