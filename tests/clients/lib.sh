# shellcheck shell=bash
# What the client scripts share. A script sources this file, starts its own server and reports each check on a line of
# artifacts/test-results/SCRIPT.tap: `ok NUMBER - NAME` or `not ok NUMBER - NAME # reason`, with the plan `1..N` at its end.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
suite=$(basename "$0" .sh)
results=${RESULTS:-$repository/artifacts/test-results}
server_dll=${WEBDAV_SERVER:-$repository/src/WebDavServer/bin/Release/net10.0/WebDavServer.dll}
tap=$results/$suite.tap
export PYTHONPATH=$repository/tests/support
work=$(mktemp -d "${TMPDIR:-/tmp}/webdav-$suite-XXXXXX")
checks=0 failures=0 servers=0
server_pid="" base="" server_log=""
to_remove=("$work") mounts=()

mkdir -p "$results"
: >"$tap"
rm -rf "$results/$suite-logs"
cd "$work"
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

ok() {
    checks=$((checks + 1))
    echo "ok $checks - $1" | tee -a "$tap"
}

not_ok() { # NAME REASON
    local reason
    checks=$((checks + 1))
    failures=$((failures + 1))
    reason=$(tr -s '\r\n\t' '   ' <<<"$2" | cut -c1-300)
    echo "not ok $checks - $1 # $reason" | tee -a "$tap"
}

# Runs a command; the check is that it succeeds, and what it printed last is the reason where it does not.
check() { # NAME COMMAND...
    local name=$1 output code=0
    shift
    output=$("$@" 2>&1) || code=$?
    if ((code == 0)); then
        ok "$name"
    else
        not_ok "$name" "$(tail -n 3 <<<"$output") (exit code $code)"
    fi
}

equal() { # NAME EXPECTED ACTUAL
    if [[ $2 == "$3" ]]; then
        ok "$1"
    else
        not_ok "$1" "expected $2, got $3"
    fi
}

# What a program in Python has found: FILE has a line `ok TAB promise`, or `not ok TAB promise TAB what broke it`, for each of its
# promises; other lines are for people. One that has made none, or ended badly without naming what broke, has not come to its end.
take_promises() { # FILE LOG CODE NAME [CIRCUMSTANCES]
    local result promise broken before=$checks sound=$failures
    while IFS=$'\t' read -r result promise broken; do
        case $result in
            ok) ok "$promise" ;;
            "not ok") not_ok "$promise" "${5:+$5, }$broken" ;;
            *) echo "$result" ;;
        esac
    done <"$1"
    if ((checks == before || ($3 != 0 && failures == sound))); then
        not_ok "$4" "${5:+$5, }exit code $3: $(tail -n 2 "$2")"
    fi
}

# Ends the script where a program is missing: that is a failure, not a reason to test less.
need() { # PROGRAM...
    local program missing=0
    for program in "$@"; do
        if ! command -v "$program" >/dev/null; then
            not_ok "$program is installed" "no such program"
            missing=1
        fi
    done

    if [[ ! -f $server_dll ]]; then
        not_ok "the server is built" "no $server_dll"
        missing=1
    fi

    if ((missing)); then
        exit 1
    fi
}

# A new directory to serve; prints its path.
new_root() {
    mktemp -d "$work/root-XXXXXX"
}

# Starts a server on a port that the system finds free; sets base (without a slash at its end), server_pid and server_log.
start_server() { # SCHEME ROOT [OPTION...]
    local scheme=$1 root=$2 i
    shift 2
    servers=$((servers + 1))
    server_log=$work/server-$servers.log
    : >"$server_log"
    dotnet "$server_dll" --root "$root" --urls "$scheme://127.0.0.1:0" "$@" >"$server_log" 2>&1 </dev/null &
    server_pid=$!
    for ((i = 0; i < 300; i++)); do
        base=$(sed -n "s|.*Now listening on: \($scheme://[^ ]*\).*|\1|p" "$server_log" | head -n 1)
        if [[ -n $base ]] && curl -fsk -o health --max-time 5 "$base/.webdav/health"; then
            return
        fi

        if ! kill -0 "$server_pid" 2>/dev/null; then
            break
        fi

        sleep 0.1
    done

    not_ok "the server starts: $*" "$(tail -n 3 "$server_log")"
    exit 1
}

