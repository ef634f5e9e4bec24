#!/bin/sh
# Copies SOURCE to DESTINATION (two URLs) and shows each 102 as it comes: how far the server is, and at last the status.
# curl's own clocks are not restarted by a 102: neither --max-time nor --speed-time may be shorter than the copy takes.
exec curl -sSf -o /dev/null -D - -w '%{http_code}\n' -X COPY -H 'Prefer: processing' -H "Destination: $2" "$1"
