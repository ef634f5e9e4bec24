namespace WebDav.Operations;

/// <summary>What a request that wants an operation gets: the operation it waits for now, or why there is none.</summary>
/// <typeparam name="TRefusal">How the asker says no.</typeparam>
/// <param name="Operation">The operation, new, joined or remembered; null if it was refused.</param>
/// <param name="Refusal">Why it was refused; null if it was not.</param>
internal readonly record struct OperationTicket<TRefusal>(Operation? Operation, TRefusal? Refusal)
    where TRefusal : class;
