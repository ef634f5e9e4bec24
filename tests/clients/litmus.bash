# shellcheck shell=bash
# litmus, the old conformance suite for WebDAV servers: each of its tests is a check. A skipped test is a failure, and so is a
# warning, except for the tests in litmus.allowed, which says why. Sourced behind lib.sh.

allowed=$repository/tests/clients/litmus.allowed

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

report() { # RUN SUITE, with results on stdin
    local result test text
    while IFS=$'\t' read -r result test text; do
        if [[ $result == pass ]] || { [[ $result == warned ]] && grep -q "^$2 $test " "$allowed"; }; then
            ok "$1 $2: $test"
        else
            not_ok "$1 $2: $test" "${text:-$result}"
        fi
    done
}

# Runs a suite against the collection at a URL; each of its tests is a check.
run_litmus() { # RUN SUITE URL
    local before=$checks out ran skipped
    out=${1// /-}-$2
    TESTS=$2 timeout 180 litmus -k "$3/" >"$out.out" 2>&1 || true
    if [[ -f debug.log ]]; then
        mv debug.log "$out-debug.log"
    fi

    results_of "$out.out" >"$out.results"
    report "$1" "$2" <"$out.results"
    ran=$(sed -n 's/.*summary for .*: of \([0-9]*\) tests run: .*/\1/p' "$out.out" | tail -n 1)
    skipped=$(grep -c $'^SKIPPED\t' "$out.results" || true)
    equal "$1 $2: every test that ran was counted" "${ran:-no summary}" "$((checks - before - skipped))"
}
