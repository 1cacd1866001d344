#!/usr/bin/env bash
# Tests which entries of a machine's apt sources debian-sources.sh takes over, and how.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=debian-sources.sh
source "$(dirname "${BASH_SOURCE[0]}")/debian-sources.sh"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0

expect() { # WHAT FILE... ; standard input is what shall come out
    local what=$1 expected actual
    shift
    expected=$(cat)
    actual=$(source_entries KEYRING "$@" | sed '/^$/d')
    if [[ $actual != "$expected" ]]; then
        printf 'FAILED: %s\n' "$what"
        diff <(echo "$expected") <(echo "$actual") || true
        failures=$((failures + 1))
    fi
}

cat >"$dir/one.sources" <<'EOT'
Types: deb
# a comment inside a stanza
URIs: http://a.example/debian
Suites: stable stable-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Enabled: no
Types: deb
URIs: http://disabled.example/debian
Suites: stable
Components: main

Types: deb
URIs: http://stranger.example/
Suites: any
Components: main
Signed-By: /usr/share/keyrings/stranger.gpg


types: deb deb-src
uris: http://b.example/debian
 http://c.example/debian
suites: stable
components: main contrib
check-valid-until: no
trusted: yes

Types: deb
URIs: http://inline.example/debian
Suites: stable
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----
EOT
expect "a .sources file gives up its archive's entries, under the archive's key alone" "$dir/one.sources" <<'EOT'
Types: deb-src
URIs: http://a.example/debian
Suites: stable stable-updates
Components: main
Signed-By: KEYRING
Types: deb-src
URIs: http://b.example/debian http://c.example/debian
Suites: stable
Components: main contrib
Check-Valid-Until: no
Signed-By: KEYRING
EOT

cat >"$dir/two.list" <<'EOT'
# deb http://commented.example/debian stable main
deb http://a.example/debian stable main contrib # why
deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.pgp] http://b.example/debian stable-security main
deb [ signed-by=/etc/apt/keyrings/stranger.asc ] https://stranger.example/apt any main
deb [trusted=yes] http://c.example/debian stable main
deb cdrom:[Debian 12]/ stable main
deb-src http://d.example/debian stable main
EOT
expect "a .list file does as well" "$dir/two.list" <<'EOT'
Types: deb-src
URIs: http://a.example/debian
Suites: stable
Components: main contrib
Signed-By: KEYRING
Types: deb-src
URIs: http://b.example/debian
Suites: stable-security
Components: main
Signed-By: KEYRING
Types: deb-src
URIs: http://c.example/debian
Suites: stable
Components: main
Signed-By: KEYRING
Types: deb-src
URIs: http://d.example/debian
Suites: stable
Components: main
Signed-By: KEYRING
EOT

cat >"$dir/three.sources" <<'EOT'
Types: deb
URIs: http://e.example/debian
Suites: stable
Components: main
EOT
expect "a stanza ends with its file" "$dir/three.sources" "$dir/two.list" < <(
    printf 'Types: deb-src\nURIs: http://e.example/debian\nSuites: stable\nComponents: main\nSigned-By: KEYRING\n'
    source_entries KEYRING "$dir/two.list" | sed '/^$/d'
)

((failures == 0)) && echo "debian-sources: all well"
