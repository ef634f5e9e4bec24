#!/usr/bin/env bash
# curl: whole files, parts and conditions, and difficult names; then the long requests, which must show `102 Processing` and end with the
# right status and the right tree; the same over TLS and without 102s over HTTP/1.0; and starts that must fail with a clear line.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$repository/tests/clients/names.bash"

# Sends a request; sets status to the last status, interim to the number of 102s before it. The head is in `head`, the body in `body`.
send() { # CURL-ARGUMENT...
    local code=0
    rm -f head body
    curl -sSk --noproxy '*' --max-time 300 -D head -o body "$@" 2>curl.log || code=$?
    touch head body
    statuses=$(tr -d '\r' <head | sed -n '/^HTTP\/[0-9.]* 100/d; s|^HTTP/[0-9.]* \([0-9]*\).*|\1|p')
    interim=$(grep -c '^102$' <<<"$statuses" || true)
    statuses=$(xargs <<<"$statuses")
    status=${statuses##* }
    if ((code != 0)); then
        status="curl's error $code: $(tail -n 1 curl.log)"
    fi
}

answers() { # NAME STATUS CURL-ARGUMENT...
    local name=$1 expected=$2
    shift 2
    send "$@"
    equal "$name: $expected" "$expected" "$status"
}

# A long request: at least so many 102s, then the status, and nothing between or behind them.
long() { # NAME LEAST STATUS CURL-ARGUMENT...
    local name=$1 least=$2 expected=$3
    shift 3
    send "$@"
    if [[ $statuses =~ ^(102 )*$expected$ && $status == "$expected" && $interim -ge $least ]]; then
        ok "$name: $interim times 102, then $expected"
    else
        not_ok "$name: at least $least times 102, then $expected" "$(cut -c1-60 <<<"${statuses:-nothing}") ($interim times 102, $status)"
    fi
}

field() { # NAME of a field of the last response
    tr -d '\r' <head | sed -n "s/^$1: //Ip" | tail -n 1
}

in_one_piece() {
    local root
    root=$(new_root)
    start_server http "$root"
    head -c 1000000 /dev/urandom >big
    head -c 1000000 /dev/urandom >other
    answers "PUT of a new file" 201 -T big "$base/big"
    check "what was put lies in the root" cmp big "$root/big"
    answers "GET" 200 "$base/big"
    check "GET gives what was put" cmp big body
    answers "HEAD" 200 -I "$base/big"
    equal "HEAD tells the length" 1000000 "$(field content-length)"
    answers "PUT over a file" 204 -T other "$base/big"
    check "the new content is there" cmp other "$root/big"
    answers "PUT of an empty file" 201 -T /dev/null "$base/empty"
    answers "PUT in chunks" 201 -H 'Transfer-Encoding: chunked' -T big "$base/chunked"
    check "chunks make the whole" cmp big "$root/chunked"
    answers "PUT under a name with spaces and umlauts" 201 -T big "$base/%C3%9Cber%20allen%20%26%20%23.txt"
    check "the name on disk is the name meant" cmp big "$root/Über allen & #.txt"
    answers "PUT into a collection that is not there" 409 -T big "$base/none/big"
}

encoded() { # NAME, with every byte as in a URL
    printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g'
}

# One request after the other for each name: put, got, moved elsewhere; then listed, and deleted by the hrefs of the list.
difficult_names() {
    local root name url href wrong="" all=("${names[@]}" "${control_names[@]}")
    root=$(new_root)
    start_server http "$root"
    make_files few "${all[@]}"
    answers "MKCOL" 201 -X MKCOL "$base/put/"
    answers "MKCOL under a difficult name" 201 -X MKCOL "$base/$(encoded "${names[-1]}")/"
    for name in "${all[@]}"; do
        url=$(encoded "$name")
        send -gT "few/$name" "$base/put/$url"
        wrong+=${status#201}
        send "$base/put/$url"
        cmp -s body "few/$name" || wrong+=" GET of $name"
    done
    equal "each of ${#all[@]} difficult names can be put and got" "" "$wrong"
    same_tree "each lies in the root under the name meant" few "$root/put"
    wrong=""

    for name in "${all[@]}"; do
        url=$(encoded "$name")
        send -X MOVE -H "Destination: $base/$(encoded "${names[-1]}")/$url" "$base/put/$url"
        wrong+=${status#201}
    done
    equal "each can be moved" "" "$wrong"
    same_tree "each is where it was moved" few "$root/${names[-1]}"
    wrong=""

    answers "PROPFIND of difficult names" 207 -X PROPFIND -H 'Depth: 1' "$base/$(encoded "${names[-1]}")/"
    check "the 207 is well-formed" xmlstarlet val -w -e body
    xmlstarlet sel -N D=DAV: -t -m '//D:href[not(substring(., string-length(.)) = "/")]' -v . -n body >hrefs 2>xml.log
    answers "the page of difficult names" 200 "$base/$(encoded "${names[-1]}")/"
    while read -r href; do
        send -gX DELETE "$base$href"
        wrong+=${status#204}
    done <hrefs
    equal "each can be deleted by the href it was listed with" "" "$wrong"
    equal "and nothing is left" "" "$(ls -A "$root/${names[-1]}")"
    stop_server_clean '200|201|204|207'
}

parts() {
    answers "a range" 206 -r 100-199 "$base/big"
    check "a range gives its bytes" cmp body <(tail -c +101 other | head -c 100)
    equal "a range says which" "bytes 100-199/1000000" "$(field content-range)"
    answers "the last bytes" 206 -r -10 "$base/big"
    check "the last bytes are the last" cmp body <(tail -c 10 other)
    answers "the rest" 206 -r 999990- "$base/big"
    check "the rest is the rest" cmp body <(tail -c 10 other)
    answers "a range behind the end" 416 -r 1000000- "$base/big"
    answers "PUT of a part" 204 -X PUT -H 'Content-Range: bytes 10-19/1000000' --data-binary 0123456789 "$base/big"
    send "$base/big"
    check "the part is where it was meant to go, and the rest as it was" cmp body <(head -c 10 other; printf 0123456789; tail -c +21 other)
    answers "PUT of a part that leaves a gap" 416 -X PUT -H 'Content-Range: bytes 1000001-1000010/*' --data-binary 0123456789 "$base/big"
    answers "PATCH at the end" 204 -X PATCH -H 'Content-Type: application/x-sabredav-partialupdate' -H 'X-Update-Range: append' \
        --data-binary 0123456789 "$base/big"
    send "$base/big"
    check "what is appended is at the end" cmp body <(head -c 10 other; printf 0123456789; tail -c +21 other; printf 0123456789)
    answers "PUT of the whole again" 204 -T other "$base/big"
}

conditions() {
    local etag
    send -I "$base/big"
    etag=$(field etag)
    check "HEAD gives an ETag" test -n "$etag"
    answers "PUT if there is none" 412 -H 'If-None-Match: *' -T big "$base/big"
    answers "PUT if it is another" 412 -H 'If-Match: "another"' -T big "$base/big"
    send "$base/big"
    check "a refused PUT changes nothing" cmp other body
    answers "GET if it has changed" 304 -H "If-None-Match: $etag" "$base/big"
    answers "PUT if it is the same" 204 -H "If-Match: $etag" -T big "$base/big"
    answers "PUT if it was the same" 412 -H "If-Match: $etag" -T other "$base/big"
    answers "PUT if there is none, and there is none" 201 -H 'If-None-Match: *' -T big "$base/new"
}

# The tree is made beside the root and moved in, so that it can be compared with.
copy_of_a_tree() {
    local root
    root=$(new_root)
    make_tree many 200 100
    cp -r many "$root/tree"
    start_server http "$root" --KeepAlive:FirstAfter=00:00:00.05 --KeepAlive:Interval=00:00:00.05
    long "COPY of 20,000 files" 2 201 -X COPY -H "Destination: $base/copy/" "$base/tree/"
    check "COPY made the same tree" diff -r many "$root/copy"
    check "COPY left its source" diff -r many "$root/tree"
    long "COPY of 20,000 files over a tree" 2 204 -X COPY -H "Destination: $base/copy/" "$base/tree/"
    check "COPY over a tree made the same tree" diff -r many "$root/copy"
    answers "COPY with Overwrite: F" 412 -X COPY -H 'Overwrite: F' -H "Destination: $base/copy/" "$base/tree/"
    send --http1.0 -X COPY -H "Destination: $base/third/" "$base/tree/"
    equal "COPY over HTTP/1.0 has no 102" "201" "$statuses"
    check "COPY over HTTP/1.0 made the same tree" diff -r many "$root/third"
    send --http1.0 -X DELETE "$base/third/"
    equal "DELETE over HTTP/1.0 has no 102" "204" "$statuses"
    stop_server
    rm -rf "$root"
}

# MOVE, DELETE, LOCK and PROPFIND of a tree that lies on the machine's own memory, which is another file system.
other_long_requests() {
    local root shm token
    root=$(new_root)
    shm=$(mktemp -d /dev/shm/webdav-curl-XXXXXX)
    to_remove+=("$shm")
    make_tree some 50 100
    cp -r some "$root/tree"
    cp -r many "$root/many"
    ln -s "$shm" "$root/shm"
    if [[ $(stat -c %d "$shm") == $(stat -c %d "$root") ]]; then
        not_ok "/dev/shm is another file system than ${TMPDIR:-/tmp}" "it is the same"
    fi

    start_server http "$root" --WebDav:Symlinks=Always --WebDav:PropFindAnswer=Held \
        --KeepAlive:FirstAfter=00:00:00.005 --KeepAlive:Interval=00:00:00.005
    long "MOVE of 5,000 files to another file system" 2 201 -X MOVE -H "Destination: $base/shm/moved/" "$base/tree/"
    check "MOVE made the same tree" diff -r some "$shm/moved"
    check "MOVE left nothing behind" test ! -e "$root/tree"
    long "MOVE of 5,000 files back" 2 201 -X MOVE -H "Destination: $base/tree/" "$base/shm/moved/"
    check "MOVE back made the same tree" diff -r some "$root/tree"

    long "PROPFIND with Depth infinity, held" 1 207 -X PROPFIND -H 'Depth: infinity' "$base/many/"
    check "the 207 is well-formed" xmlstarlet val -w -e body
    equal "the 207 has every file and collection" 20201 "$(xmlstarlet sel -N D=DAV: -t -v 'count(/D:multistatus/D:response)' body 2>xml.log)"

    cat >lock.xml <<'XML'
<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>
XML
    long "LOCK with Depth infinity" 1 200 -X LOCK -H 'Depth: infinity' -H 'Content-Type: application/xml' --data-binary @lock.xml "$base/many/"
    token=$(field lock-token)
    answers "a member of the locked tree cannot be written" 423 -T big "$base/many/collection%200/file%200.txt"
    answers "nor can the tree be deleted" 423 -X DELETE "$base/many/"
    check "the locked tree is whole" diff -r many "$root/many"
    answers "UNLOCK" 204 -X UNLOCK -H "Lock-Token: ${token:-none}" "$base/many/"

    long "DELETE of 20,000 files" 1 204 -X DELETE "$base/many/"
    check "DELETE left nothing behind" test ! -e "$root/many"
    stop_server
    equal "the server stops when told to, with exit code 0" 0 "$server_code"
    rm -rf "$root" "$shm"
}

over_tls() {
    local root
    root=$(new_root)
    cp -r many "$root/tree"
    make_certificate
    start_server https "$root" --Kestrel:Certificates:Default:Path=cert.pem --Kestrel:Certificates:Default:KeyPath=key.pem \
        --KeepAlive:FirstAfter=00:00:00.05 --KeepAlive:Interval=00:00:00.05
    answers "PUT over TLS" 201 --http1.1 -T big "$base/big"
    answers "GET over TLS" 200 --http1.1 "$base/big"
    check "TLS gives what was put" cmp big body
    long "COPY of 20,000 files over TLS" 2 201 --http1.1 -X COPY -H "Destination: $base/copy/" "$base/tree/"
    check "COPY over TLS made the same tree" diff -r many "$root/copy"
    answers "GET over TLS and HTTP/2" 200 --http2 "$base/big"
    check "HTTP/2 was spoken" grep -q '^HTTP/2 ' head
    check "HTTP/2 gives what was put" cmp big body
    stop_server
    rm -rf "$root"
}

# A start that must fail: the exit code, one line for each pattern on stderr, no other line there and no stack trace anywhere.
bad_start() { # NAME CODE PATTERNS OPTION...
    local name=$1 expected=$2 patterns=$3 code=0 pattern missing=""
    shift 3
    timeout 30 dotnet "$server_dll" "$@" >bad.out 2>bad.log </dev/null || code=$?
    while read -r pattern; do
        grep -qE "^$pattern" bad.log || missing+=" $pattern"
    done <<<"$patterns"

    if ((code == expected)) && [[ -z $missing ]] && (($(wc -l <bad.log) == $(wc -l <<<"$patterns"))) && ! grep -qE '^ +at |Exception' bad.out bad.log; then
        ok "start with $name: exit code $expected and a line for each fault"
    else
        not_ok "start with $name: exit code $expected and a line for each fault" "exit code $code, missing${missing:- nothing}: $(head -c 600 bad.log)"
    fi
}

bad_starts() {
    local root
    root=$(new_root)
    bad_start "a missing root" 1 "WebDav:Root: " --root "$work/none" --urls http://127.0.0.1:0
    bad_start "a file as root" 1 "WebDav:Root: " --root "$work/big" --urls http://127.0.0.1:0
    start_server http "$root"
    bad_start "a port in use" 1 "Urls: .*$base" --root "$(new_root)" --urls "$base"
    stop_server
    bad_start "an unknown option and a stray word" 2 $'--rooot: \nstray: ' --root "$root" --rooot=x stray
    bad_start "unknown settings" 2 $'WebDav:Rooot: \nKeepAlive:Intervall: ' --root "$root" --WebDav:Rooot=x --KeepAlive:Intervall=1
    bad_start "settings that are not what they must be" 2 $'.*KeepAlive:Interval\\b.*\n.*WebDav:Symlinks\\b.*\n.*Locks:MaximumTimeout\\b.*' \
        --root "$root" --urls http://127.0.0.1:0 --KeepAlive:Interval=soon --WebDav:Symlinks=Sometimes --Locks:MaximumTimeout=-1
    bad_start "the world as its listener and no word about the anonymous" 2 "Auth:Anonymous: " --root "$root" --urls http://0.0.0.0:0
    bad_start "https and no certificate" 2 "Kestrel:Certificates:Default:Path: " --root "$root" --urls https://127.0.0.1:0
}

need curl openssl xmlstarlet diff
in_one_piece
parts
conditions
stop_server
difficult_names
copy_of_a_tree
other_long_requests
over_tls
bad_starts
