using System.Text.Json.Serialization;

namespace WebDav.Operations.Pages;

/// <summary>How the pages are written: names in camel case, and what is not known left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OperationView))]
[JsonSerializable(typeof(OperationListView))]
internal sealed partial class ViewJson : JsonSerializerContext;
