#!/usr/bin/env bash
# Measures this server beside Apache, nginx, lighttpd, rclone and Go's x/net, each on file systems of its own, and writes
# docs/performance.md with its plots. What can be chosen: run.sh --help. It needs Debian and root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
export PATH=$PATH:/usr/sbin:/sbin DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
readonly server=artifacts/benchmark/server

main() {
    case " $* " in
    *" --help "* | *" -h "* | *" --page-only "* | *" --ours "*) ;;
    *)
        install_missing
        publish
        ;;
    esac
    exec python3 -B "$here" "$@"
}

# A program, or a file by its path, and the package that has it.
install_missing() {
    local program package packages=() policy=/usr/sbin/policy-rc.d
    while read -r program package; do
        command -v "$program" >/dev/null || compgen -G "$program" >/dev/null || packages+=("$package")
    done <<'LIST'
apache2 apache2-bin
nginx nginx
/usr/lib/nginx/modules/ngx_http_dav_ext_module.so libnginx-mod-http-dav-ext
lighttpd lighttpd
/usr/lib/lighttpd/mod_webdav.so lighttpd-mod-webdav
rclone rclone
go golang-go
/usr/share/gocode/src/golang.org/x/net/webdav golang-golang-x-net-dev
wrk wrk
curl curl
python3 python3
mkfs.xfs xfsprogs
mkfs.btrfs btrfs-progs
LIST
    if ((${#packages[@]} == 0)); then
        return
    fi

    # The servers are started by the benchmark: no service is to begin because its package has come.
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        trap 'rm -f "$policy"' EXIT
    fi

    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}"
    trap - EXIT
}

# As the image has it. The lock file of this platform is not the one that is committed.
publish() {
    rm -rf "$server"
    dotnet publish src/WebDavServer --configuration Release --runtime "linux-$(architecture)" --verbosity quiet -p:Standalone=true \
        -p:RunAnalyzers=false -p:NuGetLockFilePath=obj/publish.lock.json --output "$server"
}

architecture() {
    case $(uname -m) in
    aarch64) echo arm64 ;;
    *) echo x64 ;;
    esac
}

main "$@"
