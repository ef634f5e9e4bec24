using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WebDavServer.Tests.Support;

/// <summary>One of several servers on a directory, as a process that can be killed and started again at the same address.</summary>
internal sealed class SharedProcess : IAsyncDisposable
{
    private readonly Dictionary<string, string> _environment;
    private readonly string _root;
    private readonly string _address;
    private readonly ConcurrentQueue<string> _faults = new();
    private Process? _process;

    public SharedProcess(string root, Dictionary<string, string> environment)
    {
        (_root, _environment) = (root, environment);
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        _address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(_address), Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; }

    /// <summary>What its log says of faults.</summary>
    public IEnumerable<string> Faults => _faults;

    /// <summary>Starts it, and waits until it listens.</summary>
    public async Task StartAsync()
    {
        _process = ServerProcess.Start(_root, _environment, "--root", _root, "--urls", _address);
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        await ServerProcess.ListeningOnAsync(_process);
        _ = ReadAsync(_process.StandardOutput); // or it would wait for somebody to read its log
    }

    private async Task ReadAsync(StreamReader log)
    {
        while (await log.ReadLineAsync() is { } line)
        {
            if (line.Contains(" 500 in ", StringComparison.Ordinal) || line.Contains("Exception: ", StringComparison.Ordinal))
            {
                _faults.Enqueue(line);
            }
        }
    }

    /// <summary>Kills it.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Ends it as a service manager does; returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        ServerProcess.Signal(_process!, 15); // SIGTERM
        await _process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        int code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null)
        {
            await KillAsync();
        }
    }
}
