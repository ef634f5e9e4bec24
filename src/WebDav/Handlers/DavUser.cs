using WebDav.Access;
using WebDav.Protocol;

namespace WebDav.Handlers;

/// <summary>Who makes the request, as the host found out. Set as a feature of the request; without it the user is anonymous and may do everything.</summary>
/// <param name="Name">The user's name; null for anonymous.</param>
/// <param name="Access">What the user may do where.</param>
/// <param name="IsAdministrator">Whether the operations of all users may be seen and stopped.</param>
public sealed record DavUser(string? Name, UserAccess Access, bool IsAdministrator = false)
{
    /// <summary>Nobody in particular, who may do everything.</summary>
    public static DavUser Anonymous { get; } = new(Name: null, UserAccess.Full);

    /// <summary>Whether there are users who could log in, so that somebody without a name is asked to (401) where others may do more.</summary>
    public bool CouldLogIn { get; init; }

    /// <summary>Why this request is refused whatever it asks for: its login failed. Null for all others.</summary>
    public DavFault? Refusal { get; init; }

    /// <summary>Refuses what the user may not do; null for what is allowed.</summary>
    /// <param name="path">A resource that the request names.</param>
    /// <param name="needed">What it does to it.</param>
    internal DavFault? Refuse(DavPath path, AccessLevel needed)
    {
        if (Access.At(path) >= needed)
        {
            return null;
        }

        return Name is null && CouldLogIn
            ? new DavFault(401, "this needs a login")
            : UserAccess.Forbidden(needed);
    }
}
