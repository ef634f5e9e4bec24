#!/usr/bin/env bash
# Makes stand-ins for the .NET images that the Dockerfile begins with, for a machine on which images cannot be pulled: a small system
# of this machine's own release, to which the build brings this machine's own SDK. They lie under the same names in the store that is
# given; the small system is kept as an archive in the directory CACHE, for the next run.
# Usage: base-images.sh CACHE STORE-OPTION...   as in --root DIRECTORY --storage-driver overlay
set -euo pipefail

readonly cache=$1 store=("${@:2}")
readonly system=localhost/webdavserver-test-system
readonly sdk=mcr.microsoft.com/dotnet/sdk:10.0 base=mcr.microsoft.com/dotnet/runtime-deps:10.0
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
archive=$cache/system-$release.tar
work=$(mktemp -d "${TMPDIR:-/tmp}/webdav-images-XXXXXX")
container=""
trap finish EXIT

finish() {
    if [[ -n $container ]]; then
        buildah "${store[@]}" rm "$container" >/dev/null
    fi

    rm -rf "$work"
}

# The release and the mirror that apt has here, through the same proxy.
make_system() {
    local mirror proxy=""
    mirror=$(apt-get indextargets --format '$(REPO_URI)' "Release: $release" 'Identifier: Packages' | head -n 1)
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    if [[ -n $proxy ]]; then
        export http_proxy=$proxy
    fi

    mkdir "$work/system"
    # openssl for the library that .NET loads, which is named otherwise in each release.
    debootstrap --variant=minbase --include=ca-certificates,openssl "$release" "$work/system" "$mirror" >"$work/log" 2>&1 ||
        { tail -n 20 "$work/log" >&2; return 1; }
    rm -rf "$work/system"/var/cache/apt/archives/*.deb "$work/system"/var/lib/apt/lists/*
    echo 'app:x:1654:1654::/home/app:/bin/sh' >>"$work/system/etc/passwd"
    echo 'app:x:1654:' >>"$work/system/etc/group"
    ln -s ../share/dotnet/dotnet "$work/system/usr/bin/dotnet"
    mkdir "$work/system/usr/share/dotnet"
    mkdir -p "$cache"
    tar -C "$work/system" -cf "$work/system.tar" .
    mv "$work/system.tar" "$archive"
}

# The SDK is not in it: the build mounts this machine's own, and its packages and certificates, and has the variables that say
# where those are.
make_sdk() {
    local variable
    container=$(buildah "${store[@]}" from --pull-never "$system")
    while read -r variable; do
        buildah "${store[@]}" config --env "$variable" "$container"
    done < <(env | grep -iE '^(NUGET_[A-Z_]+|SSL_CERT_(FILE|DIR)|https?_proxy|no_proxy)=' | grep -v '^NUGET_PACKAGES=')
    buildah "${store[@]}" config --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 --env DOTNET_NOLOGO=1 "$container"
    commit "$sdk"
}

make_base() {
    container=$(buildah "${store[@]}" from --pull-never "$system")
    buildah "${store[@]}" config --env APP_UID=1654 --env ASPNETCORE_HTTP_PORTS=8080 --env DOTNET_RUNNING_IN_CONTAINER=true "$container"
    commit "$base"
}

commit() { # IMAGE
    buildah "${store[@]}" commit --quiet --format docker --rm "$container" "$1" >/dev/null
    container=""
}

[[ -f $archive ]] || make_system
podman "${store[@]}" import --quiet "$archive" "$system" >/dev/null
make_sdk
make_base
