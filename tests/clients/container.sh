#!/usr/bin/env bash
# The container: the Dockerfile is built, and its image is run as its users run it: as any user, on a root that cannot be written,
# with settings from the environment and secrets from files. It passes litmus whole, says that it is healthy, and ends in time with an
# upload under way. The composition of docs is put up with its own settings, and the unit for systemd is checked.
# With a Docker engine this is Docker and the real base images. Where there is none, buildah builds on stand-ins and podman runs it.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly image=localhost/webdavserver-test:$$
readonly user=12345:6789 password="a pass:word" login="alice:a pass:word"
containers=()

use_docker() {
    need docker
    engine=(docker) run_options=() read_only=(--read-only)
    build=(docker build --quiet --tag "$image" "$repository")
}

# A store of its own, so that nothing is left in the machine's.
use_podman() {
    local driver=overlay dotnet store
    need buildah podman debootstrap
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    podman --root "$work/overlay" --runroot "$work/run" --storage-driver overlay info >podman.log 2>&1 || driver=vfs
    store=(--root "$work/$driver" --runroot "$work/run" --storage-driver "$driver")
    check "stand-ins for the base images are made" "$repository/tests/clients/container/base-images.sh" "$repository/artifacts/containers" "${store[@]}"
    build=(buildah "${store[@]}" build --quiet --isolation chroot --pull-never --format docker --layers=false
        --platform "linux/$(dpkg --print-architecture)" --tag "$image"
        --volume "$dotnet:/usr/share/dotnet:ro" --volume /etc/ssl/certs:/etc/ssl/certs:ro --volume "$HOME/.nuget:/root/.nuget"
        --volume "${NUGET_PACKAGES:-$HOME/.nuget/packages}:/root/.nuget/packages" "$repository")

    # Low limits, as raising them can be forbidden.
    run_options=(--ulimit nofile=4096:4096 --ulimit nproc=4096:4096)
    read_only=(--read-only --read-only-tmpfs=false)
    engine=(podman "${store[@]}" --cgroup-manager cgroupfs)
}

# Which runtime can be used depends on how this machine has set up its control groups.
choose_runtime() {
    local runtime
    for runtime in crun runc; do
        if "${engine[@]}" --runtime "$runtime" run --rm "${run_options[@]}" --network none --entrypoint /bin/true "$image" >"$runtime.log" 2>&1; then
            engine+=(--runtime "$runtime")
            return
        fi
    done

    not_ok "a container can be run here" "$(tail -n 1 crun.log); $(tail -n 1 runc.log)"
    exit 1
}

