#!/usr/bin/env bash
# litmus, the old conformance suite for WebDAV servers: each of its tests is a check. A skipped test is a failure, and so is a
# warning, except for the tests in litmus.allowed, which says why.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly allowed=$repository/tests/clients/litmus.allowed

# Turns litmus' output into lines `RESULT TAB TEST TAB TEXT`, where RESULT is pass, warned, or what litmus says.
results_of() { # OUTPUT
    tr '\r' '\n' <"$1" | awk '
        function give(result) { if (test != "") { print result "\t" test "\t" text } test = "" }
        /^ *[0-9]+\. / {
            sub(/^ *[0-9]+\. /, "")
            name = $1; sub(/\.+$/, "", name)
            if (name != test) { give("NO RESULT"); test = name; text = ""; warned = 0 } # else it is written over itself
            sub(/^[^ ]* */, "")
        }
        test != "" && /^ *\.+ / { sub(/^ *\.+ /, "") }
        test == "" { next }
        /^WARNING/ { warned = 1; text = $0; next }
        /^pass/ { give(warned || /warning/ ? "warned" : "pass"); next }
        /^(FAIL|SKIPPED|XFAIL)/ { text = $0; give($1); next }
        END { give("NO RESULT") }'
}

report() { # SUITE, with results on stdin
    local result test text
    while IFS=$'\t' read -r result test text; do
        if [[ $result == pass ]] || { [[ $result == warned ]] && grep -q "^$1 $test " "$allowed"; }; then
            ok "litmus $1: $test"
        else
            not_ok "litmus $1: $test" "${text:-$result}"
        fi
    done
}

need litmus curl
start_server http "$(new_root)"
for tests in basic copymove props locks http; do
    before=$checks
    TESTS=$tests timeout 180 litmus -k "$base/" >"$tests.out" 2>&1 || true
    if [[ -f debug.log ]]; then
        mv debug.log "$tests-debug.log"
    fi

    results_of "$tests.out" >"$tests.results"
    report "$tests" <"$tests.results"
    ran=$(sed -n 's/.*summary for .*: of \([0-9]*\) tests run: .*/\1/p' "$tests.out" | tail -n 1)
    skipped=$(grep -c $'^SKIPPED\t' "$tests.results" || true)
    equal "litmus $tests: every test that ran was counted" "${ran:-no summary}" "$((checks - before - skipped))"
done
