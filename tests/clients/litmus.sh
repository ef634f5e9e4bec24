#!/usr/bin/env bash
# litmus, the old conformance suite for WebDAV servers. All suites run twice: against one server, and against one that is started
# anew for each of them, with the files and the state of the one before.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$repository/tests/clients/litmus.bash"

need litmus curl
readonly suites=(basic copymove props locks http)
start_server http "$(new_root)"
for tests in "${suites[@]}"; do
    run_litmus litmus "$tests" "$base"
done

for tests in "${suites[@]}"; do
    listed=$(sed -n "s/^$tests: //p" "$repository/docs/compliance.md" | tr ' ' '\n' | sort -u)
    equal "docs/compliance.md lists the tests of $tests" "$listed" "$(cut -f 2 "litmus-$tests.results" | sort -u)"
done

stop_server_clean '[1-4][0-9]{2}'
root=$(new_root)
for tests in "${suites[@]}"; do
    start_server http "$root"
    run_litmus "litmus after a restart" "$tests" "$base"
    stop_server
    equal "litmus after a restart $tests: the server stops" 0 "$server_code"
done
