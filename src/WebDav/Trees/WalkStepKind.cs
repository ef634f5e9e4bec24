namespace WebDav.Trees;

/// <summary>Where a walk is.</summary>
internal enum WalkStepKind
{
    /// <summary>At a resource, before anything below it.</summary>
    Visit,

    /// <summary>Past everything below a collection.</summary>
    Leave,

    /// <summary>At a collection that cannot be listed; nothing below it is visited.</summary>
    Unlistable,
}
