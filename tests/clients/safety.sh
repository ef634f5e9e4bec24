#!/usr/bin/env bash
# The default with clients that take a 102 for the answer, direct and behind an nginx that would lose the answer: none gets a 102, each
# gets the right answer, and the right answer to what it asks next over the same connection.
source "$(dirname "${BASH_SOURCE[0]}")/long.bash"

# What an operation lasts: thirty times as long as the silence between two 102s.
readonly lasts=1.5

# One after the other, direct and behind nginx: the client's name, what it says, and its command with SERVER for the way in.
misreader() { # NAME SAID METHOD COMMAND...
    local name=$1 said=$2 method=$3 way
    shift 3
    for way in "${!ways[@]}"; do
        begin "$name-$way" "${@//SERVER/${ways[$way]}}"
        judging+=("$name-$way" "$said" "$method" "$name, $way")
    done
}

judge_misreaders() {
    local i
    await_all
    for ((i = 0; i < ${#judging[@]}; i += 4)); do
        judge "${judging[i + 3]}" "${judging[i]}" "$lasts" "${judging[i + 1]}" 0 "${judging[i + 2]}"
    done

    judging=()
}

need curl nginx javac java php lwp-request "$python"
javac -d . "$programs/Client.java" >javac.log 2>&1 || not_ok "Client.java is built" "$(tail -n 3 javac.log)"
make_source
start_slow_server 2 --KeepAlive:FirstAfter=00:00:00.1 --KeepAlive:Interval=00:00:00.05
{
    read -r usual
    read -r hidden
} < <(free_ports 2)
nginx_in_front "$(nginx_usual "$usual")"
declare -A ways=([direct]=$base [behind-nginx]=http://127.0.0.1:$usual)
judging=()
wait_for "${ways[@]}"

from=SERVER/{}/ to=SERVER/{}-copy/ next=(SERVER/one SERVER/two)
for client in requests urllib http.client; do
    misreader "$client" '201( in a 207)?, 200 one, 200 two' COPY "$python" "$programs/python.py" "$client" 60 "$from" "$to" "${next[@]}"
done
misreader LWP '201( in a 207)?, 200 one, 200 two' COPY perl "$programs/lwp.pl" 60 "$from" "$to" "${next[@]}"
misreader HttpURLConnection '204( in a 207)?, 200 one, 200 two' DELETE java -cp . Client delete 60 "$from" "${next[@]}"
misreader PHP-stream '201, 200 one, 200 two' COPY php "$programs/stream.php" 60 "$from" "$to" "${next[@]}"

# Those that are not here, by their name alone.
raw=("$python" "$programs/raw.py" SERVER /{}/ /{}-copy/ /one)
misreader nameless '201 200 one' COPY "${raw[@]}"
misreader OkHttp '201 200 one' COPY "${raw[@]}" 'User-Agent: okhttp/3.13.1'
misreader Qt '201 200 one' COPY "${raw[@]}" 'User-Agent: Mozilla/5.0'
misreader serf '201 200 one' COPY "${raw[@]}" 'User-Agent: SVN/1.14.2 (x86_64-pc-linux-gnu) serf/1.3.9'

# A client that takes them is not sent any behind nginx either.
ways=([behind-nginx]=http://127.0.0.1:$usual)
misreader curl '201 200 one' COPY "${raw[@]}" 'User-Agent: curl/8.0'
misreader curl-asking '201 200 one' COPY "${raw[@]}" 'User-Agent: curl/8.0' 'Prefer: processing'
judge_misreaders

# What can be seen of the check itself: a client that takes them does get them, direct.
begin curl-direct "$python" "$programs/raw.py" "$base" /{}/ /{}-copy/ /one 'User-Agent: curl/8.0'
await_all
judge "curl, direct, gets them" curl-direct "$lasts" '(102 )+201 200 one' some COPY

# An nginx that says nothing of itself cannot be seen: the setting for it.
start_slow_server 2 --KeepAlive:Mode=OnRequest --KeepAlive:FirstAfter=00:00:00.1 --KeepAlive:Interval=00:00:00.05
nginx_in_front "$(nginx_plain "$hidden" 'proxy_http_version 1.1; proxy_set_header Connection "";')"
wait_for "http://127.0.0.1:$hidden"
ways=([behind-a-hidden-nginx]=http://127.0.0.1:$hidden)
misreader curl-on-request '201 200 one' COPY "${raw[@]}" 'User-Agent: curl/8.0'
misreader requests-on-request '201( in a 207)?, 200 one' COPY "$python" "$programs/python.py" requests 60 "$from" "$to" "${next[0]}"
judge_misreaders
