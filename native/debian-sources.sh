#!/usr/bin/env bash
# Fetches the source packages nng and mbedtls from the distribution's own archive, as this machine's apt knows it.
#
#   debian-sources.sh DIR     DIR must be empty; it gets nng/, mbedtls/ and the file versions
#
# apt checks the signatures. Its lists, caches and settings on this machine are neither changed nor needed to name
# source packages: all is done on a private copy. Ends with 3, and says why on standard error, where there is no way
# to the sources.
set -euo pipefail

cannot() {
    echo "$1" >&2
    exit 3
}

# The entries of sources.list files, made into deb822 stanzas for source packages. Entries without a key, or with
# that of the distribution, are taken, and apt is told to accept that key only; anybody else's archive is left out.
source_entries() { # KEYRING FILE...
    local keyring=$1
    shift
    awk -v keyring="$keyring" '
        function ours(key) { return key == "" || key ~ /(debian|ubuntu)-archive-[^ ]*keyring[^ ]*$/ }
        function stanza(uris, suites, components, checked) {
            print "Types: deb-src\nURIs: " uris "\nSuites: " suites
            if (components != "") print "Components: " components
            if (checked != "") print "Check-Valid-Until: " checked
            print "Signed-By: " keyring "\n"
        }
        function flush_stanza(  f) {
            if (field["uris"] != "" && field["suites"] != "" && field["types"] ~ /(^| )deb(-src)?( |$)/ &&
                    tolower(field["enabled"]) !~ /^(no|false|off|0|disable|without)$/ && ours(field["signed-by"]) &&
                    field["uris"] !~ /cdrom:/)
                stanza(field["uris"], field["suites"], field["components"], field["check-valid-until"])
            for (f in field) delete field[f]
            name = ""
        }
        function trim(s) { gsub(/[ \t\r\n]+/, " ", s); sub(/^ /, "", s); sub(/ $/, "", s); return s }
        FNR == 1 { if (deb822) flush_stanza(); deb822 = FILENAME ~ /\.sources$/ }
        /^[ \t]*#/ { next }
        deb822 && /^[ \t\r]*$/ { flush_stanza(); next }
        deb822 && /^[ \t]/ { if (name != "") field[name] = trim(field[name] " " $0); next }
        deb822 {
            name = tolower(substr($0, 1, index($0, ":") - 1))
            field[name] = trim(substr($0, index($0, ":") + 1))
            next
        }
        $1 == "deb" || $1 == "deb-src" {
            sub(/#.*/, "")
            options = ""
            if (match($0, /\[[^]]*\]/)) {
                options = substr($0, RSTART + 1, RLENGTH - 2)
                $0 = substr($0, 1, RSTART - 1) " " substr($0, RSTART + RLENGTH)
            }
            key = checked = components = ""
            n = split(options, option, " ")
            for (i = 1; i <= n; i++) {
                if (option[i] ~ /^signed-by=/) key = substr(option[i], 11)
                if (option[i] ~ /^check-valid-until=/) checked = substr(option[i], 19)
            }
            for (i = 4; i <= NF; i++) components = trim(components " " $i)
            if (NF >= 3 && $2 !~ /^cdrom:/ && ours(key)) stanza($2, $3, components, checked)
        }
        END { if (deb822) flush_stanza() }
    ' "$@"
}

# Everything apt needs, in one file: the settings of this machine, its proxies among them, less the hooks that run
# after an update and would look after the system.
apt_settings() { # DIR
    apt-config dump
    cat <<EOT
#clear APT::Update;
#clear DPkg;
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$1/sources";
Dir::State::lists "$1/lists";
Dir::Cache "$1/cache";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
EOT
}

fetch() { # DIR
    local dir=$1 apt=$1/apt keyring="" file package tree
    local -a lists=()
    for tool in apt-get apt-config apt-cache dpkg-source; do
        command -v "$tool" >/dev/null || cannot "$tool is not installed (Debian's packages apt and dpkg-dev)"
    done
    for file in /usr/share/keyrings/{debian,ubuntu}-archive-keyring.{pgp,gpg}; do
        [[ -z $keyring && -r $file ]] && keyring=$file
    done
    [[ -n $keyring ]] || cannot "the keyring of the distribution's archive is not in /usr/share/keyrings"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [[ -r $file ]] && lists+=("$file")
    done
    ((${#lists[@]})) || cannot "apt has no sources in /etc/apt"

    mkdir -p "$apt"/{sources,lists/partial,cache/archives/partial}
    source_entries "$keyring" "${lists[@]}" >"$apt/sources/distribution.sources"
    [[ -s $apt/sources/distribution.sources ]] || cannot "no entry of /etc/apt is the distribution's own archive"
    (umask 077 && apt_settings "$apt" >"$apt/apt.conf")
    export APT_CONFIG=$apt/apt.conf

    # One archive of several may be out of reach; what counts is whether the sources can be had.
    apt-get -q update || true
    cd "$dir"
    for package in nng mbedtls; do
        apt-get -q source --only-source "$package" || cannot "apt-get could not fetch the source package $package"
        tree=$(find . -maxdepth 1 -type d -name "$package-[0-9]*")
        echo "$package=$(sed -n 's/^Version: //p' "$package"_*.dsc | head -n 1)" >>versions
        mv "$tree" "$package"
    done
    rm -rf "$apt" ./*.dsc ./*.tar.* ./*.asc
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    [[ $# == 1 && -d $1 ]] || cannot "usage: ${0##*/} DIR"
    fetch "$(cd "$1" && pwd)"
fi
