# shellcheck shell=bash
# What the scripts with proxies in front of the server share.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly python=/usr/bin/python3
export PATH=$PATH:/usr/sbin:/sbin
nginxes=0

# How long the proxies wait.
limit=60

# Free ports of the loopback, one a line.
free_ports() { # COUNT
    "$python" -c '
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets), sep="\n")' "$1"
}

# Waits until something answers at each URL.
wait_for() { # URL...
    local url
    for url; do
        if ! curl -sSk -o wait.out --retry 50 --retry-connrefused --retry-delay 0 --retry-max-time 30 "$url/.webdav/health" 2>wait.log; then
            not_ok "$url answers" "$(cat wait.log)"
            exit 1
        fi
    done
}

# Starts an nginx with the servers that belong in its configuration.
nginx_in_front() { # SERVERS
    local conf
    nginxes=$((nginxes + 1))
    conf=$work/nginx-$nginxes.conf
    mkdir -p nginx
    cat >"$conf" <<CONF
daemon off;
master_process off;
error_log $work/nginx.log;
pid $work/nginx-$nginxes.pid;
events {}
http {
    access_log $work/nginx-access.log;
    client_body_temp_path $work/nginx/body;
    proxy_temp_path $work/nginx/proxy;
    fastcgi_temp_path $work/nginx/fastcgi;
    uwsgi_temp_path $work/nginx/uwsgi;
    scgi_temp_path $work/nginx/scgi;
    proxy_read_timeout ${limit}s;
    $1
}
CONF
    nginx -p "$work/nginx" -c "$conf" -e "$work/nginx-start.log" >"nginx-$nginxes.out" 2>&1 </dev/null &
}

# Starts an Apache with the directives that come on stdin.
apache_in_front() { # NAME PORT
    {
        cat <<CONF
ServerRoot $work
PidFile $work/$1.pid
DefaultRuntimeDir $work
Mutex posixsem
ErrorLog $work/$1.log
ServerName localhost
Listen 127.0.0.1:$2
User www-data
Group www-data
CONF
        printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' \
            {mpm_event,authz_core,headers,ssl,proxy,proxy_http}{,}
        cat
    } >"$1.conf"
    apache2 -f "$work/$1.conf" -D FOREGROUND >"$1.out" 2>&1 </dev/null &
}

# Starts a HAProxy with the configuration that comes on stdin.
haproxy_in_front() { # NAME
    cat >"$1.cfg"
    haproxy -db -f "$1.cfg" >"$1.log" 2>&1 </dev/null &
}
