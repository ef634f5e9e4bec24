#!/usr/bin/env bash
# nginx, Apache and HAProxy in front of the server, each with TLS and a prefix that it keeps or takes away, configured as
# docs/proxies.md says: litmus through each of them, and what curl gets back.
source "$(dirname "${BASH_SOURCE[0]}")/fronts.bash"
source "$repository/tests/clients/litmus.bash"

readonly page=$repository/docs/proxies.md
readonly client=127.0.0.2 spoofed=203.0.113.9 origin=https://app.keeweb.info
readonly curl=(curl -sSk --noproxy '*' --max-time 60)

# A block of the page.
block() { # LANGUAGE NUMBER
    awk -v fence="\`\`\`$1" -v number="$2" '
        $0 == fence { seen++; inside = seen == number; next }
        $0 == "```" { inside = 0 }
        inside' "$page"
}

# The page's configuration of a proxy, for the ports and files that there are here.
configuration() { # PROXY kept|stripped PORT
    {
        if [[ $2 == kept ]]; then
            block "$1" 1
        else
            block "$1" 2 >instead
            block "$1" 1 | sed -e '/127\.0\.0\.1:8080/ { r instead' -e 'd }'
        fi
    } | sed -e "s|127\.0\.0\.1:8080|${base#http://}|" -e "s|/etc/ssl/|$work/|" \
        -e "s|listen 443 |listen 127.0.0.1:$3 |" -e "s|\*:443>|127.0.0.1:$3>|" -e "s|bind :443 |bind 127.0.0.1:$3 |"
}

