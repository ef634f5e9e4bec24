#!/usr/bin/env bash
# A directory that davfs2 mounts, used by the names in it: copies, moves, git, tar, editors, a database; its locks keep others out. It
# cannot list a directory on every kernel, whatever the server: rclone lists what davfs2 wrote.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$repository/tests/clients/drive.bash"

readonly longest=248 # davfs2 adds seven bytes to a name, for its cache

mount_drive() {
    mkdir -p drive
    mounts+=("$work/drive")
    printf 'ask_auth 0\ndelay_upload 0\n' >davfs2.conf
    chmod 600 davfs2.conf
    if ! timeout 60 mount -t davfs -o "conf=$work/davfs2.conf" "$base/" drive >davfs2.log 2>&1 </dev/null; then
        not_ok "davfs2 mounts" "$(tail -n 3 davfs2.log)"
        exit 1
    fi
}

# It sends a file soon after it was closed, and holds a lock on it until then.
settled() {
    local i
    for ((i = 0; i < 200; i++)); do
        sleep 0.3
        if (($(grep -cE ' INF LOCK [^ ]+ 20[01] ' "$server_log") == $(grep -cE ' INF UNLOCK [^ ]+ 204 ' "$server_log"))); then
            return
        fi
    done

    not_ok "davfs2 sends what was written" "$(tail -n 1 "$server_log")"
}

one_by_one() { # DRIVE SERVED
    mkdir "$1/few"
    check "cp of each file" by_name cp few "$1/few"
    settled
    same_tree "cp writes every file" few "$2/few"
    check "each file can be read" by_name cmp few "$1/few"
    mkdir "$1/other"
    check "mv of each file" by_name mv "$1/few" "$1/other"
    same_tree "mv moves every file" few "$2/other"
    check "rmdir of what is empty now" rmdir "$1/few"
    check "and it is gone" test ! -e "$2/few"
    check "cp of a large file" cp large "$1/large"
    settled
    check "a large file is served" cmp large "$2/large"
    check "a large file is read" cmp large "$1/large"
    printf '[plain]\ntype = webdav\nurl = %s/\nvendor = other\nencoding = Slash\n' "$base" >rclone.conf
    check "rclone lists and reads what davfs2 wrote" rclone --config rclone.conf --no-unicode-normalization check --download few plain:other
}

rearrange_by_name() { # DRIVE SERVED
    check "cp -r" cp -r fewer "$1/second"
    settled
    same_tree "cp -r writes every file" fewer "$2/second"
    check "mv of a collection" mv "$1/second" "$1/moved #1"
    same_tree "mv of a collection moves every file" fewer "$2/moved #1"
    check "mv leaves nothing" test ! -e "$2/second"
    check "mv of a file over another" mv "$1/moved #1/a.txt" "$1/moved #1/b.txt"
    check "mv over a file replaces it" cmp fewer/a.txt "$2/moved #1/b.txt"
    check "rm of a file" rm -- "$1/moved #1/-rf"
    check "and nothing else has changed" diff -r -x a.txt -x b.txt -x -rf fewer "$2/moved #1"
    check "rsync" rsync -r --inplace fewer/ "$1/synchronised"
    settled
    same_tree "rsync writes every file" fewer "$2/synchronised"
}

status_of_put() { # FILE URL
    curl -sS -o /dev/null -w '%{http_code}' --max-time 20 -T "$1" "$2" 2>&1
}

lock_out() { # DRIVE SERVED
    cp a-page "$1/open.txt"
    exec {open}>>"$1/open.txt"
    cat a-line >&"$open"
    equal "what is open in the drive is locked" 423 "$(status_of_put another-page "$base/open.txt")"
    exec {open}>&-
    settled
    check "what was appended is served" cmp <(cat a-page a-line) "$2/open.txt"
    equal "what is closed is locked no more" 204 "$(status_of_put another-page "$base/open.txt")"
}

need mount.davfs mountpoint rclone curl rsync git sqlite3 tar diff
short=()
for name in "${names[@]}" "${control_names[@]}" "$(printf 'a%.0s' {1..248})" "$(printf 'ü%.0s' {1..124})" "$(printf '語%.0s' {1..82})ab"; do
    if (($(printf %s "$name" | wc -c) <= longest)); then
        short+=("$name")
    fi
done
make_pages "${short[@]}"
head -c 50000000 /dev/urandom >large
root=$(new_root)
start_server http "$root"
mount_drive
for does in one_by_one rearrange_by_name develop unpack save append keep_a_database lock_out; do
    "$does" "$work/drive" "$root"
done

check "the drive is unmounted" unmount "$work/drive"
mount_drive
check "a new mount reads what was written" by_name cmp few drive/other
check "the drive is unmounted again" unmount "$work/drive"
stop_server_clean '200|201|204|206|207|304|404|423'
