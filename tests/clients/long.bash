# shellcheck shell=bash
# What the scripts with long requests share: trees, operations that are held for a set time, and clients that run side by side.
# An operation is slow because programs/hold.py pauses it as soon as it is at work: so it lasts as long as is wanted on any machine.
source "$(dirname "${BASH_SOURCE[0]}")/fronts.bash"

readonly programs=$repository/tests/clients/programs examples=$repository/tests/clients/examples
export GO111MODULE=off CGO_ENABLED=0 GOCACHE=$work/go-cache NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
declare -A began=() tree_of=() tree_name=() root_of=()
bases=()

# The trees to compare with, of which every client gets a copy. The tree `deep` has names of 1,500 bytes in a URL.
make_source() {
    local name
    name=$(printf 'ü%.0s' {1..120})
    make_tree "$work/many" 10 100
    mkdir -p "$work/deep/$name"
    cp -r "$work/many" "$work/deep/$name/$name"
}

# A server whose every tree operation lasts SECONDS and a little more. In its root, root, there are the files `one` and `two`.
start_slow_server() { # SECONDS [OPTION...]
    local seconds=$1
    shift
    root=$(new_root)
    echo one >"$root/one"
    echo two >"$root/two"
    start_server http "$root" "$@" --Operations:ShutdownWait=00:00:01
    server_pid=""
    bases+=("$base")
    "$python" "$programs/hold.py" "$base" "$seconds" >"$work/hold-$servers.log" 2>&1 </dev/null &
}

# Starts a client beside the others. Its tree is /NAME/, a copy of the tree that tree_of tells; {} in its arguments stands for NAME.
# The next one begins when this one's operation is held. One that was over before it was seen is begun again, under another name.
begin() { # NAME COMMAND...
    local name=$1 try tree
    shift
    for try in "" .again .once-more; do
        tree=$name$try
        tree_name[$name]=$tree
        root_of[$name]=$root
        cp -r "$work/${tree_of[$name]-many}" "$root/$tree"
        timeout --kill-after=5 200 "${@//\{\}/$tree}" >"$name.out" 2>"$name.log" </dev/null &
        began[$name]=$!
            while kill -0 "${began[$name]}" 2>/dev/null; do
            if grep -qE "^holding /$tree(/|$)" hold-*.log; then
                return
            fi

            sleep 0.1
        done
    done
}

# Waits for every client that was begun.
await_all() {
    local name code
    for name in "${!began[@]}"; do
        code=0
        wait "${began[$name]}" || code=$?
        echo "$code" >"$name.code"
    done

    began=()
    sleep 0.2
    "$python" "$programs/operations.py" "${bases[@]}" >operations.out
}

# How many 102s were sent for /NAME/, by the logs.
interim_of() { # NAME
    sed -nE "s#.* INF [A-Z]+ /${tree_name[$1]}(/[^ ]*)? [0-9].*[^0-9]([0-9]+) times 102.*#\2#p" "$work"/server-*.log |
        awk '{ sum += $1 } END { print sum + 0 }'
}

# The check of a client that has ended: what it said last, that its operation took place once, lasted SECONDS and did what was asked
# for, and how many 102s it got: `some`, none (0), or some and at most so many. DIRECTORY is where the tree went, if not to /NAME-copy/.
judge() { # DESCRIPTION NAME SECONDS SAID 102S METHOD [DIRECTORY]
    local description=$1 name=$2 seconds=$3 said=$4 wanted=$5 method=$6 tree=${tree_name[$2]} directory wrong=""
    local last code lines lasted interim
    directory=${7-${root_of[$name]}/$tree-copy}
    code=$(cat "$name.code")
    last=$(tail -n 1 "$name.out" | tr -d '\r')
    if ((code != 0)); then
        wrong+="; exit code $code: $(tail -n 2 "$name.log")"
    fi

    if [[ ! $last =~ ^$said$ ]]; then
        wrong+="; said ${last:-nothing}"
    fi

    lines=$(grep -P "^/$tree/?\t" operations.out || true)
    lasted=$(cut -f5 <<<"$lines")
    if [[ $(cut -f2,3 <<<"$lines") != "$method"$'\t'succeeded ]] || awk "BEGIN { exit $lasted >= $seconds }"; then
        wrong+="; the server did: ${lines:-nothing that lasted a second}"
    fi

    interim=$(interim_of "$name")
    if [[ $wanted == 0 && $interim != 0 || $wanted != 0 && $interim == 0 || $wanted != some && $interim -gt $wanted ]]; then
        wrong+="; $interim times 102"
    fi

    wrong+=$(tree_faults "$name" "$method" "$directory")
    if [[ -z $wrong ]]; then
        ok "$description ($method of $lasted s, $interim times 102)"
    else
        not_ok "$description" "${wrong#; }"
    fi
}

# What is wrong with the trees after a method; nothing where all is right.
tree_faults() { # NAME METHOD DESTINATION-DIRECTORY
    local source=${root_of[$1]}/${tree_name[$1]} tree=$work/${tree_of[$1]-many}
    if [[ $2 == COPY ]] && ! diff -r "$tree" "$source" >/dev/null 2>&1; then
        echo "; the source has changed"
    elif [[ $2 != COPY && -e $source ]]; then
        echo "; the source is still there"
    fi

    if [[ $2 != DELETE ]] && ! diff -r "$tree" "$3" >/dev/null 2>&1; then
        echo "; the destination is not the same tree"
    fi
}

# A server of nginx that speaks HTTP/1.1 to ours and adds what is usually added.
nginx_usual() { # PORT
    cat <<CONF
    server {
        listen 127.0.0.1:$1;
        location / {
            proxy_pass $base;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host \$http_host;
            proxy_set_header X-Real-IP \$remote_addr;
            proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto \$scheme;
        }
    }
CONF
}

# One that says nothing of the version: that is HTTP/1.0, in nginx before 1.29.7.
nginx_plain() { # PORT [DIRECTIVE]
    echo "server { listen 127.0.0.1:$1; location / { proxy_pass $base; proxy_set_header Host \$http_host; ${2-} } }"
}
