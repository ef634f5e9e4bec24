# shellcheck shell=bash
# What people do in a mounted directory: each function works in DRIVE and compares what then lies in SERVED. A script that uses them has
# a function `settled`, which waits until everything that was written has been sent.
source "$repository/tests/clients/names.bash"

readonly offset=4700000000 # in a file of 5 GB, behind what 32 bits can say

# One file after the other, by its name alone.
by_name() { # NAME FROM TO, with what is to be done in ACTION...
    local name=$1 from=$2 to=$3 path failed=""
    shift 3
    while IFS= read -r -d '' path; do
        timeout 20 "$@" "$from/$path" "$to/$path" 2>>by-name.log || failed+=" $path"
    done < <(cd "$from" && find . -type f -printf '%P\0')
    equal "$name" "" "$failed"
}

# Editors: one that writes a new file, keeps the old one under another name and renames the new one; one that only renames; one that
# overwrites; one that has a lock file beside. And what appends.
save() { # DRIVE SERVED
    mkdir "$1/letters"
    cp a-page "$1/letters/Brief.odt"
    echo user >"$1/letters/.~lock.Brief.odt#"
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
    cp a-page "$1/letters/log.txt"
    check "a line is appended" dd if=a-line of="$1/letters/log.txt" oflag=append conv=notrunc status=none
    check "an empty file is made" cp /dev/null "$1/letters/empty.txt"
    settled
    equal "there are these files and no other" ".webdav-none Brief.odt empty.txt list.txt log.txt notes.txt notes.txt~" ".webdav-none $(ls -A "$2/letters" | xargs)"
    check "what was saved by renaming is served" cmp another-page "$2/letters/Brief.odt"
    check "what was saved in two steps is served" cmp another-page "$2/letters/notes.txt"
    check "the old file is served" cmp a-page "$2/letters/notes.txt~"
    check "what was overwritten is as short as it should be" cmp a-line "$2/letters/list.txt"
    check "what was appended is at the end" cmp <(cat a-page a-line) "$2/letters/log.txt"
    equal "the empty file is empty" 0 "$(stat -c %s "$2/letters/empty.txt")"
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

# The repository to clone: `origin`, with difficult names in it.
make_repository() {
    local i
    git init -q origin
    make_files origin/files "${names[@]:0:40}"
    for ((i = 0; i < 3; i++)); do
        echo "$i" >origin/changing
        git -C origin add .
        git -C origin commit -qm "state $i"
    done
}

make_pages() {
    export HOME=$work GIT_CONFIG_NOSYSTEM=1
    git config --global user.name somebody
    git config --global user.email somebody@example.org
    seq 1 5000 >a-page
    seq 3 9000 >another-page
    echo 'one line' >a-line
    make_files few plain a.txt b.txt "$@"
    make_repository
}
