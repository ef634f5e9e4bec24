#!/usr/bin/env bash
# HTTP/2, over TLS and with prior knowledge on the clear-text port: long requests of curl and nghttp, which must show `102 Processing`
# in frames of their own and end with the right status and the right tree, alone and many at once on one connection (h2load).
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly all_then_created='^(HTTP/2 102 )*HTTP/2 201$' last_headers='^HEADERS [0-9]+ 0x05$'
readonly many_connections=2 many_streams=10 many_requests=40

# A COPY by curl: at least two 102s, then 201, all over HTTP/2, and the same tree.
curl_copies() { # NAME TARGET OPTION...
    local name=$1 target=$2 code=0 statuses interim
    shift 2
    curl -sSk --noproxy '*' --max-time 300 -X COPY -H "Destination: $base/$target/" -D head -o body "$@" "$base/tree/" 2>curl.log || code=$?
    touch head
    statuses=$(tr -d '\r' <head | sed -n 's|^\(HTTP/[0-9.]*\) \([0-9]*\).*|\1 \2|p')
    interim=$(grep -c '^HTTP/2 102$' <<<"$statuses" || true)
    if ((code == 0 && interim >= 2)) && [[ $(xargs <<<"$statuses") =~ $all_then_created ]]; then
        ok "$name: $interim times 102, then 201"
    else
        not_ok "$name: at least 2 times 102, then 201" "curl ended with $code: $(xargs <<<"$statuses" | cut -c1-60) $(tail -n 1 curl.log)"
    fi

    check "$name made the same tree" diff -r many "$root/$target"
}

# The same by nghttp, which prints each frame it gets; it is no known client, so it asks.
nghttp_copies() { # NAME TARGET
    local name=$1 target=$2 code=0 frames
    nghttp -nv --no-dep -H ':method: COPY' -H "destination: $base/$target/" -H 'prefer: processing' "$base/tree/" >nghttp.log 2>&1 || code=$?
    frames=$(sed -n 's/^.*recv \([A-Z_]*\) frame <length=\([0-9]*\), flags=\(0x[0-9a-f]*\), stream_id=\([1-9][0-9]*\)>.*$/\1 \2 \3/p' nghttp.log)
    equal "$name: nghttp ends well" 0 "$code"
    if [[ $(grep -c '^HEADERS [0-9]* 0x04$' <<<"$frames") -ge 2 && $(grep -v '^HEADERS [0-9]* 0x04$' <<<"$frames" | xargs) =~ $last_headers ]]; then
        ok "$name: HEADERS for each 102, then HEADERS that end the stream, and no other frame"
    else
        not_ok "$name: HEADERS for each 102, then HEADERS that end the stream, and no other frame" "$(uniq -c <<<"$frames" | xargs)"
    fi

    equal "$name: the last status" ":status: 201" "$(sed -n 's/^.*recv (stream_id=[0-9]*) \(:status: [0-9]*\).*$/\1/p' nghttp.log | tail -n 1)"
    check "$name made the same tree" diff -r many "$root/$target"
}

# Large answers, many at once on one connection, with 102s in between. h2load takes the first status of a stream for the last, so what
# counts is that every stream ended as it should and that all of the bodies came.
h2load_lists() { # NAME
    local name=$1 code=0 length interim
    length=$(curl -sk --noproxy '*' -X PROPFIND -H 'Depth: infinity' "$base/few/" | wc -c)
    h2load -n "$many_requests" -c "$many_connections" -m "$many_streams" -H ':method: PROPFIND' -H 'depth: infinity' -H 'prefer: processing' \
        "$base/few/" >h2load.out 2>h2load.log || code=$?
    equal "$name: every stream ends well" "requests: $many_requests total, $many_requests started, $many_requests done, $many_requests succeeded, 0 failed, 0 errored, 0 timeout" \
        "$(grep '^requests:' h2load.out)"
    equal "$name: every body is whole" "$((length * many_requests))" "$(sed -n 's/^traffic:.* (\([0-9]*\)) data$/\1/p' h2load.out)"
    interim=$(grep -c 'PROPFIND /few/ 207 .* times 102 (asked for)' "$server_log" || true)
    if ((interim >= many_requests / 4)); then
        ok "$name: $interim of $many_requests got 102s"
    else
        not_ok "$name: at least a quarter got 102s" "$interim of $many_requests"
    fi
}

everything() { # SCHEME NAME CURL-OPTION
    curl_copies "COPY by curl, $2" "by-curl-$1" "$3"
    nghttp_copies "COPY by nghttp, $2" "by-nghttp-$1"
    h2load_lists "PROPFIND by h2load, $2"
}

need curl nghttp h2load openssl diff
root=$(new_root)
make_tree many 100 100
make_tree few 50 100
cp -r many "$root/tree"
cp -r few "$root/few"
often=(--KeepAlive:FirstAfter=00:00:00.01 --KeepAlive:Interval=00:00:00.01 --WebDav:PropFindAnswer=Held
    --Limits:DeepPropFindsPerUser="$many_requests")

start_server http "$root" "${often[@]}"
everything http "prior knowledge" --http2-prior-knowledge
equal "HTTP/1.1 is spoken on the same port" "1.1 200" "$(curl -s --noproxy '*' -o body -w '%{http_version} %{http_code}' "$base/tree/collection%200/file%200.txt")"
stop_server
equal "the server stops when told to, with exit code 0" 0 "$server_code"

make_certificate
start_server https "$root" "${often[@]}" --Kestrel:Certificates:Default:Path=cert.pem --Kestrel:Certificates:Default:KeyPath=key.pem
everything https "TLS" --http2
stop_server
