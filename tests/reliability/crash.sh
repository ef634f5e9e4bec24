#!/usr/bin/env bash
# The server is killed (SIGKILL) again and again under a mixed load from several connections; after each start, what was confirmed
# must be there, whole and once, and nothing else. See crash/.  `crash.sh [KILLS [SEED]]`: 10 kills by default, and a seed by chance.
# The seed gives every request of the load and every moment of a kill, so the same seed repeats a campaign; `ONLY=7 crash.sh 10 SEED`
# repeats the seventh kill alone. Only how the requests of several connections come together is left to the machine.
source "$(dirname "${BASH_SOURCE[0]}")/../clients/lib.sh"

kills=${1:-10} seed=${2:-$((RANDOM * 32768 + RANDOM))}

need python3
echo "# seed $seed: crash.sh $kills $seed repeats this campaign"
python3 -B "$repository/tests/reliability/crash" --server "$server_dll" --root "$(new_root)" --log "$work/server.log" \
    --seed "$seed" --kills "$kills" --only "${ONLY:-0}" >crash.out 2>crash.log &
campaign=$!
trap 'kill -TERM "$campaign" 2>/dev/null; wait "$campaign"; exit 143' TERM
trap 'kill -TERM "$campaign" 2>/dev/null; wait "$campaign"; exit 130' INT
code=0
wait "$campaign" || code=$?
take_promises crash.out crash.log "$code" "the campaign runs to its end" "seed $seed, $kills kills"
