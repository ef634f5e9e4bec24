#!/usr/bin/env bash
# Requests through HAProxy, Apache and nginx, each ten times longer than the proxy's own time-out lets it wait in silence, or with ten
# times as many 102s due as it takes. They run side by side; each check says by what its request lives.
source "$(dirname "${BASH_SOURCE[0]}")/long.bash"

# Each proxy's time-out, and what an operation lasts.
limit=2
readonly lasts=20

# For those with a time-out, 102s by which a clock can be set; for Apache, which takes nine of them, many.
readonly calm=(--KeepAlive:FirstAfter=00:00:00.2 --KeepAlive:Interval=00:00:00.2)
readonly often=(--KeepAlive:FirstAfter=00:00:00.2 --KeepAlive:Interval=00:00:00.01)

need curl haproxy apache2 nginx rclone java javac "$python"
make_source
javac -d . "$programs/Client.java" >javac.log 2>&1 || not_ok "Client.java is built" "$(tail -n 3 javac.log)"
start_slow_server $((lasts + 1)) "${often[@]}" --KeepAlive:Maximum=1000000 \
    --KeepAlive:Proxies:0:Address=127.0.0.1 --KeepAlive:Proxies:0:Maximum=9
known_base=$base known_root=$root
start_slow_server $((lasts + 1)) "${calm[@]}" --KeepAlive:Maximum=1000000
{
    read -r haproxy
    read -r haproxy_forwarding
    read -r apache
    read -r nginx_10
    read -r nginx_11
    read -r apache_known
} < <(free_ports 6)
haproxy_in_front haproxy <<CFG
defaults
    mode http
    timeout connect 5s
    timeout client 100s
    timeout server ${limit}s
listen plain
    bind 127.0.0.1:$haproxy
    server webdav ${base#http://}
listen forwarding
    bind 127.0.0.1:$haproxy_forwarding
    option forwardfor
    server webdav ${base#http://}
CFG
apache_in_front apache "$apache" <<CONF
ProxyTimeout $limit
ProxyPreserveHost On
ProxyPass / $base/
CONF
apache_in_front apache-known "$apache_known" <<CONF
ProxyTimeout 100
ProxyPreserveHost On
ProxyPass / $known_base/
CONF
nginx_in_front "$(nginx_plain "$nginx_10") $(nginx_usual "$nginx_11")"
wait_for "http://127.0.0.1:"{"$haproxy","$haproxy_forwarding","$apache","$nginx_10","$nginx_11","$apache_known"}

export HOME=$work RCLONE_CONFIG=$work/rclone.conf
touch rclone.conf

# The clients that are tried through a proxy: one that asks for 202, one that tries again, and one that gets its 207 early.
through() { # NAME PORT
    local from=http://127.0.0.1:$2/{}/ to=http://127.0.0.1:$2/{}-copy/
    begin "$1-202" "$examples/copy-202.sh" "$from" "$to"
    begin "$1-join" "${curl[@]}" --retry 60 --retry-delay 1 -X COPY -H "Destination: $to" "$from"
    if [[ $1 != nginx-10 ]]; then # An answer over HTTP/1.0 could end early unseen: none is begun early.
        begin "$1-207" "$python" "$programs/python.py" requests "$limit" "$from" "$to"
    fi
}

readonly curl=(curl -sS -o '{}.body' -w '%{http_code}\n')
plain=http://127.0.0.1:$haproxy forwarding=http://127.0.0.1:$haproxy_forwarding
begin haproxy-102 "${curl[@]}" -X COPY -H "Destination: $plain/{}-copy/" "$plain/{}/"
begin haproxy-option "${curl[@]}" -A '' -H 'Connection: Keep-Alive, 102-Processing' -X COPY -H "Destination: $forwarding/{}-copy/" \
    "$forwarding/{}/"
through haproxy "$haproxy_forwarding"
through apache "$apache"
through nginx-10 "$nginx_10"
through nginx-11 "$nginx_11"
begin rclone-join rclone purge ":webdav,vendor=other,url='http://127.0.0.1:$nginx_11':{}" -v --retries 1 --low-level-retries 60
begin java-207 java -cp . Client delete "$limit" "http://127.0.0.1:$nginx_11/{}/"

root=$known_root
begin apache-102 "${curl[@]}" -X COPY -H "Destination: http://127.0.0.1:$apache_known/{}-copy/" "http://127.0.0.1:$apache_known/{}/"
await_all

copied() { # DESCRIPTION NAME SAID 102S
    judge "$1" "$2" "$lasts" "$3" "$4" COPY
}

copied "HAProxy with a time-out of $limit s, by the 102s that it passes on" haproxy-102 201 some
copied "HAProxy that says whom it forwards for, by the 102s that Connection: 102-Processing asks for" haproxy-option 201 some
for proxy in haproxy apache nginx-10 nginx-11; do
    copied "$proxy with a time-out of $limit s, by 202 and questions" "$proxy-202" 201 0
    copied "$proxy with a time-out of $limit s, by a client that joins at each retry" "$proxy-join" 201 0
    if [[ $proxy != nginx-10 ]]; then
        copied "$proxy and requests with a time-out of $limit s each, by a 207 that is begun early" "$proxy-207" '201 in a 207' 0
    fi
done

judge "nginx-11 and rclone, which joins at each retry" rclone-join "$lasts" '' 0 DELETE
judge "nginx-11 and HttpURLConnection with a time-out of $limit s each, by a 207 that is begun early" \
    java-207 "$lasts" '204 in a 207' 0 DELETE
copied "Apache, which takes 9 interim responses, by no more 102s than that from a server that was told of it" apache-102 201 9
