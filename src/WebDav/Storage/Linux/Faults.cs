using System.Runtime.InteropServices;
using WebDav.Protocol;

namespace WebDav.Storage.Linux;

/// <summary>The one place where the system's errors become the store's faults.</summary>
internal static class Faults
{
    /// <summary>The fault that an error is.</summary>
    public static StoreFault ToFault(this Errno error) => error switch
    {
        Errno.NoEntry or Errno.NotDirectory or Errno.Stale or Errno.NoDevice => StoreFault.NotFound,
        Errno.NoAccess or Errno.NotPermitted or Errno.ReadOnly or Errno.Loop or Errno.BadSequence or Errno.Invalid => StoreFault.Denied,
        Errno.Exists or Errno.IsDirectory => StoreFault.AlreadyExists,
        Errno.NotEmpty => StoreFault.NotEmpty,
        Errno.NameTooLong => StoreFault.NameTooLong,
        Errno.NoSpace or Errno.Quota or Errno.TooManyLinks => StoreFault.NoSpace,
        Errno.FileTooBig => StoreFault.TooLarge,
        Errno.CrossDevice => StoreFault.CrossDevice,
        Errno.Busy or Errno.TextBusy or Errno.TooManyFiles or Errno.TooManyFilesInSystem or Errno.Again or Errno.NoMemory => StoreFault.Busy,
        _ => StoreFault.InputOutput,
    };

    /// <summary>Whether an error says that nothing the store shows is there: absent, unspellable, or behind a link that may not be followed.</summary>
    public static bool MeansAbsent(this Errno error) => error
        is Errno.NoEntry or Errno.NotDirectory or Errno.Loop or Errno.CrossDevice or Errno.NameTooLong or Errno.BadSequence or Errno.Stale;

    /// <summary>Ends an operation with the fault that an error is.</summary>
    public static StoreException At(this Errno error, DavPath path, string doing) => error.As(error.ToFault(), path, doing);

    /// <summary>As <see cref="At"/>, where a resource that must exist was looked for.</summary>
    public static StoreException AtExisting(this Errno error, DavPath path, string doing) =>
        error.As(error.MeansAbsent() ? StoreFault.NotFound : error.ToFault(), path, doing);

    /// <summary>As <see cref="At"/>, where the collection of a resource that will be made was looked for.</summary>
    public static StoreException AtParent(this Errno error, DavPath path, string doing) => error.As(
        error switch
        {
            Errno.NoEntry or Errno.NotDirectory => StoreFault.NoParent,
            Errno.CrossDevice => StoreFault.Denied, // a link that leads outside
            _ => error.ToFault(),
        },
        path,
        doing);

    private static StoreException As(this Errno error, StoreFault fault, DavPath path, string doing) =>
        new(fault, path, $"{doing}: {Marshal.GetPInvokeErrorMessage((int)error)} (errno {(int)error})");
}
