#!/usr/bin/env bash
# A directory that rclone mounts, used as people use one: copies and moves of trees, rsync, git, tar, editors, a database, and files of
# 0 bytes and of 5 GB; what then lies in the served directory, and what a second mount with an empty cache reads of it.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$repository/tests/clients/drive.bash"

mount_drive() {
    local i cache
    cache=$(mktemp -d "$work/cache-XXXXXX")
    printf '[drive]\ntype = webdav\nurl = %s/\nvendor = nextcloud\nencoding = Slash\n' "$base" >rclone.conf
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
    check "cp -r of a tree in the drive" cp -r "$1/copy" "$1/second"
    check "mv of a collection" mv "$1/second" "$1/third #1"
    settled
    same_tree "mv moves every file" few "$2/third #1"
    check "mv leaves nothing" test ! -e "$2/second"
    check "mv of a file over another" mv "$1/third #1/a.txt" "$1/third #1/b.txt"
    check "rm of a file" rm -- "$1/third #1/-rf"
    settled
    check "mv over a file replaces it" cmp few/a.txt "$2/third #1/b.txt"
    check "and nothing else has changed" diff -r -x a.txt -x b.txt -x -rf few "$2/third #1"
    check "rm -r" rm -r "$1/third #1"
    settled
    check "rm -r leaves nothing" test ! -e "$2/third #1"
}

synchronise() { # DRIVE SERVED
    check "rsync" rsync -rt few/ "$1/synchronised"
    settled
    same_tree "rsync writes every file" few "$2/synchronised"
    same_times "rsync keeps the times" few "$2/synchronised"
    equal "a second rsync has nothing to do" "" "$(rsync -rti --omit-dir-times few/ "$1/synchronised" 2>&1)"
    rm "$1/synchronised/a.txt"
    echo more >"$1/synchronised/b.txt"
    echo new >"$1/synchronised/new.txt"
    check "rsync --delete" rsync -rt --delete --omit-dir-times few/ "$1/synchronised"
    settled
    same_tree "rsync --delete makes all as it was" few "$2/synchronised"
    rm -rf fetched
    check "rsync fetches" rsync -rt "$1/synchronised/" fetched
    same_times "rsync fetches the times" few fetched
}

develop() { # DRIVE SERVED
    check "git clone" timeout 100 git clone -q origin "$1/work"
    same_tree "git checks every file out" origin/files "$1/work/files"
    echo more >>"$1/work/changing"
    check "git commit" timeout 60 git -C "$1/work" commit -qam "a change"
    equal "git status is clean" "" "$(timeout 60 git -C "$1/work" status --porcelain 2>&1)"
    settled
    check "git fsck where it is served" git -c safe.directory='*' -C "$2/work" fsck --strict
    equal "the commits are served" 4 "$(git -c safe.directory='*' -C "$2/work" rev-list --count HEAD)"
    check "git push from the drive" timeout 60 git -C "$1/work" push -q origin HEAD:pushed
    equal "what was pushed has arrived" "more" "$(git -C origin show pushed:changing | tail -n 1)"
}

unpack() { # DRIVE SERVED
    tar cf few.tar few
    mkdir "$1/unpacked"
    check "tar x" tar xf few.tar -C "$1/unpacked" --no-same-owner --no-same-permissions
    settled
    same_tree "tar x writes every file" few "$2/unpacked/few"
    same_times "tar x keeps the times" few "$2/unpacked/few"
    check "tar c from the drive" tar cf back.tar -C "$1/unpacked" few
    check "tar finds no difference" tar df back.tar
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
for does in copy_and_move synchronise develop unpack save keep_a_database five_gigabytes; do
    "$does" "$work/drive" "$root"
done

unmount_drive
mount_drive
read_again "$work/drive" "$root"
unmount_drive
stop_server_clean '200|201|204|206|207|404|405'
