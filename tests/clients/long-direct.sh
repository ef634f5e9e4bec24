#!/usr/bin/env bash
# Real clients, each on an operation ten times longer than its own time-out lets it wait in silence, or with ten times as many 102s due
# as it takes. They run side by side; each check says by what its client lives.
source "$(dirname "${BASH_SOURCE[0]}")/long.bash"

# Each client's time-out, and what an operation lasts.
limit=2
readonly lasts=20

# For those with a time-out, 102s by which a clock can be set; for those with a limit, more than ten times the 127 that neon takes.
readonly calm=(--KeepAlive:FirstAfter=00:00:00.2 --KeepAlive:Interval=00:00:00.2)
readonly often=(--KeepAlive:FirstAfter=00:00:00.2 --KeepAlive:Interval=00:00:00.01)

build() {
    (cd "$work" && CGO_ENABLED=0 go build -o copy-go "$programs/copy.go") >go.log 2>&1 || not_ok "copy.go is built" "$(tail -n 3 go.log)"
    javac -d . "$programs/Client.java" >javac.log 2>&1 || not_ok "Client.java is built" "$(tail -n 3 javac.log)"
    for name in copy-102 copy-202; do
        mkdir -p "$name" && cp "$examples/$name.cs" "$name/"
        XDG_DATA_HOME=$work/share dotnet build "$name/$name.cs" -o "$name/out" >"$name/build.log" 2>&1 || not_ok "$name.cs is built" "$(tail -n 3 "$name/build.log")"
    done
}

# rclone's remote.
dav() { # PATH
    echo ":webdav,vendor=other,url='$base':$1"
}

need curl cadaver rclone php node java javac go lwp-request "$python"
make_source
shm=$(mktemp -d /dev/shm/webdav-long-XXXXXX)
to_remove+=("$shm")
build
if [[ $(stat -c %d "$shm") == $(stat -c %d "$work") ]]; then
    not_ok "/dev/shm is another file system than ${TMPDIR:-/tmp}" "it is the same: a MOVE there takes no time"
fi

export HOME=$work RCLONE_CONFIG=$work/rclone.conf
touch rclone.conf
tree_of=([curl-102]=deep [dotnet-102]=deep)
start_slow_server $((lasts + 1)) "${often[@]}" --KeepAlive:Maximum=1000000 --WebDav:Symlinks=Always
ln -s "$shm" "$root/shm"
from=$base/{}/ to=$base/{}-copy/
begin curl-102 "$examples/copy-102.sh" "$from" "$to"
begin cadaver bash -c 'printf "copy {} {}-copy\nquit\n" | cadaver "$0/" | tr "\r" "\n" | grep -E "succeeded|failed|rror"' "$base"
begin rclone-102 rclone moveto "$(dav {})" "$(dav shm/{})" -v --retries 1
begin php-102 php "$examples/copy-102.php" "$from" "$to"
begin java-102 java -cp . Client wait "$from" "$to"
begin dotnet-102 dotnet copy-102/out/copy-102.dll "$from" "$to"
begin go-102 ./copy-go 0 "$from" "$to"

start_slow_server $((lasts + 1)) "${calm[@]}" --KeepAlive:Maximum=1000000 --WebDav:Symlinks=Always
ln -s "$shm" "$root/shm"
from=$base/{}/ to=$base/{}-copy/
begin curl-202 "$examples/copy-202.sh" "$from" "$to"
begin curl-join curl -sS -o "{}.body" -w '%{http_code}\n' --max-time "$limit" --retry 60 --retry-delay 1 \
    -X COPY -H "Destination: $to" "$from"
begin rclone-join rclone moveto "$(dav {})" "$(dav shm/{})" -v --retries 1 --timeout "${limit}s" --low-level-retries 60
begin requests-207 "$python" "$programs/python.py" requests "$limit" "$from" "$to"
begin requests-202 "$python" "$examples/copy-202.py" "$from" "$to"
begin urllib-207 "$python" "$programs/python.py" urllib "$limit" "$from" "$to"
begin lwp-207 perl "$programs/lwp.pl" "$limit" "$from" "$to"
begin php-202 php "$programs/copy-202.php" "$limit" "$from" "$to"
begin node-102 node "$programs/fetch.mjs" "$limit" "$from" "$to"
begin java-202 java -cp . Client async "$limit" "$from" "$to"
begin java-207 java -cp . Client delete "$limit" "$from"
begin dotnet-202 dotnet copy-202/out/copy-202.dll "$from" "$to"
begin go-join ./copy-go "$limit" "$from" "$to"
await_all

copied() { # DESCRIPTION NAME SAID 102S
    judge "$1" "$2" "$lasts" "$3" "$4" COPY
}

copied "curl reads past the 102s, however long they are" curl-102 201 some
copied "curl that gives up after $limit s of silence, by 202 and questions" curl-202 201 0
copied "curl with $limit s for each try, by joining at each retry" curl-join 201 some
copied "cadaver, which takes 127 interim responses, by no more 102s than that" cadaver '.*succeeded.' 127
judge "rclone, which takes 5 interim responses, by no more 102s than that" rclone-102 "$lasts" '' 4 MOVE "$shm/${tree_name[rclone-102]}"
judge "rclone --timeout ${limit}s, by joining at each retry" rclone-join "$lasts" '' some MOVE "$shm/${tree_name[rclone-join]}"
copied "requests with a time-out of $limit s, by a 207 that is begun early" requests-207 '201 in a 207' 0
copied "requests with a time-out of $limit s, by 202 and questions" requests-202 201 0
copied "urllib with a time-out of $limit s, by a 207 that is begun early" urllib-207 '201 in a 207' 0
copied "LWP with a time-out of $limit s, by a 207 that is begun early" lwp-207 '201 in a 207' 0
copied "PHP's curl without a time-out reads past the 102s, and hears of the progress" php-102 201 some
copied "PHP's curl with a time-out of $limit s, by 202 and questions" php-202 201 0
copied "Node's fetch with a time-out of $limit s, by the 102s that it asks for" node-102 201 some
copied "Java's HttpClient, which takes 8 interim responses, by no more 102s than that" java-102 201 8
copied "Java's HttpClient with a time-out of $limit s, by 202 and questions" java-202 201 0
judge "Java's HttpURLConnection with a time-out of $limit s, by a 207 that is begun early" java-207 "$lasts" '204 in a 207' 0 DELETE
copied ".NET's HttpClient, which takes 64 KB of interim responses, by no more 102s than that" dotnet-102 201 some
copied ".NET's HttpClient with a time-out of $limit s, by 202 and questions" dotnet-202 201 0
copied "Go's net/http, which takes 5 interim responses, by no more 102s than that" go-102 201 4
copied "Go's net/http with a time-out of $limit s, by joining at each retry" go-join 201 some

# What the examples show meanwhile.
check "curl heard of the progress" grep -qi '^progress: [0-9]' curl-102.out
check "PHP heard of the progress" grep -q '^[0-9]*/[0-9]*$' php-102.out
check "requests heard of the progress" grep -q '^[0-9]* of ' requests-202.out
check ".NET heard of the progress" grep -q '^[0-9]* done$' dotnet-202.out

# docs/keep-alive.md has them as they are here.
for example in "$examples"/*; do
    check "the page quotes ${example##*/}" "$python" -c \
        'import sys; assert open(sys.argv[1]).read() in open(sys.argv[2]).read(), "not word for word"' "$example" "$repository/docs/keep-alive.md"
done
