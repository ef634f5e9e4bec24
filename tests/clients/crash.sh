#!/usr/bin/env bash
# Twenty kills (SIGKILL) at random moments under a mixed load from several connections; after each start, what was confirmed must be
# there, whole and once, and nothing else. See tests/clients/crash. `crash.sh SEED KILLS` repeats a campaign, or makes a longer one:
# the seed gives the moments and each worker's choices, not how their requests come together.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

seed=${1:-$((RANDOM * 32768 + RANDOM))} kills=${2:-20}

need python3
python3 -B "$repository/tests/clients/crash" --server "$server_dll" --root "$(new_root)" --log "$work/server.log" \
    --seed "$seed" --kills "$kills" >crash.out 2>crash.log &
campaign=$!
trap 'kill -TERM "$campaign" 2>/dev/null; wait "$campaign"; exit 143' TERM
trap 'kill -TERM "$campaign" 2>/dev/null; wait "$campaign"; exit 130' INT
code=0
wait "$campaign" || code=$?
while IFS=$'\t' read -r result promise broken; do
    case $result in
        ok) ok "$promise" ;;
        "not ok") not_ok "$promise" "seed $seed, $broken" ;;
        *) echo "$result" ;;
    esac
done <crash.out
if ((checks == 0 || (code != 0 && failures == 0))); then
    not_ok "the campaign runs to its end" "seed $seed, exit code $code: $(tail -n 2 crash.log)"
fi
