# shellcheck shell=bash
# A PostgreSQL of a script's own, on a Unix socket. Sourced behind lib.sh.

postgres_dir="" connection=""

# Starts it; sets connection, the string that the server's settings take.
start_postgres() {
    local i
    if [[ -z $postgres_dir ]]; then
        postgres_dir=$(mktemp -d "${TMPDIR:-/tmp}/webdav-postgres-XXXXXX")
        to_remove+=("$postgres_dir")
        if ((EUID == 0)); then
            chown postgres "$postgres_dir"
        fi

        as_postgres initdb -D "$postgres_dir/data" -U webdav -A trust -E UTF8 --no-sync >postgres-init.log 2>&1
    fi

    connection="Host=$postgres_dir;Username=webdav;Database=postgres"
    # fsync is off, for what these tests end is the process and not the machine.
    as_postgres postgres -D "$postgres_dir/data" -k "$postgres_dir" -c listen_addresses= -c fsync=off >>postgres.log 2>&1 </dev/null &
    for ((i = 0; i < 300; i++)); do
        if psql -h "$postgres_dir" -U webdav -d postgres -qc 'SELECT 1' >/dev/null 2>&1; then
            return
        fi

        sleep 0.1
    done

    not_ok "PostgreSQL starts" "$(tail -n 2 postgres.log)"
    exit 1
}

# Stops it at once, as a crash would: it recovers at its next start.
crash_postgres() {
    kill -QUIT "$(head -n 1 "$postgres_dir/data/postmaster.pid")"
}

# PostgreSQL refuses to be run by root.
as_postgres() { # PROGRAM ARGUMENT...
    local program
    program=$(compgen -G "/usr/lib/postgresql/*/bin/$1" | sort -V | tail -n 1)
    shift
    if ((EUID == 0)); then
        exec_as postgres "${program:-postgres}" "$@"
    else
        "${program:-postgres}" "$@"
    fi
}

exec_as() { # USER PROGRAM ARGUMENT...
    setpriv --reuid="$1" --regid="$1" --init-groups -- "${@:2}"
}
