#!/usr/bin/env bash
# cadaver, one session with every command it has for the protocol's methods: what it says after each, and what lies on disk.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need cadaver curl
root=$(new_root)
start_server http "$root"
printf 'a letter\nwith an \xc3\xbc\n' >letter.txt

# COMMAND and, after the |, what cadaver must say of it.
cat >commands <<'LIST'
mkcol dir|Creating `dir': succeeded.
put letter.txt dir/letter.txt|Uploading letter.txt to `/dir/letter.txt': succeeded.
get dir/letter.txt got.txt|Downloading `/dir/letter.txt' to got.txt: succeeded.
copy dir/letter.txt dir/copy.txt|Copying `/dir/letter.txt' to `/dir/copy.txt': succeeded.
move dir/copy.txt dir/moved.txt|Moving `/dir/copy.txt' to `/dir/moved.txt': succeeded.
copy dir tree|Copying `/dir' to `/tree': succeeded.
lock dir/moved.txt|Locking `dir/moved.txt': succeeded.
discover dir/moved.txt|Scope: exclusive Type: write
put letter.txt dir/moved.txt|Uploading letter.txt to `/dir/moved.txt': succeeded.
propset dir/moved.txt colour blue|Setting property on `dir/moved.txt': succeeded.
propget dir/moved.txt colour|Value of colour is: blue
unlock dir/moved.txt|Unlocking `dir/moved.txt': succeeded.
discover dir/moved.txt|Discovering locks on `dir/moved.txt': no locks found.
ls dir|Listing collection `/dir/': succeeded.
delete dir/moved.txt|Deleting `dir/moved.txt': succeeded.
move tree grove|Moving `/tree' to `/grove': succeeded.
rmcol grove|Deleting collection `grove': succeeded.
LIST

{
    cut -d'|' -f1 commands
    echo quit
} | timeout 120 cadaver "$base/" >session.out 2>&1 || true

# The session without the progress bars, and spaces as they come.
tr '\r' '\n' <session.out | sed 's/ \[[^]]*\.*\] *succeeded/ succeeded/; s/: *\[[=> .]*\]* *succeeded/: succeeded/; s/  */ /g' >session
while IFS='|' read -r command said; do
    answer=$(awk -v command="dav:/> $command" '$0 == command { on = 1; next } /^dav:/ { on = 0 } on' session)
    if grep -qF -- "$said" <<<"$answer" && ! grep -qiE 'fail|error|could not|unrecogni|unable' <<<"$answer"; then
        ok "cadaver: $command"
    else
        not_ok "cadaver: $command" "${answer:-no answer}"
    fi
done < <(uniq commands)

check "what was put and got is the same" cmp letter.txt got.txt
check "what was put lies in the root" cmp letter.txt "$root/dir/letter.txt"
equal "nothing else lies in the root" "dir letter.txt" "$(find "$root" -mindepth 1 -not -path "$root/.webdav*" -printf '%f\n' | sort | xargs)"
