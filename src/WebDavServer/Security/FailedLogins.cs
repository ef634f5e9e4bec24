using System.Net;
using System.Net.Sockets;

namespace WebDavServer.Security;

/// <summary>
/// Counts the failed logins of an address, and of a name from an address, and bars both for the rest of a window when they are too
/// many. A name alone is never barred: others could lock its owner out.
/// </summary>
internal sealed class FailedLogins(FailedLoginLimits limits, TimeProvider time)
{
    private const int MostCounted = 100_000;
    private volatile FailedLoginLimits _limits = limits;
    private readonly Lock _lock = new();
    private readonly Dictionary<(IPAddress Address, string? Name), Window> _windows = [];

    /// <summary>How many are taken.</summary>
    public FailedLoginLimits Limits
    {
        get => _limits;
        set => _limits = value;
    }

    /// <summary>How many are counted, at most about 100,000.</summary>
    public int Counted
    {
        get
        {
            lock (_lock)
            {
                return _windows.Count;
            }
        }
    }

    /// <summary>How long a login is not even tried any more; null if it may be tried.</summary>
    public TimeSpan? BarredFor(IPAddress? address, string name)
    {
        IPAddress network = NetworkOf(address);
        lock (_lock)
        {
            TimeSpan left = Left((network, null), Limits.PerAddress);
            TimeSpan ofName = Left((network, name), Limits.PerName);
            TimeSpan longest = left > ofName ? left : ofName;
            return longest > TimeSpan.Zero ? longest : null;
        }
    }

    /// <summary>Counts a failed login.</summary>
    public void Add(IPAddress? address, string name)
    {
        IPAddress network = NetworkOf(address);
        lock (_lock)
        {
            Count((network, null));
            Count((network, name));
        }
    }

    private TimeSpan Left((IPAddress Address, string? Name) key, int limit)
    {
        TimeSpan left = _windows.TryGetValue(key, out Window window) && window.Failures >= limit ? window.End - time.GetUtcNow() : TimeSpan.Zero;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Count((IPAddress Address, string? Name) key)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_windows.TryGetValue(key, out Window window) && window.End > now)
        {
            _windows[key] = window with { Failures = window.Failures + 1 };
            return;
        }

        MakeRoom(now);
        _windows[key] = new Window(1, now + Limits.Window);
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_windows.Count < MostCounted)
        {
            return;
        }

        // What has ended, and else what ends first: an attack from very many addresses is not to fill the memory.
        List<(IPAddress, string?)> going = [.. _windows.Where(pair => pair.Value.End <= now).Select(pair => pair.Key)];
        if (going.Count == 0)
        {
            going = [.. _windows.OrderBy(pair => pair.Value.End).Take(MostCounted / 10).Select(pair => pair.Key)];
        }

        going.ForEach(key => _windows.Remove(key));
    }

    // Whoever has one IPv6 address has 2^64 of them.
    private static IPAddress NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private readonly record struct Window(int Failures, DateTimeOffset End);
}
