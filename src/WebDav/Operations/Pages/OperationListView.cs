using System.Text.Json;

namespace WebDav.Operations.Pages;

/// <summary>A user's operations, the newest first, in JSON.</summary>
internal sealed record OperationListView(IReadOnlyList<OperationView> Operations)
{
    /// <summary>The list as JSON text in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ViewJson.Default.OperationListView);
}
