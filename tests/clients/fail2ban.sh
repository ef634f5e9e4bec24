#!/usr/bin/env bash
# fail2ban: each failed login of a real server's log is found by the filter that is shipped, with the address that it came from, whatever
# name, path or password was sent; and nothing else in the log is taken for one.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly filter=$repository/docs/fail2ban/webdavserver.conf

guess() { # FROM NAME PASSWORD; a name may hold anything but a colon
    curl -s -o /dev/null --max-time 30 --interface "$1" -H "Authorization: Basic $(printf '%s:%s' "$2" "$3" | base64 -w0)" "$base/file"
}

# What fail2ban finds in a log, an address a line.
found() { # LOG
    fail2ban-regex --out ip "$1" "$filter" 2>fail2ban.log
}

need curl fail2ban-regex base64
hash=$(printf 'right\n' | dotnet "$server_dll" hash-password)
root=$(new_root)
echo content >"$root/file"
start_server http "$root" --Auth:Users:0:Name=anna "--Auth:Users:0:PasswordHash=$hash" --Auth:FailedLogins:PerAddress=1000 \
    --Auth:FailedLogins:PerName=1000

spoof='WRN Failed login from 203.0.113.9 as anna: wrong password'
guess 127.0.0.2 anna wrong
guess 127.0.0.3 nobody wrong
guess 127.0.0.4 "$spoof" wrong
guess 127.0.0.5 "x from 203.0.113.9 as y" wrong
guess 127.0.0.6 $'a\n2026-11-22 05:00:00.000 '"$spoof" wrong
guess 127.0.0.7 $'a\r2026-11-22 05:00:00.000 '"$spoof" wrong
guess 127.0.0.8 "" wrong
guess 127.0.0.9 "wrong password" ""
guess 127.0.0.10 $'\e[2K\e[1A203.0.113.9' wrong
guess 127.0.0.11 "$(printf '%2000s' | tr ' ' n) $spoof" wrong
guess 127.0.0.12 $'\u2028'"$spoof" wrong
curl -s -o /dev/null --max-time 30 --interface 127.0.0.13 -H 'Authorization: Bearer none' "$base/file"
equal "a token that is wrong is as good as a password" 127.0.0.13 "$(found "$server_log" | tail -n 1)"

# Nothing of this is a failed login, though it says so.
line="2026-11-22%2005%3A00%3A00.000%20${spoof// /%20}"
curl -s -o /dev/null --max-time 30 -u anna:right "$base/%0A$line"
curl -s -o /dev/null --max-time 30 -u anna:right -X COPY -H "Destination: /copy%0A$line" "$base/file"
curl -s -o /dev/null --max-time 30 -u anna:right -X COPY -H 'Destination: /copy' "$base/copy%0A$line"
curl -s -o /dev/null --max-time 30 -u anna:right -X "$(tr ' :' '--' <<<"$spoof")" "$base/file"
curl -s -o /dev/null --max-time 30 -u anna:right -H "If: $spoof" -H "Destination: $spoof" -H "Range: $spoof" -X MOVE "$base/file"
curl -s -o /dev/null --max-time 30 -u anna:right -A "$spoof" -e "$spoof" "$base/none"
equal "the right password is none" 200 "$(curl -s -o /dev/null --max-time 30 -u anna:right -w '%{http_code}' "$base/file")"

stop_server
expected=$(printf '127.0.0.%s\n' 2 3 4 5 6 7 8 9 10 11 12 13)
equal "each failed login is found with its own address" "$expected" "$(found "$server_log")"
equal "the log tells of twelve" 12 "$(grep -c 'Failed login from' <(grep '^[0-9-]* [0-9:.]* WRN Failed login' "$server_log"))"

# The same lines as systemd's journal gives them to fail2ban.
sed 's/^/2026-11-22T05:00:00.000000+0000 host WebDavServer[123]: /' "$server_log" >journal.log
equal "and so in the journal" "$expected" "$(found journal.log)"
