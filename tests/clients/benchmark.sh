#!/usr/bin/env bash
# The benchmark itself, with a little of everything: all workloads against this server, and the page that comes of it. How quick the
# server is, is not asked here: tests/benchmark/run.sh does that.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly workloads=startup,get_small,get_1g,put_1g,put_seq,put_par,propfind_flat,propfind_inf,copy_tree,copy_1g,move_tree,delete_tree
readonly more=lock_cycles,lock_inf,locks_1000,proppatch,after,move_kept,access_log,move_locked,held,sweep

measure() { # NAME COMMAND WORKLOADS
    timeout 100 /usr/bin/python3 -B "$repository/tests/benchmark" --small --no-disk --rounds 1 --peers ours,bare --user "$(id -un)" \
        --work "$work" --ours "$2" --only "$3" --results "$work/$1" --page "$work/$1.md" >"$1.log" 2>&1
}

# A figure of a workload, or what came of it: `ok` where it was measured.
row() { # NAME WORKLOAD [FIGURE]
    /usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]].get(sys.argv[3], "none"))' \
        "$work/$1/ours-1.json" "$2" "${3-result}" 2>&1 | tail -n 1
}

need curl wrk /usr/bin/python3 xmlstarlet cp
check "everything is measured" measure all "dotnet $server_dll" "$workloads,$more"
for workload in ${workloads//,/ } ${more//,/ }; do
    if [[ $workload != sweep ]]; then
        equal "$workload is done and right" ok "$(row all "$workload")"
    fi
done

check "the page has a row for it" grep -qE '^\| DELETE of such a tree \| [0-9.]+ ms \|' all.md
check "the page has what the machine takes without a server" grep -qE '^\| .*2 × `find`\)' all.md
for plot in images/performance-time.svg images/performance-memory.svg; do
    check "$plot is well-formed" xmlstarlet val -w -e "$plot"
    equal "$plot has a line for each of four operations" 4 "$(grep -o 'class="line ours" d="M[0-9. ]*L' "$plot" | wc -l)"
done

# What a server refuses has no time, and ours may refuse nothing.
refusing() {
    ! measure refused "dotnet $server_dll --WebDav:ReadOnly=true" get_1g,put_seq
}

check "a server that refuses a workload fails the run" refusing
equal "what it refuses is unsupported" unsupported "$(row refused put_seq)"
equal "and has no figure" none "$(row refused put_seq files_s)"
equal "what it does not refuse has one" ok "$(row refused get_1g)"
