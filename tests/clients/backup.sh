#!/usr/bin/env bash
# The lines of docs/operations.md that back a server up while it works and restore it elsewhere, run as they stand there: what stood
# still meanwhile is back with its properties and locks, and of what was being changed no file is half and no property astray.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need curl rsync sqlite3 xmlstarlet

readonly files=300

# The code block of the page that follows a line; where the page sets variables, this has set its own.
from_page() { # LINE
    awk -v line="$1" 'index($0, line) { seen = 1 } seen && /^```/ { if (inside) exit; inside = 1; next } inside' \
        "$repository/docs/operations.md" | grep -v '^root='
}

ask() { # METHOD PATH [CURL-OPTION...]
    curl -fsS -o answer.out -X "$1" "$base$2" "${@:3}"
}

patch() { # NAME VALUE
    printf '<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><%s xmlns="urn:backup">%s</%s></D:prop></D:set></D:propertyupdate>' "$1" "$2" "$1"
}

fill() {
    local i
    ask MKCOL /quiet && ask MKCOL /busy && ask MKCOL /quiet/tree
    for ((i = 0; i < files; i++)); do
        printf 'url = "%s/quiet/tree/%s"\nupload-file = "plain.txt"\noutput = "answer.out"\n' "$base" "$i"
    done >upload.conf
    echo "the content" >plain.txt
    curl -fsS -K upload.conf
    for ((i = 0; i < 10; i++)); do
        ask PROPPATCH "/quiet/tree/$i" -d "$(patch note "value $i")"
    done
    curl -fsS -D head.out -o answer.out -X LOCK "$base/quiet/tree" -H 'Timeout: Second-3600' \
        -d '<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype><owner>me</owner></lockinfo>'
    token=$(sed -n 's/^Lock-Token: \(<.*>\).*/\1/ip' head.out)
}

# Files that are written, replaced, described, moved and removed until there is a file `stop`; each holds one line, again and again.
work_on() { # NUMBER
    local i
    for ((i = 0; i < 5000 && SECONDS < 120; i++)); do
        if [[ -e stop ]]; then
            return
        fi

        head -n 5000 < <(yes "line of $1 $i") >"busy-$1.txt"
        curl -sS -o "busy-$1.out" -T "busy-$1.txt" "$base/busy/$1-$((i % 7))" \
            --next -sS -o "busy-$1.out" -X PROPPATCH -d "$(patch note "$1-$i")" "$base/busy/$1-$((i % 7))" \
            --next -sS -o "busy-$1.out" -X MOVE -H "Destination: /busy/$1-moved-$((i % 5))" "$base/busy/$1-$(((i + 3) % 7))" \
            --next -sS -o "busy-$1.out" -X DELETE "$base/busy/$1-moved-$(((i + 2) % 5))"
    done
}

# Every value of a property below a collection, by its path.
notes() { # PATH
    curl -fsS -X PROPFIND -H 'Depth: 1' "$base$1" -d '<D:propfind xmlns:D="DAV:"><D:prop><note xmlns="urn:backup"/></D:prop></D:propfind>' |
        xmlstarlet sel -N D=DAV: -N b=urn:backup -t -m '//D:response[.//b:note/text()]' -v D:href -o ' ' -v './/b:note' -n | sort
}

# Files of which not every line is the same, or that do not end with a line.
halves() { # DIRECTORY
    local file
    for file in "$1"/*; do
        if [[ $(sort -u "$file" | wc -l) != 1 || $(wc -l <"$file") != 5000 ]]; then
            echo "$file"
        fi
    done
}

# Rows about what is not there.
astray() { # ROOT
    local path
    sqlite3 "$1/.webdav/state.db" "SELECT path || '/' || name FROM property JOIN collection ON collection = id UNION SELECT root FROM lock" |
        while read -r path; do
            if [[ ! -e $1$path ]]; then
                echo "$path"
            fi
        done
}

served=$(new_root)
start_server http "$served"
fill
notes /quiet/tree >notes.before
workers=()
for n in 1 2 3; do
    work_on "$n" &
    workers+=($!)
done
while [[ ! -e $served/busy/3-moved-0 ]] && kill -0 "${workers[2]}" 2>/dev/null; do
    sleep 0.1
done

root=$served state=$served/.webdav backup=$work/backup
export root state backup
mkdir "$backup"
from_page "### While it runs" >backup.bash
check "the page says how to back up" grep -q "VACUUM INTO" backup.bash
check "a server at work is backed up as the page says" bash -eu backup.bash
check "the work went on meanwhile" kill -0 "${workers[@]}"
touch stop
wait "${workers[@]}" || true
equal "a second backup takes the place of the first" 0 "$(bash -eu backup.bash >backup.log 2>&1; echo $?)"
stop_server

restored=$(new_root)
root=$restored state=$restored/.webdav
from_page "### To restore" >restore.bash
check "the page says how to restore" grep -q rsync restore.bash
check "it is restored as the page says" bash -eu restore.bash
start_server http "$restored"
same_tree "files that stood still are the same" "$served/quiet" "$restored/quiet"
same_times "and so are their times" "$served/quiet" "$restored/quiet"
notes /quiet/tree >notes.after
equal "there are ten properties" 10 "$(wc -l <notes.before)"
check "they are the same" cmp notes.before notes.after
equal "the lock is there for those without its token" 423 "$(curl -sS -o answer.out -w '%{http_code}' -T plain.txt "$base/quiet/tree/0")"
equal "and its holder still has it" 204 "$(curl -sS -o answer.out -w '%{http_code}' -T plain.txt -H "If: <$base/quiet/tree> ($token)" "$base/quiet/tree/0")"
check "something was restored of what was being changed" test -n "$(ls "$restored/busy")"
equal "of that, no file is half" "" "$(halves "$restored/busy")"
equal "no property and no lock is astray" "" "$(astray "$restored")"
stop_server_clean "200|201|204|207|423"
