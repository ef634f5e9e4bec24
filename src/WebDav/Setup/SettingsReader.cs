using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using WebDav.Protocol.Headers;

namespace WebDav.Setup;

/// <summary>Reads settings one by one and notes every fault with its key, so that all of them can be told at once.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _faults = [];

    /// <summary>What is wrong, a line for each key.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Notes that a setting is wrong.</summary>
    public void Fault(string key, string reason) => _faults.Add($"{key}: {reason}");

    /// <summary>A text; null or empty counts as not set.</summary>
    public string? Text(string key) => configuration[key] is { Length: > 0 } text ? text : null;

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string key, bool otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (bool.TryParse(text, out var flag))
        {
            return flag;
        }

        Fault(key, $"'{text}' is neither true nor false");
        return otherwise;
    }

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string key, T otherwise)
        where T : struct, Enum
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(text, value.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        Fault(key, $"'{text}' is none of {string.Join(", ", Enum.GetNames<T>())}");
        return otherwise;
    }

    /// <summary>A time span as <c>[d.]hh:mm:ss[.fff]</c>, longer than zero.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        // A bare number would be days to .NET, and seconds to most people: it is refused instead.
        if (text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)
            && span > TimeSpan.Zero
            && span.TotalMilliseconds < uint.MaxValue - 1)
        {
            return span;
        }

        Fault(key, $"'{text}' is no time span between 0 and 49 days, such as 00:00:10 or 1.00:00:00");
        return otherwise;
    }

    /// <summary>The keys of a list's elements, in order; one in which none of the known names is set is none.</summary>
    public IEnumerable<string> Elements(string key, IReadOnlyList<string> names) =>
        configuration.GetSection(key).GetChildren().Select(element => element.Path).Where(path => names.Any(name => Text($"{path}:{name}") is not null));

    /// <summary>The texts of a list, in order, each with its key.</summary>
    public IEnumerable<(string Key, string Text)> Texts(string key) =>
        from element in configuration.GetSection(key).GetChildren()
        where element.Value is { Length: > 0 }
        select (element.Path, element.Value);

    /// <summary>An address, as the network of it alone, or a network.</summary>
    public IPNetwork Network(string key, string text)
    {
        // IPAddress takes 127.1 and 010.0.0.1 as the old C library does; nobody means that.
        if (IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || text == address.ToString()))
        {
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        Fault(key, $"'{text}' is no address such as 192.0.2.1 and no network such as 10.0.0.0/8");
        return default;
    }

    /// <summary>A URL path that stands before all others, encoded and without the slash at its end; empty for none.</summary>
    public string Prefix(string key)
    {
        if (Text(key) is not { } text)
        {
            return "";
        }

        if (UrlPrefix.TryParse(text, out var prefix, out var error))
        {
            return prefix;
        }

        Fault(key, $"'{text}' is no URL path such as /dav: {error}");
        return "";
    }

    /// <summary>A number of at least 1, with a point before its decimals.</summary>
    public double Factor(string key, double otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000)
        {
            return number;
        }

        Fault(key, $"'{text}' is no number from 1 to 1000, such as 1.5");
        return otherwise;
    }

    /// <summary>A number of bytes.</summary>
    public long Size(string key, long otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Fault(key, $"'{text}' is no number of bytes");
        return otherwise;
    }

    /// <summary>A whole number, of at least 0 if nothing else is said.</summary>
    public int Count(string key, int otherwise, int least = 0)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least)
        {
            return number;
        }

        Fault(key, $"'{text}' is no whole number from {least} to {int.MaxValue}");
        return otherwise;
    }
}
