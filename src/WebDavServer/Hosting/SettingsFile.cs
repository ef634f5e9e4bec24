namespace WebDavServer.Hosting;

/// <summary>Finds the settings file that is meant.</summary>
internal static class SettingsFile
{
    /// <summary>Its name.</summary>
    public const string Name = "appsettings.json";

    /// <summary>
    /// The nearest settings file: the current directory's, else the one beside the program, else the first one upwards from there (the
    /// one at the top of the repository, for a program in its build folder). Null if there is none.
    /// </summary>
    public static string? Nearest(string currentDirectory, string programDirectory)
    {
        string here = Path.Combine(currentDirectory, Name);
        if (File.Exists(here))
        {
            return Path.GetFullPath(here);
        }

        for (DirectoryInfo? directory = new(programDirectory); directory is not null; directory = directory.Parent)
        {
            string file = Path.Combine(directory.FullName, Name);
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
