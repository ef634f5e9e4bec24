#!/usr/bin/env bash
# A directory that rclone mounts, used as people use one: copies and moves of trees, rsync, git, tar, editors, a database, and files of
# 0 bytes and of 5 GB; what then lies in the served directory, and what a second mount with an empty cache reads of it.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$repository/tests/clients/drive.bash"

readonly offset=4700000000 # in a file of 5 GB, behind what 32 bits can say

mount_drive() {
    local i cache
    cache=$(mktemp -d "$work/cache-XXXXXX")
    printf '[drive]\ntype = webdav\nurl = %s/\nvendor = owncloud\nencoding = Slash\n' "$base" >rclone.conf
    mkdir -p drive
    mounts+=("$work/drive")
    rclone mount drive: drive --config rclone.conf --vfs-cache-mode full --vfs-write-back 1s --cache-dir "$cache" \
        --rc --rc-no-auth --rc-addr 127.0.0.1:0 >rclone.log 2>&1 </dev/null &
    mount_pid=$!
    for ((i = 0; i < 150; i++)); do
        control=$(sed -n 's|.*Serving remote control on \(http://[^ ]*\).*|\1|p' rclone.log)
        if [[ -n $control ]] && mountpoint -q drive; then
            return
        fi

        sleep 0.1
    done

    not_ok "rclone mounts" "$(tail -n 3 rclone.log)"
    exit 1
}

unmount_drive() {
    local code=0
    check "the drive is unmounted" unmount "$work/drive"
    wait "$mount_pid" || code=$?
    equal "rclone ends with exit code 0" 0 "$code"
}

# rclone sends what was written a second after it was closed.
settled() {
    local i left=""
    for ((i = 0; i < 600; i++)); do
        left=$(rclone rc --url "$control" vfs/stats 2>>rc.log | tr -d ' \t\n')
        if [[ $left == *'"erroredFiles":0,'*'"uploadsInProgress":0,"uploadsQueued":0'* ]]; then
            return
        fi

        sleep 0.2
    done

    not_ok "rclone sends what was written" "$left"
}

copy_and_move() { # DRIVE SERVED
    check "cp -r" cp -r --preserve=timestamps few "$1/copy"
    equal "ls shows every name" "$(ls -A few | sort)" "$(ls -A "$1/copy" | sort)"
    settled
    same_tree "cp -r writes every file" few "$2/copy"
    same_times "cp keeps the times" few "$2/copy"
    check "cp -r of a tree in the drive" cp -r --preserve=timestamps "$1/synchronised" "$1/second"
    rearrange "$1" "$2" "$1/second"
}

synchronise() { # DRIVE SERVED
    check "rsync" rsync -rt fewer/ "$1/synchronised"
    settled
    same_tree "rsync writes every file" fewer "$2/synchronised"
    same_times "rsync keeps the times" fewer "$2/synchronised"
    equal "a second rsync has nothing to do" "" "$(rsync -rti --omit-dir-times fewer/ "$1/synchronised" 2>&1)"
    rm "$1/synchronised/a.txt"
    echo more >"$1/synchronised/b.txt"
    echo new >"$1/synchronised/new.txt"
    check "rsync --delete" rsync -rt --delete --omit-dir-times fewer/ "$1/synchronised"
    settled
    same_tree "rsync --delete makes all as it was" fewer "$2/synchronised"
    check "rsync fetches" rsync -rt "$1/synchronised/" fetched
    same_times "rsync fetches the times" fewer fetched
}

five_gigabytes() { # DRIVE SERVED
    check "truncate to 5 GB" truncate -s 5G "$1/huge"
    check "write behind 4 GB" dd if=another-page of="$1/huge" bs=100K oflag=seek_bytes seek=$offset conv=notrunc status=none
    truncate -s 5G huge
    dd if=another-page of=huge bs=100K oflag=seek_bytes seek=$offset conv=notrunc status=none
    settled
    check "5 GB are served" cmp huge "$2/huge"
    check "mv of 5 GB" mv "$1/huge" "$1/moved"
}

read_again() { # DRIVE SERVED
    same_tree "a new mount reads every file" few "$1/copy"
    same_times "a new mount reads the times" few "$1/copy"
    equal "a new mount tells the length of 5 GB" 5368709120 "$(stat -c %s "$1/moved")"
    check "a new mount reads behind 4 GB" cmp another-page <(dd if="$1/moved" bs=100K iflag=skip_bytes,count_bytes skip=$offset count="$(stat -c %s another-page)" status=none)
    check "a new mount reads the end of 5 GB" cmp <(head -c 1000 /dev/zero) <(tail -c 1000 "$1/moved")
    check "rm of 5 GB" rm "$1/moved"
    check "5 GB are gone" test ! -e "$2/moved"
}

need rclone fusermount3 mountpoint curl rsync git sqlite3 tar diff
make_pages "${names[@]}"
root=$(new_root)
start_server http "$root"
mount_drive
for does in synchronise copy_and_move develop unpack save append keep_a_database five_gigabytes; do
    "$does" "$work/drive" "$root"
done

equal "git status is clean" "" "$(timeout 60 git -C drive/work status --porcelain 2>&1)"
same_times "tar x keeps the times" fewer "$root/unpacked/fewer"
unmount_drive
mount_drive
read_again "$work/drive" "$root"
unmount_drive
# 400 is for an upload that rclone breaks off, because git has renamed or removed the file meanwhile.
stop_server_clean '200|201|204|206|207|400|404|405'
