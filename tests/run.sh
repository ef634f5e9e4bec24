#!/usr/bin/env bash
# Installs the outside programs that the tests need, builds once, and runs every test: those of the solution, then every script of
# tests/clients and tests/reliability against a real server. The results lie in artifacts/test-results; the last line says how many
# passed and failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly results=$PWD/artifacts/test-results
readonly build_seconds=1200 test_seconds=1800 client_seconds=900
passed=0 failed=0 skipped=0

export PATH=$PATH:/usr/sbin:/sbin
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 RESULTS=$results

main() {
    rm -rf "$results"
    mkdir -p "$results"
    install_missing
    if timeout "$build_seconds" dotnet build WebDavServer.sln -c Release; then
        run_solution
        for script in tests/clients/*.sh tests/reliability/*.sh; do
            if [[ -x $script ]]; then
                run_client "$script"
            fi
        done
    else
        fail "the build failed"
    fi

    summary
}

# A program, or a file by its path, and the package that has it. One that cannot be installed is not the end here: the script that
# needs it counts as failed and says which it is.
install_missing() {
    local program package packages=() as_root=() policy=/usr/sbin/policy-rc.d
    while read -r program package; do
        command -v "$program" >/dev/null || compgen -G "$program" >/dev/null || packages+=("$package")
    done <<'LIST'
litmus litmus
cadaver cadaver
curl curl
openssl openssl
xmlstarlet xmlstarlet
diff diffutils
mkfs.xfs xfsprogs
mkfs.btrfs btrfs-progs
nghttp nghttp2-client
h2load nghttp2-client
/usr/bin/python3 python3
/usr/lib/python3/dist-packages/requests python3-requests
lwp-request libwww-perl
php php-cli
/etc/php/*/cli/conf.d/*curl.ini php-curl
node nodejs
javac default-jdk-headless
go golang-go
rclone rclone
fusermount3 fuse3
/usr/lib/python3/dist-packages/fuse.py python3-fuse
mount.davfs davfs2
/usr/lib/*/gio/modules/libgvfsdbus.so gvfs
/usr/libexec/gvfsd-dav gvfs-backends
/usr/libexec/gvfsd-fuse gvfs-fuse
gio libglib2.0-bin
dbus-daemon dbus-daemon
rsync rsync
git git
sqlite3 sqlite3
tar tar
haproxy haproxy
/usr/lib/postgresql/*/bin/initdb postgresql
psql postgresql-client
apache2 apache2-bin
nginx nginx
buildah buildah
podman podman
crun crun
runc runc
debootstrap debootstrap
systemd-analyze systemd
fail2ban-regex fail2ban
/usr/bin/chromium chromium
npm npm
wrk wrk
/usr/lib/python3/dist-packages/yaml python3-yaml
LIST
    if ((${#packages[@]} == 0)); then
        return
    fi

    if ((EUID != 0)); then
        as_root=(sudo -n)
    fi

    # The tests start what they need themselves: no service is to begin because its package has come.
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null && "${as_root[@]}" chmod +x "$policy" || true
    else
        policy=""
    fi

    echo "installing ${packages[*]}"
    timeout 300 "${as_root[@]}" apt-get update -q || echo "apt-get update failed"
    timeout 900 "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}" ||
        echo "apt-get install failed"
    if [[ -n $policy ]]; then
        "${as_root[@]}" rm -f "$policy"
    fi
}

run_solution() {
    local code=0 before=$failed trx counted=0
    timeout "$test_seconds" dotnet test WebDavServer.sln -c Release --no-build \
        --results-directory "$results" --logger "trx;LogFilePrefix=dotnet" || code=$?
    for trx in "$results"/*.trx; do
        if [[ -e $trx ]]; then
            count_trx "$trx"
            counted=1
        fi
    done

    if ((counted == 0)); then
        fail "dotnet test ended with $code and left no results"
    elif ((code != 0 && failed == before)); then
        fail "dotnet test ended with $code, though no test failed"
    fi
}

count_trx() {
    local counters total
    counters=$(grep -o '<Counters [^>]*>' "$1" || true)
    total=$(counter total)
    if [[ -z $total ]]; then
        fail "$1 has no counters"
        return
    fi

    passed=$((passed + $(counter passed)))
    failed=$((failed + $(counter failed) + $(counter error) + $(counter timeout) + $(counter aborted)))
    skipped=$((skipped + total - $(counter executed)))
}

# One number of the line `counters`.
counter() {
    sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"
}

run_client() {
    local name code=0 tap good bad left plan
    name=$(basename "$1" .sh)
    tap=$results/$name.tap
    echo
    echo "== $name"
    timeout --kill-after=20 "$client_seconds" "$1" </dev/null || code=$?
    touch "$tap"
    good=$(grep -c '^ok ' "$tap" || true)
    left=$(grep -c '^ok .* # SKIP' "$tap" || true)
    bad=$(grep -c '^not ok ' "$tap" || true)
    plan=$(sed -n 's/^1\.\.\([0-9][0-9]*\)$/\1/p' "$tap")
    passed=$((passed + good - left))
    skipped=$((skipped + left))
    failed=$((failed + bad))
    if [[ -z $plan || $plan -eq 0 || $plan -ne $((good + bad)) ]]; then
        fail "$name ended with $code before its end: $((good + bad)) checks, ${plan:-no} planned"
    elif ((code != 0 && bad == 0)); then
        fail "$name ended with $code, though no check failed"
    fi
}

fail() {
    echo "not ok $1"
    failed=$((failed + 1))
}

summary() {
    local line="$passed passed, $failed failed"
    if ((skipped > 0)); then
        line+=", $skipped skipped"
    fi

    echo
    (cd "$results" && grep -H '^not ok ' -- *.tap 2>/dev/null) || true
    echo "$line"
    ((failed == 0 && passed > 0))
}

main