# Starts a container in the background; sets container.
start_container() { # OPTION... [-- ARGUMENT...]
    local options=()
    while (($# > 0)) && [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done

    container=webdav-test-$$-${#containers[@]}
    containers+=("$container")
    "${engine[@]}" run --detach --name "$container" "${run_options[@]}" "${options[@]}" "$image" "${@:2}" >run.log 2>&1 || true
}

# Waits until a container's server listens; false if it has ended or does not.
listens() {
    local i
    for ((i = 0; i < 300; i++)); do
        if "${engine[@]}" logs "$container" 2>&1 | grep -q 'Application started'; then
            return
        fi

        [[ $(state Running) == true ]] || break
        sleep 0.1
    done

    cat run.log
    "${engine[@]}" logs "$container" 2>&1
    return 1
}

state() { # FIELD of the container's state
    "${engine[@]}" inspect --format "{{.State.$1}}" "$container" 2>/dev/null
}

# Waits until the container has ended by itself; sets code, and said to what it wrote.
ended() {
    local i
    for ((i = 0; i < 300; i++)); do
        [[ $(state Running) == true ]] || break
        sleep 0.1
    done

    code=$(state ExitCode)
    said=$("${engine[@]}" logs "$container" 2>&1)
}

# The check that the image names, in the container, as the engine runs it.
health() {
    local words
    mapfile -t words < <("${engine[@]}" inspect --format '{{json .Config.Healthcheck.Test}}' "$container" |
        /usr/bin/python3 -c 'import json, sys; print("\n".join(json.load(sys.stdin)[1:]))')
    "${engine[@]}" exec "$container" "${words[@]}"
}

# Tells a container to end, as docker stop does; sets code and milliseconds.
stop_container() {
    local begin
    begin=$(date +%s%3N)
    "${engine[@]}" kill --signal TERM "$container" >kill.log 2>&1 || true
    timeout 30 "${engine[@]}" wait "$container" >wait.log 2>&1 || true
    milliseconds=$(($(date +%s%3N) - begin))
    ended
}

# A directory that the container's user may write to, and nobody else but root.
data_directory() {
    local directory
    directory=$(new_root)
    chown "$user" "$directory"
    echo "$directory"
}

free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

the_image() {
    equal "the image's volumes are /data alone" '{"/data":{}}' "$("${engine[@]}" image inspect --format '{{json .Config.Volumes}}' "$image")"
    check "the image's user is not root" grep -qvE '^(0|root)?(:|$)' <("${engine[@]}" image inspect --format '{{.Config.User}}' "$image")
    start_container --network none
    ended
    equal "without a word on who is served it does not start" 2 "$code"
    check "and says which setting is missing" grep -q '^Auth:Anonymous: ' <<<"$said"
    start_container --network none --env Auth__Anonymous=ReadOnly "${read_only[@]}" --user "$user"
    check "with that word, and nothing else, it serves its volume" listens
    check "it is healthy at the address it has by default" health
    check "its volume can be written by any user, and nothing else can" "${engine[@]}" exec "$container" sh -c \
        'touch /data/x && rm /data/x && for place in / /app /tmp /etc; do ! touch "$place/x" 2>/dev/null || exit 1; done'
    stop_container
    equal "it ends with 0" 0 "$code"
    root=$(data_directory)
    start_container --network none --env Auth__Anonymous=ReadWrite "${read_only[@]}" --user "$user" --volume "$root:/data" \
        --env Serilog__WriteTo__0__Name=File --env Serilog__WriteTo__0__Args__path=/data/log- --env Serilog__WriteTo__0__Args__rollingInterval=Day \
        --env "Serilog__WriteTo__0__Args__formatter=Serilog.Formatting.Json.JsonFormatter, Serilog"
    check "what its settings name is in it: the log goes to a file, as JSON" logs_to "$root"
    stop_container
    start_container --network none --env Auth__Anonymous=ReadWrite "${read_only[@]}" --user "$user" --volume "$(new_root):/data"
    ended
    equal "on a directory that it may not write to it does not start" 1 "$code"
    equal "and says why in one line" "1 true" "$(wc -l <<<"$said") $(grep -q '/data' <<<"$said" && echo true)"
    start_container --network none --env Auth__Anonymous=ReadWrite --env WebDav__PathBase_FILE=/run/secrets/none --env Locks__Nothing=1
    ended
    equal "a secret that is not there and an unknown setting stop the start" "2 2" \
        "$code $(grep -cE '^(WebDav:PathBase_FILE|Locks:Nothing): ' <<<"$said")"
}

logs_to() { # DIRECTORY
    local i
    for ((i = 0; i < 100; i++)); do
        if grep -qs '"MessageTemplate":"Application started' "$1"/log-*; then
            return
        fi

        sleep 0.1
    done

    return 1
}

# litmus, against a server from which all is taken away that a cautious user takes away, with a password and a prefix from files.
conformance() {
    local port tests out
    port=$(free_port)
    root=$(data_directory)
    mkdir secrets
    "${engine[@]}" run --rm --interactive "${run_options[@]}" --network none "$image" hash-password >secrets/alice.hash 2>hash.log <<<"$password"
    check "it makes the hash of a password" grep -qE '^[A-Za-z0-9+/=]{40,}$' secrets/alice.hash
    printf /dav >secrets/prefix
    start_container --network host "${read_only[@]}" --user "$user" --cap-drop ALL --security-opt no-new-privileges \
        --volume "$root:/data" --volume "$work/secrets:/run/secrets:ro" --env "Urls=http://*:$port" \
        --env Auth__Users__0__Name=alice --env Auth__Users__0__PasswordHash_FILE=/run/secrets/alice.hash --env Auth__ClearText=Allowed \
        --env WebDav__PathBase_FILE=/run/secrets/prefix
    check "it starts as any user, on a root that cannot be written, without capabilities" listens
    check "it is healthy" health
    base=http://127.0.0.1:$port/dav
    equal "nobody gets in without the password" 401 "$(curl -s -o denied.out -w '%{http_code}' "$base/")"
    for tests in basic copymove props locks http; do
        out=litmus-$tests.out
        TESTS=$tests timeout 120 litmus -k "$base/" alice "$password" >"$out" 2>&1 || true
        check "litmus $tests passes whole" grep -qE 'summary for .*: of ([0-9]+) tests run: \1 passed, 0 failed' "$out"
        equal "litmus $tests skips nothing" 0 "$(grep -c SKIPPED "$out" || true)"
    done
}

# SIGTERM, while an upload that would take minutes is over a file.
end_with_an_upload() {
    local upload code_of_upload=0
    echo "as it was" >old
    check "a file is put" curl -fsS -u "$login" -o put.out -T old "$base/file"
    equal "what is put belongs to the container's user" "$user" "$(stat -c %u:%g "$root/file")"
    head -c 50000000 /dev/urandom >big
    curl -sS -u "$login" --limit-rate 200k -T big "$base/file" >upload.out 2>upload.log &
    upload=$!
    check "an upload is under way" staged
    stop_container
    wait "$upload" || code_of_upload=$?
    check "SIGTERM ends it within 5 s ($milliseconds ms)" test "$milliseconds" -lt 5000
    equal "it ends with 0" 0 "$code"
    check "the upload's client sees it fail (curl: $code_of_upload)" test "$code_of_upload" -ne 0
    check "the file is as it was" cmp old "$root/file"
    equal "nothing of the upload is left" 0 "$(find "$root/.webdav/staging" -type f | wc -l)"
    check "the log says why" grep -q 'PUT /dav/file .*the server ended first' <("${engine[@]}" logs "$container" 2>&1)
}

staged() {
    local i
    for ((i = 0; i < 100; i++)); do
        if [[ -n $(find "$root/.webdav/staging" -type f -size +0) ]]; then
            return
        fi

        sleep 0.1
    done

    return 1
}

# docs/docker-compose.yml and docs/haproxy.cfg, with the addresses of this test.
composition() {
    local port front options
    port=$(free_port)
    front=$(free_port)
    root=$(data_directory)
    make_tree "$root/tree" 30 100
    chown -R "$user" "$root"
    make_certificate
    cat cert.pem key.pem >site.pem
    cp "$repository/docs/docker-compose.yml" .
    check "docs/docker-compose.yml is YAML with the two services" /usr/bin/python3 - <<'PYTHON'
import yaml
services = yaml.safe_load(open("docker-compose.yml"))["services"]
assert set(services) == {"webdav", "haproxy"}, services
open("environment", "w").writelines(f"{name}={value}\n" for name, value in services["webdav"]["environment"].items())
PYTHON
    start_container --network none "${read_only[@]}" --env-file environment --volume "$work/secrets:/run/secrets:ro"
    check "the server knows every setting in it" listens
    stop_container
    options=(--volume "$work/secrets:/run/secrets:ro" --env "Urls=http://*:$port" --env KeepAlive__Proxies__0__Address=127.0.0.1
        --env KeepAlive__FirstAfter=00:00:00.05 --env KeepAlive__Interval=00:00:00.05)
    start_container --network host "${read_only[@]}" --user "$user" --volume "$root:/data" --env-file environment "${options[@]}"
    check "its server starts" listens
    sed -e "s|/run/secrets/site.pem|$work/site.pem|; s|bind :443|bind 127.0.0.1:$front|; /bind :80$/d" \
        -e "s|webdav:8080 check resolvers docker init-addr none|127.0.0.1:$port check|" "$repository/docs/haproxy.cfg" >haproxy.cfg
    check "docs/haproxy.cfg is right" haproxy -c -f haproxy.cfg
    haproxy -db -f haproxy.cfg >haproxy.log 2>&1 &
    base=https://127.0.0.1:$front
    check "HAProxy serves it over TLS" curl -fsk --retry 50 --retry-delay 1 --retry-all-errors --max-time 60 -o health.out "$base/.webdav/health"
    check "a file is put through HAProxy" curl -fsSk -u "$login" -o put.out -T old "$base/put"
    check "and moved, with a Destination as the client sees it" curl -fsSk -u "$login" -o move.out -X MOVE -H "Destination: $base/moved" "$base/put"
    check "and is there" cmp old "$root/moved"
    check "a long COPY gets 102s through HAProxy" sent_102 --http1.1
    check "and over HTTP/2" sent_102 --http2
    stop_container
}

sent_102() { # CURL-OPTION
    curl -sSk "$1" -u "$login" -D head -o copy.out --max-time 120 -X COPY -H "Destination: $base/copy$1/" "$base/tree/"
    grep -qE '^HTTP/[0-9.]+ 102' head && grep -qE '^HTTP/[0-9.]+ 201' head && diff -r "$root/tree" "$root/copy$1"
}

# The unit, with a program that is here in place of the one that is installed.
service() {
    sed -E 's|^ExecStart=.*|ExecStart=/bin/true|' "$repository/docs/webdavserver.service" >webdavserver.service
    systemd-analyze verify "$work/webdavserver.service" >verify.log 2>&1 || true
    equal "systemd has nothing against docs/webdavserver.service" "" "$(grep -F webdavserver.service verify.log || true)"
}

# Stops what runs and removes what was built, whatever has happened.
clean_up() {
    local code=$? name
    for name in "${containers[@]}"; do
        "${engine[@]}" logs "$name" >"$name.log" 2>&1
        "${engine[@]}" rm --force --volumes "$name" >>rm.log 2>&1
    done

    "${engine[@]}" image rm --force "$image" >>rm.log 2>&1
    return $code
}

need litmus curl openssl /usr/bin/python3 haproxy systemd-analyze
if docker info >docker.log 2>&1; then
    use_docker
else
    use_podman
fi

trap 'set +e; clean_up; finish' EXIT
check "the Dockerfile is built" timeout 500 "${build[@]}"
if [[ ${engine[0]} == podman ]]; then
    choose_runtime
fi

the_image
conformance
end_with_an_upload
composition
service
