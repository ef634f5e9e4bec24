using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using WebDavServer.Hosting;

namespace WebDavServer.Security;

/// <summary>The commands that make what the settings hold in place of passwords and tokens.</summary>
internal static class SecretCommands
{
    public const string HashPassword = "hash-password";
    public const string NewToken = "new-token";

    private const int TokenBytes = 32;

    /// <summary>Runs one.</summary>
    /// <param name="command">Which.</param>
    /// <param name="input">Where the password is read from, unless there is a terminal to ask.</param>
    /// <param name="output">Takes what the settings need.</param>
    /// <exception cref="StartFaultException">No password was given, or not the same twice.</exception>
    public static void Run(string command, TextReader input, TextWriter output)
    {
        if (command == HashPassword)
        {
            output.WriteLine(Passwords.Hash(Console.IsInputRedirected ? Line(input) : Ask()));
            return;
        }

        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        output.WriteLine($"token:  {token}");
        output.WriteLine($"Sha256: {Accounts.DigestOf(token)}");
    }

    private static string Line(TextReader input) => input.ReadLine() is { Length: > 0 } password ? password : throw NoPassword();

    private static string Ask()
    {
        string password = Ask("Password: ");
        return password == Ask("Again: ") ? password : throw new StartFaultException(StartFaultException.CannotStart, ["the passwords differ"]);
    }

    // Typed without an echo; the question goes where it does not end up in a file.
    private static string Ask(string question)
    {
        Console.Error.Write(question);
        StringBuilder typed = new();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.Length > 0 ? typed.ToString() : throw NoPassword();
    }

    private static StartFaultException NoPassword() => new(StartFaultException.CannotStart, ["no password was given"]);
}
