#!/usr/bin/env bash
# cadaver, one session with every command it has for the protocol's methods: what it says after each, and what lies on disk.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need cadaver curl
root=$(new_root)
start_server http "$root"
printf 'a letter\nwith an \xc3\xbc\n' >letter.txt
: >empty.txt

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
mkcol "a#b c"|Creating `a#b c': succeeded.
put letter.txt "a#b c/100% über; a+b&c?d.txt"|Uploading letter.txt to `/a%23b%20c/100%25%20%c3%bcber%3b%20a%2bb%26c%3fd.txt': succeeded.
get "a#b c/100% über; a+b&c?d.txt" difficult.txt|Downloading `/a#b c/100% über; a+b&c?d.txt' to difficult.txt: succeeded.
move "a#b c/100% über; a+b&c?d.txt" "a#b c/it's %2F.txt"|Moving `/a#b c/100% über; a+b&c?d.txt' to `/a#b c/it's %2F.txt': succeeded.
copy "a#b c" "日本語 ;="|Copying `/a#b c' to `/日本語 ;=': succeeded.
ls "日本語 ;="|it's %2F.txt
delete "a#b c/it's %2F.txt"|Deleting `a#b c/it's %2F.txt': succeeded.
rmcol "a#b c"|Deleting collection `a#b c': succeeded.
put empty.txt empty.txt|Uploading empty.txt to `/empty.txt': succeeded.
get empty.txt got-empty.txt|Downloading `/empty.txt' to got-empty.txt: succeeded.
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
check "what was put and got under a difficult name is the same" cmp letter.txt difficult.txt
check "and it lies in the root under the name meant" cmp letter.txt "$root/日本語 ;=/it's %2F.txt"
check "an empty file is empty" cmp empty.txt got-empty.txt
equal "nothing else lies in the root" "dir empty.txt it's %2F.txt letter.txt 日本語 ;=" \
    "$(find "$root" -mindepth 1 -not -path "$root/.webdav*" -printf '%f\n' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
stop_server_clean '200|201|204|207|404'
