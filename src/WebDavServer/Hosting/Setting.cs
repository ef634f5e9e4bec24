namespace WebDavServer.Hosting;

/// <summary>A setting that the server knows.</summary>
/// <param name="Key">Its key; <c>*</c> stands for the number of an element of a list.</param>
/// <param name="Default">What holds without it, as written in the settings file.</param>
/// <param name="Meaning">What it does, in a few words.</param>
internal sealed record Setting(string Key, string Default, string Meaning);
