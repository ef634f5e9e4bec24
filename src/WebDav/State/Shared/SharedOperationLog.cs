using WebDav.Operations;

namespace WebDav.State.Shared;

/// <summary>Records of the operations of all servers; with each that is kept, the commands of other servers are heard.</summary>
internal sealed class SharedOperationLog(SharedDatabase database) : StoredOperations(database)
{
    private const string SelectCommand = "SELECT command FROM operation WHERE id = @id AND command IS NOT NULL";

    private const string ClearCommand = "UPDATE operation SET command = NULL WHERE id = @id";

    /// <inheritdoc/>
    protected override OperationCommand? Hear(StateSession session, Guid id)
    {
        OperationCommand? command = null;
        using (var row = session.Query(SelectCommand, ("@id", id.ToString("D"))))
        {
            if (row.Read())
            {
                command = Enum.Parse<OperationCommand>(row.GetString(0));
            }
        }

        if (command is not null)
        {
            session.Execute(ClearCommand, ("@id", id.ToString("D")));
        }

        return command;
    }
}
