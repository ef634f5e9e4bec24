namespace WebDav.State;

/// <summary>The state directory cannot be used; the message says which file and why, for whoever starts the server.</summary>
internal sealed class StateException(string message, Exception? inner = null) : Exception(message, inner);
