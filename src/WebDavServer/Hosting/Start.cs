using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using WebDav.State;

namespace WebDavServer.Hosting;

/// <summary>Runs the program and turns what stops its start into lines on stderr and an exit code; never a stack trace.</summary>
internal static class Start
{
    /// <summary>Runs the program; returns the exit code: 0, 1 (the machine refuses) or 2 (wrong options or settings).</summary>
    public static async Task<int> ReportingFaultsAsync(Func<Task> program)
    {
        try
        {
            await program();
            return 0;
        }
        catch (StartFaultException fault)
        {
            return Report(fault.ExitCode, fault.Lines);
        }
        catch (Exception fault)
        {
            // Whatever else stops the start (a port in use, a certificate that cannot be read, a database that is no database)
            // is something the person at the keyboard has to read, not a fault to debug.
            return Report(StartFaultException.CannotStart, [Describe(fault)]);
        }
    }

    /// <summary>One line that says what stopped the start.</summary>
    internal static string Describe(Exception fault)
    {
        if (fault is IOException && fault.InnerException is AddressInUseException)
        {
            return $"Urls: {FirstLine(fault.Message)}"; // "Failed to bind to address http://127.0.0.1:8080: address already in use."
        }

        if (fault is StateException)
        {
            return FirstLine(fault.Message); // Not of an address where this listens, though a socket may be behind it.
        }

        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException { SocketErrorCode: SocketError.AccessDenied })
            {
                return "Urls: permission denied for a listening address; ports below 1024 usually need more rights";
            }

            if (inner is SocketException { SocketErrorCode: SocketError.AddressNotAvailable })
            {
                return "Urls: a listening address is not one of this machine";
            }
        }

        return $"cannot start: {FirstLine(fault.Message)}";
    }

    private static int Report(int exitCode, IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            Console.Error.WriteLine(line);
        }

        return exitCode;
    }

    private static string FirstLine(string text) => text.AsSpan().Trim().EnumerateLines() is var lines && lines.MoveNext() ? lines.Current.ToString() : text;
}
