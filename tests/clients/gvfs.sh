#!/usr/bin/env bash
# GNOME's gvfs, as its file manager uses it: gio's commands, and the directory where gvfsd-fuse shows the drive to every other program.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$repository/tests/clients/drive.bash"

# A session of its own: with its bus, every daemon of gvfs ends.
start_session() {
    local i
    export XDG_RUNTIME_DIR=$work/run DBUS_SESSION_BUS_ADDRESS=unix:path=$work/run/bus GIO_USE_VOLUME_MONITOR=unix
    mkdir -m 700 run
    mounts+=("$work/run/gvfs")
    dbus-daemon --session --nofork --nopidfile --address="$DBUS_SESSION_BUS_ADDRESS" >bus.log 2>&1 </dev/null &
    bus=$!
    for ((i = 0; i < 100; i++)); do
        if [[ -S run/bus ]]; then
            return
        fi

        sleep 0.1
    done

    not_ok "a session starts" "$(tail -n 3 bus.log)"
    exit 1
}

# gvfsd-fuse sends a file soon after it was closed: whatever is sent is over when the server has logged nothing more for a second.
settled() {
    local i before after=-1
    for ((i = 0; i < 60; i++)); do
        before=$after
        after=$(stat -c %s "$server_log")
        if ((before == after)); then
            return
        fi

        sleep 1
    done

    not_ok "gvfs sends what was written" "$(tail -n 1 "$server_log")"
}

gio_commands() { # SERVED
    local name
    check "gio mkdir" gio mkdir "$drive/few"
    check "gio copy of files" timeout 100 gio copy -p few/* few/.[!.]* few/..?* "$drive/few"
    same_tree "gio copy writes every file" few "$1/few"
    check "gio list lists every name" diff <(find few -type f -printf '%P\n' | sort) <(gio list -h "$drive/few" | sort)
    mkdir back
    check "gio copy back" gio copy "$drive/few/two%20words" "$drive/few/%252F" "$drive/few/a%23b" "$drive/few/caf%C3%A9" "$drive/few/cafe%CC%81" back
    equal "gio copy back gives the names meant" $'%2F\na#b\ncafe\u0301\ncaf\u00e9\ntwo words' "$(ls back)"
    for name in back/*; do
        check "gio copy back fetches ${name#back/}" cmp "$name" "few/${name#back/}"
    done
    check "gio cat" cmp few/a+b <(gio cat "$drive/few/a+b")
    equal "gio info tells the size" "$(stat -c %s few/a+b)" "$(gio info -a standard::size "$drive/few/a+b" | sed -n 's/.*standard::size: //p')"
    check "gio info tells the free space" grep -qE 'filesystem::free: [1-9]' <(gio info -f "$drive/")
    check "gio save" gio save "$drive/saved" <another-page
    check "gio save writes what it was given" cmp another-page "$1/saved"
    check "gio save over a file" gio save "$drive/saved" <a-page
    check "gio save replaces it" cmp a-page "$1/saved"
    check "gio rename" gio rename "$drive/saved" "größer #1"
    check "gio rename gives the other name" cmp a-page "$1/größer #1"
    check "gio move" gio move "$drive/gr%C3%B6%C3%9Fer%20%231" "$drive/few/moved"
    check "gio move moves" cmp a-page "$1/few/moved"
    check "gio copy on the server" gio copy "$drive/few/moved" "$drive/copied"
    check "gio copy copies" cmp a-page "$1/copied"
    check "gio remove" gio remove "$drive/copied" "$drive/few/moved"
    check "gio remove removes" test ! -e "$1/copied" -a ! -e "$1/few/moved"
}

copy_and_move() { # DRIVE SERVED
    check "cp -r" cp -r few "$1/copy"
    settled
    same_tree "cp -r writes every file" few "$2/copy"
    same_tree "every file can be listed and read" few "$1/copy"
    check "cp -r of fewer" cp -r fewer "$1/second"
    settled
    rearrange "$1" "$2" "$1/second"
    check "cp of a large file" cp large "$1/large"
    settled
    check "a large file is served" cmp large "$2/large"
    check "a large file is read" cmp large "$1/large"
}

# gvfsd-fuse cannot change a part of a file, so nobody can keep a database there.
read_a_database() { # DRIVE
    sqlite3 shop.db 'CREATE TABLE item(text); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO item SELECT i FROM n'
    cp shop.db "$1/shop.db"
    settled
    equal "sqlite3 reads a database" "ok 5000" "$(timeout 60 sqlite3 -readonly "$1/shop.db" 'PRAGMA integrity_check; SELECT count(*) FROM item' 2>&1 | xargs)"
}

need dbus-daemon gio mountpoint curl sqlite3 git tar diff
make_pages "${names[@]}" "${control_names[@]}"
head -c 50000000 /dev/urandom >large
root=$(new_root)
start_server http "$root"
start_session
drive=dav://${base#http://}
check "gio mount" timeout 60 gio mount "$drive/"
gio_commands "$root"
shown=$(compgen -G "$work/run/gvfs/dav*" || true)
check "gvfsd-fuse shows the drive" test -d "$shown"
if [[ -d $shown ]]; then
    copy_and_move "$shown" "$root"
    unpack "$shown" "$root" --touch
    save "$shown" "$root"
    read_a_database "$shown"
fi

check "gio mount -u" timeout 60 gio mount -u "$drive/"
check "gvfsd-fuse is unmounted" unmount "$work/run/gvfs"
kill "$bus"
stop_server_clean '200|201|204|206|207|404'
