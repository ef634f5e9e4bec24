namespace WebDavServer.Tests.Support;

/// <summary>What came on one stream of HTTP/2.</summary>
internal sealed class Http2Response
{
    /// <summary>The fields of each interim response, in order.</summary>
    public List<List<KeyValuePair<string, string>>> Interim { get; } = [];

    /// <summary>The fields of the final response; null before it began.</summary>
    public List<KeyValuePair<string, string>>? Fields { get; set; }

    /// <summary>How many bytes of body came.</summary>
    public long BodyLength { get; set; }

    /// <summary>Whether the server ended the stream.</summary>
    public bool HasEnded { get; set; }

    /// <summary>The final status; 0 before it came.</summary>
    public int Status => Fields is null ? 0 : int.Parse(Value(Fields, ":status")!);

    /// <summary>The first field of that name in the final response; null if there is none.</summary>
    public string? this[string name] => Value(Fields!, name);

    /// <summary>The first field of that name; null if there is none.</summary>
    public static string? Value(IEnumerable<KeyValuePair<string, string>> fields, string name) =>
        fields.Where(field => field.Key == name).Select(field => field.Value).FirstOrDefault();
}