# A server with the page's settings for such proxies, and one of each in front.
start_fronts() { # kept|stripped JSON-BLOCK
    local kind=$1 ports
    mapfile -t ports < <(free_ports 3)
    block json "$2" >appsettings.json
    root=$(new_root)
    start_server http "$root" --WebDav:CorsOrigins:0="$origin"
    nginx_in_front "$(configuration nginx "$kind" "${ports[0]}")"

    # No pipes: what is begun in one is not this shell's to end.
    apache_in_front "apache-$kind" "${ports[1]}" < <(configuration apache "$kind" "${ports[1]}")
    haproxy_in_front "haproxy-$kind" < <(configuration haproxy "$kind" "${ports[2]}")
    fronts=([nginx]=https://127.0.0.1:${ports[0]}/dav [apache]=https://127.0.0.1:${ports[1]}/dav [haproxy]=https://127.0.0.1:${ports[2]}/dav)
    wait_for "${fronts[@]}"
}

field() { # NAME of a field of the last response
    tr -d '\r' <head | sed -n "s/^$1: //Ip" | tail -n 1
}

# Sends a request from an address that is nobody's proxy; the check is its status.
answers() { # NAME STATUS CURL-ARGUMENT...
    local name=$1 expected=$2
    shift 2
    equal "$name: $expected" "$expected" "$("${curl[@]}" --interface "$client" -o body -D head -w '%{http_code}' "$@" 2>&1 | tail -n 1)"
}

# What the last request for a path was logged with.
logged_from() { # PATTERN
    local i from=""
    for ((i = 0; i < 50 && ${#from} == 0; i++)); do
        from=$(sed -nE "s#.* INF $1 [0-9]+ in .*, from ([^ ,:]*).*#\1#p" "$server_log" | tail -n 1)
        [[ -n $from ]] || sleep 0.1
    done
    echo "$from"
}

hrefs() { # ELEMENT that holds them
    xmlstarlet sel -N D=DAV: -t -m "//D:$1/D:href" -v . -n body 2>xml.log | sort | xargs
}

# What a client sees behind a proxy: nothing that it is there.
through() { # NAME URL
    local name=$1 url=$2 moved=moved-${1%% *} suite token operation
    for suite in basic copymove locks; do
        run_litmus "$name" "$suite" "$url"
    done

    answers "$name: MKCOL" 201 -X MKCOL "$url/a%20%23%25/"
    answers "$name: PUT of 3 MB" 201 -T big "$url/a%20%23%25/big"
    answers "$name: PUT in chunks" 201 -H 'Transfer-Encoding: chunked' -T big "$url/a%20%23%25/chunked"
    check "$name: what was put lies in the root" cmp big "$root/a #%/big"
    check "$name: so does what came in chunks" cmp big "$root/a #%/chunked"
    answers "$name: PROPFIND" 207 -X PROPFIND -H 'Depth: 1' "$url/a%20%23%25/"
    equal "$name: hrefs are under the prefix" "/dav/a%20%23%25/ /dav/a%20%23%25/big /dav/a%20%23%25/chunked" "$(hrefs response)"

    answers "$name: LOCK" 200 -X LOCK --data-binary @lock.xml "$url/a%20%23%25/big"
    token=$(field lock-token)
    equal "$name: so is the root of a lock" "/dav/a%20%23%25/big" "$(hrefs lockroot)"
    answers "$name: MOVE without the token" 423 -X MOVE -H "Destination: $url/$moved" "$url/a%20%23%25/big"
    answers "$name: MOVE elsewhere" 502 -X MOVE -H "Destination: https://elsewhere.example/dav/moved" "$url/a%20%23%25/big"
    answers "$name: MOVE with it, to an https URL" 201 -X MOVE -H "Destination: $url/$moved" -H "If: <$url/a%20%23%25/big> ($token)" "$url/a%20%23%25/big"
    check "$name: MOVE moved" cmp big "$root/$moved"

    answers "$name: COPY that is not waited for" 202 -X COPY -H 'Prefer: respond-async' -H "Destination: $url/copy/" "$url/a%20%23%25/"
    operation=$(field location)
    check "$name: its Location is under the prefix" grep -q '^/dav/\.webdav/operations/' <<<"$operation"
    answers "$name: and is found there" 200 "${url%/dav}$operation"
    check "$name: as are its links" grep -qF "\"self\":\"$operation\"" body

    answers "$name: preflight" 204 -X OPTIONS -H "Origin: $origin" -H 'Access-Control-Request-Method: PROPFIND' "$url/"
    equal "$name: a page may come" "$origin" "$(field access-control-allow-origin)"
    answers "$name: GET" 200 -H "Origin: $origin" -H "X-Forwarded-For: $spoofed" "$url/$moved"
    check "$name: the page may read the ETag" grep -qiE '^access-control-expose-headers:.*\bETag\b' head
    equal "$name: the log has the client's address, whatever it said itself" "$client" "$(logged_from 'GET [^ ]*/'"$moved")"
    answers "$name: DELETE" 204 -X DELETE "$url/$moved"
    answers "$name: DELETE of a collection" 204 -X DELETE "$url/a%20%23%25/"
    answers "$name: DELETE of the copy" 204 -X DELETE "$url/copy/"
}

need nginx apache2 haproxy litmus curl openssl xmlstarlet "$python"
make_certificate
cp cert.pem files.crt
cp key.pem files.key
cat cert.pem key.pem >files.pem
head -c 3000000 /dev/urandom >big
cat >lock.xml <<'XML'
<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>
XML

# nginx that takes a prefix away reads the path and writes it anew, and the fragment that litmus sends is gone.
{
    cat "$allowed"
    echo "basic delete_fragment nginx cuts it off"
} >rewritten.allowed

declare -A fronts
for kind in kept stripped; do
    start_fronts "$kind" "$([[ $kind == kept ]] && echo 1 || echo 2)"
    for proxy in nginx apache haproxy; do
        [[ $proxy-$kind != nginx-stripped ]] || allowed=$work/rewritten.allowed
        through "$proxy with the prefix $kind" "${fronts[$proxy]}"
        allowed=$repository/tests/clients/litmus.allowed
    done

    answers "past the proxies, with the prefix $kind" 404 -H "X-Forwarded-For: $spoofed" -H 'X-Forwarded-Prefix: /other' "$base/direct"
    equal "who is no proxy is not believed" "$client" "$(logged_from 'GET /direct')"
done
