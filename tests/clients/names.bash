# shellcheck shell=bash
# Names that are hard on a client, a server or what stands between them, and trees of files that bear them.
export LC_ALL=C.UTF-8

names=(
    # What a shell, a URL, a form or an XML document takes for its own.
    'two words' ' leading space' 'trailing space ' ' ' '  ' 'a+b' 'a%2Bb' '+' '%' '100%' '%2F' '%2f..%2f' '%25' '%00' '%0A' '%zz'
    '%C3%BC' '%2e%2e' '#' 'a#b' '#anchor' '?' 'a?b' 'a?b=c&d=e' '&' 'a&b' '&amp;' '&#10;' '<a>' ']]>' '<!--' ';' 'a;b' 'a;b=c' ',' '='
    '@' 'user@host' ':' 'a:b' 'C:' "'" "it's" '"' '"quoted"' '`' '`ls`' '$' '$(ls)' '${HOME}' '!' '!!' '*' '*.txt' '[a]' '{a,b}' '(a)'
    '|' '^' '~' '~root' '\' 'a\b' '\n' '\\share'

    # Dots, dashes, and the names that some system keeps for itself.
    '.hidden' '..a' '...' 'a.' 'a..' '-' '-rf' '--help' '._a' '.DS_Store' 'Thumbs.db' 'desktop.ini' 'CON' 'nul' 'aux.txt' 'index.html'
    '.webdavx' 'webdav' 'Case' 'case' 'CASE'

    # Scripts in both directions; signs that look the same, that are made of several, or that are not seen.
    'Ελληνικά' 'Кириллица' 'עברית' 'العربية' 'فارسی ۱۲۳' 'हिन्दी' 'தமிழ்' 'ไทย' '中文' '日本語.テキスト' '한국어' 'ქართული' 'Հայերեն' 'አማርኛ'
    'བོད་ཡིག' 'ßẞ' 'İıIi' 'ﬁ' $'caf\u00e9' $'cafe\u0301' $'\u1112\u1161\u11ab' $'\u00c5' $'\u212b' $'A\u030a' $'a\u0300\u0301\u0302'
    '😀' $'\U1f469\u200d\U1f467' '🇩🇪' '𝔘𝔫𝔦' $'\u202egpj.exe' $'\u200b' $'a\u00a0b' $'\ufeffbom' $'a\u2028b' $'\u00ad' $'a\ufffdb' $'\uffff'
    $'\U10ffff'

    # The longest that there are: 255 bytes, in signs of one byte, two, three and four.
    "$(printf 'a%.0s' {1..255})" "$(printf 'ü%.0s' {1..127})x" "$(printf '語%.0s' {1..85})" "$(printf '😀%.0s' {1..63})abc"
    "$(printf '%%%.0s' {1..255})"
)

# Those with control characters, which not every client lets through.
control_names=($'tab\there' $'new\nline' $'\n' $'carriage\rreturn' $'a\001b' $'a\033[31mb' $'a\177b' $'a\u0085b')

# A file under each of the names; every seventh is empty, the others say where they are. Each was changed at a time of its own.
make_files() { # DIRECTORY NAME...
    local directory=$1 name i=0
    shift
    mkdir -p -- "$directory"
    for name in "$@"; do
        i=$((i + 1))
        if ((i % 7 != 0)); then
            printf '%s\n' "$directory/$name"
        fi >"$directory/$name"

        touch -d "@$((1000000000 + ${#directory} * 86400 + i * 3601))" -- "$directory/$name"
    done
}

# So many collections under names that are as difficult, with as many files as there are names in each.
make_difficult_tree() { # DIRECTORY COLLECTIONS NAME...
    local directory=$1 collections=$2 i
    shift 2
    for ((i = 0; i < collections; i++)); do
        make_files "$directory/${!#}" "$@"
        set -- "${@: -8}" "${@:1:$#-8}"
    done
}
