#!/usr/bin/env bash
# Two thousand difficult clients at once: slow ones, silent ones, half-open ones, those that vanish in every phase, and 990 that wait
# with 102s for operations on a disk that hangs. Small requests beside them must be answered, and when all have gone, threads, handles,
# connections and memory must be back. See load/.  `load.sh` takes about a minute; `load.sh --minutes 30` lets them come and go for so
# long, and prints what the server takes.
source "$(dirname "${BASH_SOURCE[0]}")/../clients/lib.sh"

readonly python=/usr/bin/python3 load=$repository/tests/reliability/load
root=$(new_root)
mkdir "$root/slow"
echo 0 >control

need "$python" curl
"$python" -B "$load/slow_disk.py" "$work/control" 1000 "$root/slow" >disk.log 2>&1 &
disk=$!
mounts+=("$root/slow")
for ((i = 0; i < 100; i++)); do
    mountpoint -q "$root/slow" && break
    sleep 0.1
done

if ! mountpoint -q "$root/slow"; then
    not_ok "the slow disk is mounted" "$(tail -n 2 disk.log)"
    exit 1
fi

start_server http "$root" --Limits:OperationsPerUser=1000 --Limits:HeaderTimeout=00:00:05 --Limits:BodyTimeout=00:00:08 \
    --KeepAlive:FirstAfter=00:00:02 --KeepAlive:Interval=00:00:05 --Serilog:MinimumLevel:Default=Warning
code=0
: >load.out
"$python" -B "$load" --port "${base##*:}" --pid "$server_pid" --root "$root" --control "$work/control" "$@" >load.out 2>load.log &
crowd=$!
trap 'kill -TERM "$crowd" 2>/dev/null; wait "$crowd"; exit 143' TERM
trap 'kill -TERM "$crowd" 2>/dev/null; wait "$crowd"; exit 130' INT
tail --pid="$crowd" -n +1 -f load.out | grep --line-buffered '^#' || true
wait "$crowd" || code=$?
grep -v '^#' load.out >promises || true # those for people were shown as they came
take_promises promises load.log "$code" "the load runs to its end"

echo 0 >control
stop_server
equal "the server stops when told to, with exit code 0" 0 "$server_code"
equal "the server has nothing to warn of" "" "$(grep -vE '^[-0-9]+ [:.0-9]+ INF ' "$server_log" | head -n 3)"
umount "$root/slow" && wait "$disk" || true
