using WebDav.Storage;

namespace WebDav.Trees;

/// <summary>One step of a <see cref="WalkTree"/>.</summary>
/// <param name="Kind">Where the walk is.</param>
/// <param name="Entry">The resource it is at.</param>
/// <param name="Fault">Why a collection cannot be listed; null but for <see cref="WalkStepKind.Unlistable"/>.</param>
internal readonly record struct WalkStep(WalkStepKind Kind, Entry Entry, StoreException? Fault = null);
