#!/usr/bin/env bash
# Three servers on one directory, over PostgreSQL: litmus with each request at the next of them, by HAProxy, and then what they promise
# together, in scaling/.  `scaling.sh [ROUNDS]`: how often the races are run; 60 by default, 5000 for a long campaign.
source "$(dirname "${BASH_SOURCE[0]}")/fronts.bash"
source "$repository/tests/clients/litmus.bash"
source "$repository/tests/clients/postgres.bash"

rounds=${1:-60}

need litmus curl haproxy psql openssl
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || need initdb
start_postgres
export State__Provider=PostgreSql State__ConnectionString=$connection
root=$(new_root)
ports=()
for name in a b c; do
    start_server http "$root"
    ports+=("${base##*:}")
    declare "pid_$name=$server_pid" "log_$name=$server_log"
done

port=$(free_ports 1)
haproxy_in_front haproxy <<CONFIGURATION
defaults
    mode http
    timeout connect 5s
    timeout client 1m
    timeout server 1m
frontend web
    bind 127.0.0.1:$port
    default_backend webdav
backend webdav
    balance roundrobin
    http-reuse always
    server a 127.0.0.1:${ports[0]}
    server b 127.0.0.1:${ports[1]}
    server c 127.0.0.1:${ports[2]}
CONFIGURATION
proxy=$!
wait_for "http://127.0.0.1:$port"
for tests in basic copymove props locks http; do
    run_litmus "litmus over three servers" "$tests" "http://127.0.0.1:$port"
done

for name in a b c; do
    log=log_$name
    check "server $name has answered a third of litmus" test "$(grep -cE ' INF [A-Z]+ [^ ]+ [0-9]{3} in ' "${!log}")" -gt 50
done

kill -TERM "$proxy"
wait "$proxy" 2>/dev/null || true
for name in a b c; do
    pid=pid_$name log=log_$name
    server_pid=${!pid} server_log=${!log}
    stop_server_clean '[1-4][0-9]{2}'
done

# The set-ups of docs/scaling: they are what they say, and the server knows every setting in them.
check "docs/scaling/docker-compose.yml and kubernetes.yml are YAML with three servers" "$python" - "$repository/docs/scaling" <<'PYTHON'
import sys, yaml
composed = yaml.safe_load(open(f"{sys.argv[1]}/docker-compose.yml"))["services"]
servers = [name for name in composed if name.startswith("webdav")]
parts = list(yaml.safe_load_all(open(f"{sys.argv[1]}/kubernetes.yml")))
deployment = next(part for part in parts if part["kind"] == "Deployment")["spec"]
assert len(servers) == deployment["replicas"] == 3, servers
assert {"postgres", "haproxy"} < set(composed), composed
container = deployment["template"]["spec"]["containers"][0]
names = {name for server in servers for name in composed[server]["environment"]} | {variable["name"] for variable in container["env"]}
open("settings", "w").writelines(f"{name}\n" for name in sorted(names))
PYTHON
dotnet "$server_dll" --help >help.out
unknown=$(sed 's/_FILE$//; s/__/:/g; s/:[0-9]\+/:*/g' settings | while read -r key; do grep -qF "  $key " help.out || echo "$key"; done)
equal "the server knows every setting in them" "" "$unknown"
sed -e "s|/run/secrets/site.pem|$work/site.pem|; s| resolvers docker init-addr none||; s|webdav-[abc]:8080|127.0.0.1:8080|" \
    "$repository/docs/scaling/haproxy.cfg" >documented.cfg
make_certificate
cat cert.pem key.pem >site.pem
check "docs/scaling/haproxy.cfg is right" haproxy -c -f documented.cfg

# How the campaign brings PostgreSQL back; this shell waits for it.
cat >"$work/postmaster.pid.start" <<START
#!/bin/sh
touch '$work/start'
START
chmod +x "$work/postmaster.pid.start"
ln -s "$postgres_dir/data/postmaster.pid" "$work/postmaster.pid"

"$python" -B "$repository/tests/clients/scaling" --server "$server_dll" --root "$(new_root)" --connection "$connection" \
    --database "$postgres_dir" --log "$work/server" --rounds "$rounds" --postmaster "$work/postmaster.pid" >scaling.out 2>scaling.log &
campaign=$!
while kill -0 "$campaign" 2>/dev/null; do
    if [[ -e $work/start ]]; then
        rm "$work/start"
        start_postgres
    fi

    sleep 0.2
done

code=0
wait "$campaign" || code=$?
take_promises scaling.out scaling.log "$code" "the campaign runs to its end"
