#!/usr/bin/env bash
# rclone's commands: sync, check, copy, move, purge and the smaller ones, with names that are difficult, and 2,000 files of them
# meanwhile. `plain` is a server as rclone takes it that knows nothing of it; to one of `timed` it sends X-OC-Mtime.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$repository/tests/clients/names.bash"

# Slash alone: control characters go to the server as they are. Names that only their normal form makes equal are two names here.
write_config() {
    local remote
    for remote in plain:other timed:owncloud; do
        printf '[%s]\ntype = webdav\nurl = %s/\nvendor = %s\nencoding = Slash\n' "${remote%:*}" "$base" "${remote#*:}"
    done >rclone.conf
    export RCLONE_CONFIG=$work/rclone.conf RCLONE_NO_UNICODE_NORMALIZATION=true
}

# How many files rclone says it sent, changed or removed, of what it was told to do.
done_by() { # RCLONE-ARGUMENT...
    rclone -v "$@" 2>rclone.log || echo failed
    grep -cE ': (Copied|Renamed|Updated|Deleted|Removed)' rclone.log || true
}

files() { # DIRECTORY
    find "$1" -type f -printf . | wc -c
}

no_differences() { # NAME SOURCE DESTINATION
    local code=0
    rclone check --download "$2" "$3" 2>check.log || code=$?
    equal "$1: $(files "$2") the same, 0 differences" "0, $(files "$2") matching files, 0 differences found" \
        "$code, $(grep -oE '[0-9]+ matching files' check.log), $(grep -oE '[0-9]+ differences found' check.log)"
}

without_times() {
    check "copy" rclone copy few plain:copy
    same_tree "copy sends every file" few "$root/copy"
    no_differences "check --download" few plain:copy
    check "copy back" rclone copy plain:copy back
    same_tree "copy back fetches every file" few back
    printf 'x' | dd of="$root/copy/few/two words" conv=notrunc status=none
    equal "check --download finds one changed byte" " 1 differences found" "$(rclone check --download few plain:copy 2>&1 | grep -om 1 ' [0-9]* differences found')"
    equal "a sync of other content sends it" 1 "$(done_by sync --checksum --ignore-times --include '/two words' few/few plain:copy/few)"
    same_tree "and all is as it was" few "$root/copy"

    check "copy on the server" rclone copy plain:copy plain:second
    same_tree "copy on the server makes the same files" few "$root/second"
    check "a collection is moved" rclone move plain:second plain:third
    same_tree "what was moved is the same" few "$root/third"
    check "what was moved is gone from its place" test ! -e "$root/second"
    cp -r few sent
    check "move to the server" rclone move sent plain:moved --delete-empty-src-dirs
    same_tree "move sends every file" few "$root/moved"
    equal "move leaves no file behind" "" "$(find sent -type f)"
    check "purge" rclone purge plain:third
    check "purge leaves nothing" test ! -e "$root/third"
}

one_by_one() {
    local name list
    check "mkdir" rclone mkdir plain:made/within
    check "mkdir makes both collections" test -d "$root/made/within"
    check "rmdirs" rclone rmdirs plain:made
    check "rmdirs removes both" test ! -e "$root/made"
    check "rcat, of a length that is not known before" rclone rcat plain:made/stream < <(head -c 3000000 big)
    check "rcat sends it all" cmp "$root/made/stream" <(head -c 3000000 big)
    check "rcat of nothing" rclone rcat plain:made/nothing < <(printf '')
    equal "rcat of nothing makes an empty file" 0 "$(stat -c %s "$root/made/nothing" 2>&1)"
    check "cat of a part" cmp <(rclone cat --offset 1000000 --count 1000 plain:made/stream) <(tail -c +1000001 big | head -c 1000)
    check "copyto" rclone copyto big "plain:made/a%2Fb #?+.bin"
    check "moveto" rclone moveto "plain:made/a%2Fb #?+.bin" "plain:made/ü;&\"'"
    check "moveto gives the other name" cmp big "$root/made/ü;&\"'"
    check "deletefile" rclone deletefile plain:made/stream
    check "deletefile removes it" test ! -e "$root/made/stream"
    check "lsf lists every file with its size" cmp <(rclone lsf -R --files-only --format sp few | sort) \
        <(rclone lsf -R --files-only --format sp plain:copy | sort)
    equal "size counts them" "$(files few)" "$(rclone size --json plain:copy | sed -n 's/.*"count":\([0-9]*\).*/\1/p')"
    check "about tells the free space" grep -q '"free":[0-9]' <(rclone about --json plain: | tr -d ' \t')
    check "delete of a part" rclone delete --include '*.txt' plain:copy
    equal "delete removes what was meant" "" "$(find "$root/copy" -name '*.txt')"
    check "delete removes nothing else" diff -r --exclude '*.txt' few "$root/copy"
}

with_times() {
    check "copy, with times" rclone copy few timed:times
    same_tree "copy, with times, sends every file" few "$root/times"
    same_times "copy keeps the times" few "$root/times"
    equal "a sync of what is the same sends nothing" 0 "$(done_by sync few timed:times)"
    tr a-z A-Z <few/few/plain >changed
    touch -d '2 days ago' changed
    cp -p changed few/few/plain
    rm few/few/Case
    mv few/few/case few/few/renamed
    equal "a sync sends what has another time, removes what is gone, moves what has moved" 3 "$(done_by sync --track-renames --track-renames-strategy modtime few timed:times)"
    same_tree "and then all is the same" few "$root/times"
    same_times "and so are the times" few "$root/times"
    check "copy back, with times" rclone copy timed:times back-with-times
    same_times "copy back gives the files their times" few back-with-times
    check "move on the server, with times" rclone move timed:times timed:moved-times
    same_times "move keeps the times" few "$root/moved-times"
}

two_thousand() {
    wait "$sync" && ok "sync of $(files many) files" || not_ok "sync of $(files many) files" "$(tail -n 3 sync.log)"
    same_tree "sync sends every file" many "$root/many"
    same_times "sync keeps the times" many "$root/many"
    equal "a second sync sends nothing" 0 "$(done_by sync many timed:many)"
    no_differences "check --download of $(files many) files" many timed:many
    check "purge of $(files many) files" rclone purge timed:many
    check "purge of $(files many) files leaves nothing" test ! -e "$root/many"
}

need rclone curl diff
head -c 5000000 /dev/urandom >big
make_files few/few plain a.txt b.txt "${names[@]}" "${control_names[@]}"
make_difficult_tree few 2 plain "${names[@]:0:3}" "${control_names[@]}"
make_difficult_tree many 15 "${names[@]}" "${control_names[@]}"
root=$(new_root)
start_server http "$root"
write_config
rclone sync many timed:many 2>sync.log &
sync=$!
without_times
one_by_one
with_times
two_thousand
stop_server_clean '200|201|204|206|207|404|405|409'
