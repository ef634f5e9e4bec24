#!/usr/bin/env bash
# Makes the pictures of browser.md in docs/images and prints its measure, with Debian's Chromium and the Playwright that the tests
# have. Needs a Release build of the whole solution.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly driver=$PWD/tests/WebDavServer.Tests/bin/Release/net10.0/.playwright
readonly server=$PWD/src/WebDavServer/bin/Release/net10.0/WebDavServer.dll
work=$(mktemp -d)
mkdir "$work/root"
pid=""
trap '[[ -z $pid ]] || kill "$pid" || true; wait; rm -rf "$work"' EXIT

make_tree() {
    local i
    mkdir -p Archive Documents/Letters Music "Photos 2025" Projects 20000
    for ((i = 1; i <= 20000; i++)); do
        echo "$i" >"20000/entry $i.txt"
        echo "$i" >"Archive/scan $i.txt"
    done

    truncate -s 18400000 "Lecture 4.mp4"
    truncate -s 2310000 "Annual report 2025.pdf"
    truncate -s 734000 "Budget.xlsx"
    truncate -s 4120000 "Harbour at dawn.jpg"
    truncate -s 9050000 "Interview.mp3"
    printf '# Minutes\n\nAll were there.\n' >"Minutes.md"
    truncate -s 48000000 "$work/Summer film.mov"
    truncate -s 6200000 "$work/Beach.jpg"
}

(cd "$work/root" && make_tree)
touch "$work/log"
dotnet "$server" --root "$work/root" --urls http://127.0.0.1:0 >"$work/log" 2>&1 &
pid=$!
for ((i = 0; i < 300; i++)); do
    base=$(sed -n 's|.*Now listening on: \(http://[^ ]*\).*|\1|p' "$work/log")
    [[ -n $base ]] && break
    sleep 0.2
done

timeout 300 "$driver"/node/linux-*/node docs/browser.mjs "$driver/package/index.js" "$base" "$work" docs/images
