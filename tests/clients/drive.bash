# shellcheck shell=bash
# What people do in a mounted directory: each function works in DRIVE and compares what then lies in SERVED. A script that uses them
# has a function `settled`, which waits until everything that was written has been sent.
source "$repository/tests/clients/names.bash"



# Does ACTION with one file of the tree `few` after the other, by its name alone; fails if one of them does.
by_name() { # ACTION FROM TO
    local path failed=0
    while IFS= read -r -d '' path; do
        timeout 20 "$1" -- "$2/$path" "$3/$path" || failed=1
    done < <(find few -type f -printf '%P\0')
    return "$failed"
}

# Moves of what lies in COLLECTION, which is the tree `fewer`.
rearrange() { # DRIVE SERVED COLLECTION
    check "mv of a collection" mv "$3" "$1/moved #1"
    settled
    same_tree "mv moves every file" fewer "$2/moved #1"
    check "mv leaves nothing" test ! -e "$3"
    check "mv of a file over another" mv "$1/moved #1/a.txt" "$1/moved #1/b.txt"
    check "rm of a file" rm -- "$1/moved #1/-rf"
    settled
    check "mv over a file replaces it" cmp fewer/a.txt "$2/moved #1/b.txt"
    check "and nothing else has changed" diff -r -x a.txt -x b.txt -x -rf fewer "$2/moved #1"
    check "rm -r" rm -r "$1/moved #1"
    settled
    check "rm -r leaves nothing" test ! -e "$2/moved #1"
}

unpack() { # DRIVE SERVED [TAR-OPTION...]
    local drive=$1 served=$2
    shift 2
    tar cf fewer.tar fewer
    mkdir "$drive/unpacked"
    check "tar x" tar x -f fewer.tar -C "$drive/unpacked" --no-same-owner --no-same-permissions "$@"
    settled
    same_tree "tar x writes every file" fewer "$served/unpacked/fewer"
}

develop() { # DRIVE SERVED
    check "git clone" timeout 100 git clone -q origin "$1/work"
    echo more >>"$1/work/changing"
    check "git commit" timeout 60 git -C "$1/work" commit -qam "a change"
    settled
    same_tree "what was checked out is served" origin/files "$2/work/files"
    check "git fsck where it is served" git -C "$2/work" fsck --strict
    equal "the commits are served" 4 "$(git -C "$2/work" rev-list --count HEAD)"
    check "git push from the drive" timeout 60 git -C "$1/work" push -q origin HEAD:pushed
    equal "what was pushed has arrived" "more" "$(git -C origin show pushed:changing | tail -n 1)"
}

# Editors: one that writes a new file, keeps the old one under another name and renames the new one; one that only renames; one that
# overwrites; one that has a lock file beside. And what appends.
save() { # DRIVE SERVED
    mkdir "$1/letters"
    cp a-page "$1/letters/Brief.odt"
    echo user >"$1/letters/.~lock.Brief.odt#"
    settled
    check "an office's lock file can be read" grep -q user "$1/letters/.~lock.Brief.odt#"
    cp another-page "$1/letters/lu1234.tmp"
    check "an office saves by renaming a new file over the old one" mv "$1/letters/lu1234.tmp" "$1/letters/Brief.odt"
    check "and removes its lock file" rm "$1/letters/.~lock.Brief.odt#"
    check "what was saved is read" cmp another-page "$1/letters/Brief.odt"

    cp a-page "$1/letters/notes.txt"
    cp another-page "$1/letters/4913"
    check "an editor keeps the old file" mv "$1/letters/notes.txt" "$1/letters/notes.txt~"
    check "and renames the new one" mv "$1/letters/4913" "$1/letters/notes.txt"
    cp a-page "$1/letters/list.txt"
    check "an editor overwrites a file with a shorter one" cp a-line "$1/letters/list.txt"
    check "an empty file is made" cp /dev/null "$1/letters/empty.txt"
    settled
    equal "there are these files and no other" "Brief.odt empty.txt list.txt notes.txt notes.txt~" "$(ls -A "$2/letters" | xargs)"
    check "what was saved by renaming is served" cmp another-page "$2/letters/Brief.odt"
    check "what was saved in two steps is served" cmp another-page "$2/letters/notes.txt"
    check "the old file is served" cmp a-page "$2/letters/notes.txt~"
    check "what was overwritten is as short as it should be" cmp a-line "$2/letters/list.txt"
    equal "the empty file is empty" 0 "$(stat -c %s "$2/letters/empty.txt")"
}

append() { # DRIVE SERVED
    cp a-page "$1/log.txt"
    check "a line is appended" dd if=a-line of="$1/log.txt" oflag=append conv=notrunc status=none
    check "some bytes in the middle are overwritten" dd if=a-line of="$1/log.txt" bs=1 seek=1000 conv=notrunc status=none
    settled
    cat a-page a-line >log.txt
    dd if=a-line of=log.txt bs=1 seek=1000 conv=notrunc status=none
    check "and all else is as it was" cmp log.txt "$2/log.txt"
}

keep_a_database() { # DRIVE SERVED
    check "sqlite3 makes a database" timeout 60 sqlite3 "$1/shop.db" \
        'CREATE TABLE item(id INTEGER PRIMARY KEY, text);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO item SELECT i, hex(randomblob(50)) FROM n;'
    check "sqlite3 changes it" timeout 60 sqlite3 "$1/shop.db" 'BEGIN; DELETE FROM item WHERE id % 2; COMMIT; BEGIN; DELETE FROM item; ROLLBACK; VACUUM;'
    equal "sqlite3 finds it whole" "ok 2500" "$(timeout 60 sqlite3 "$1/shop.db" 'PRAGMA integrity_check; SELECT count(*) FROM item' 2>&1 | xargs)"
    settled
    equal "it is whole where it is served" "ok 2500" "$(sqlite3 "$2/shop.db" 'PRAGMA integrity_check; SELECT count(*) FROM item' 2>&1 | xargs)"
    check "no journal is left" test ! -e "$2/shop.db-journal"
}

# What is written: `few` and `fewer` files under difficult names, the repository `origin`, and pages.
make_pages() { # NAME...
    local i
    export HOME=$work GIT_CONFIG_NOSYSTEM=1
    git config --global user.name somebody
    git config --global user.email somebody@example.org
    git config --global safe.directory '*'
    git config --global gc.auto 0
    seq 1 5000 >a-page
    seq 3 9000 >another-page
    echo 'one line' >a-line
    make_files few "$@"
    make_files fewer a.txt b.txt -rf "${@: -40}"
    git init -q origin 2>git.log
    make_files origin/files "${@:1:40}"
    for ((i = 0; i < 3; i++)); do
        echo "$i" >origin/changing
        git -C origin add .
        git -C origin commit -qm "state $i"
    done
}
