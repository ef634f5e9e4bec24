#!/bin/sh
# Copies SOURCE to DESTINATION (two URLs) without a long request: 202 at once, then the address of the operation tells how far it is.
# Every clock may be short: this curl gives up after 2 s of silence.
set -e
server=$(printf %s "$1" | sed 's|\(//[^/]*\).*|\1|')
ask() { curl -sS -y 2 -Y 1 --retry 3 "$@"; }

head=$(ask -f -o /dev/null -D - -X COPY -H 'Prefer: respond-async' -H "Destination: $2" "$1")
operation=$(printf %s "$head" | tr -d '\r' | sed -n 's/^location: //Ip')
if [ -z "$operation" ]; then
    exit # It was done at once.
fi

while ask -f "$server$operation" | grep -E '"state":"(running|paused)"'; do
    sleep 1
done
ask -o /dev/null -w '%{http_code}\n' "$server$operation/result"