# Stops the server as a service manager does; server_code is its exit code, 137 if it had to be killed.
stop_server() {
    local i
    server_code=0
    if [[ -z $server_pid ]]; then
        return
    fi

    kill -TERM "$server_pid" 2>/dev/null || true
    for ((i = 0; i < 400; i++)); do
        kill -0 "$server_pid" 2>/dev/null || break
        sleep 0.1
    done

    kill -KILL "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || server_code=$?
    server_pid=""
}

# Stops the server; it must have answered with the statuses that are expected and no other, and have nothing to warn of in its log.
stop_server_clean() { # STATUSES, with a | between them
    local time='^[-0-9]+ [:.0-9]+' requests
    stop_server
    equal "the server stops when told to, with exit code 0" 0 "$server_code"
    equal "the server has nothing to warn of" "" "$(grep -vE "$time INF " "$server_log" | head -n 3)"
    requests=$(grep -E "$time INF [A-Z]+ [^ ]+ [0-9]{3} in [.0-9]+ ms, " "$server_log")
    equal "the server's answers are $1" "" "$(grep -vE "^[^/]* [^ ]+ ($1) in " <<<"$requests" | head -n 3)"
}

# The same files with the same content under the same names, and nothing else.
same_tree() { # NAME EXPECTED ACTUAL
    check "$1" diff -r --no-dereference "$2" "$3"
}

# The same times of last change, in seconds, of all files below two directories.
same_times() { # NAME EXPECTED ACTUAL
    check "$1" cmp <(file_times "$2") <(file_times "$3")
}

file_times() { # DIRECTORY
    (cd "$1" && find . -type f -printf '%Ts %p\0' | sort -z)
}

# Takes a mount down once what was written has been sent; by force if it does not go.
unmount() { # DIRECTORY
    local until=$((SECONDS + 60))
    while mountpoint -q "$1"; do
        if timeout 60 umount "$1" >>unmount.log 2>&1; then
            return
        fi

        if ((SECONDS > until)); then
            umount --lazy "$1" >>unmount.log 2>&1 || true
            return 1
        fi

        sleep 0.5
    done
}

# A self-made certificate: cert.pem and key.pem in the working directory.
make_certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost \
        -keyout "$work/key.pem" -out "$work/cert.pem" 2>openssl.log
}

# A tree of small files, all different: DIRECTORY with COLLECTIONS collections of FILES files each.
make_tree() { # DIRECTORY COLLECTIONS FILES
    local i j
    for ((i = 0; i < $2; i++)); do
        mkdir -p "$1/collection $i"
        for ((j = 0; j < $3; j++)); do
            echo "$i/$j" >"$1/collection $i/file $j.txt"
        done
    done
}

# Ends the plan, leaves no process and no file behind, and keeps the logs of what failed.
finish() {
    local code=$? path process
    trap - EXIT TERM INT
    set +e
    if ((code != 0 && failures == 0)); then
        not_ok "$suite runs to its end" "it ended with $code"
    fi

    for path in "${mounts[@]}"; do
        unmount "$path"
    done

    for process in $(jobs -pr); do
        server_pid=$process
        stop_server
    done

    if ((failures > 0)); then
        mkdir -p "$results/$suite-logs"
        find "$work" -maxdepth 1 -type f \( -name '*.log' -o -name '*.out' \) -exec cp {} "$results/$suite-logs/" \;
    fi

    echo "1..$checks" >>"$tap"
    for path in "${to_remove[@]}"; do
        rm -rf --one-file-system "$path"
    done

    ((failures == 0 && code == 0))
    exit $?
}
