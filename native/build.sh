#!/usr/bin/env bash
# Builds libnng for one platform and puts it where a jar is made from.
#
#   build.sh --into=DIR [--platform=OS-ARCH] [--nng-source=DIR [--mbedtls-source=DIR]]
#
# DIR gets org/nngjava/native/OS-ARCH/libnng.so, a libnng.properties beside it that says what went into it, and the
# licences in META-INF/licenses. Sources and results are kept below native/build, the results under a key of all that
# they are made from: what was built once is copied. Delete native/build to fetch the sources anew.
#
# Without sources or without a compiler it says so and ends well, with nothing in DIR: the binding then uses the
# system's libnng. Where a platform or sources were named, and where sources do not compile, that is an error.
set -euo pipefail
trap 'echo "libnng: ${BASH_SOURCE[0]}: line $LINENO failed" >&2' ERR

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$here/build
into="" platform="" nng="" mbedtls="" required=""

fail() {
    printf 'libnng: %s\n' "$@" >&2
    exit 1
}

do_without() {
    [[ -z $required ]] || fail "cannot be built for $platform: $1"
    rm -rf "$into/org/nngjava/native" "$into/META-INF/licenses"
    {
        echo "libnng: NOT BUILT, the jar holds no native library: $1"
        echo "libnng: programs will use the system's libnng (Debian: the package libnng1). To bundle one, run ci/setup,"
        echo "libnng: or name the sources: -Dnng.source=DIR, with mbedtls beside it or -Dmbedtls.source=DIR."
    } >&2
    exit 0
}

for argument in "$@"; do
    case $argument in
    --into=*) into=${argument#*=} ;;
    --platform=*) platform=${argument#*=} ;;
    --nng-source=*) nng=${argument#*=} ;;
    --mbedtls-source=*) mbedtls=${argument#*=} ;;
    *) fail "unknown argument $argument" ;;
    esac
done
[[ -n $into ]] || fail "--into=DIR is missing"

machine=$(uname -m)
[[ $machine == arm64 ]] && machine=aarch64
[[ $machine == amd64 ]] && machine=x86_64
host=$(uname -s | tr '[:upper:]' '[:lower:]')-$machine
if [[ -n $platform && $platform != host ]]; then
    required=yes
else
    platform=$host
fi
[[ $platform == linux-* ]] || do_without "there is no build for $platform yet"
toolchain=$here/toolchains/$platform.cmake
if [[ $platform != "$host" && ! -r $toolchain ]]; then
    fail "to build for $platform on $host, ${toolchain#"$here/"} is needed"
fi

mkdir -p "$cache"
exec 9>"$cache/lock"
if command -v flock >/dev/null; then
    flock 9
fi
rm -rf "$cache"/tmp.*
tmp=$(mktemp -d "$cache/tmp.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

tree_hash() {
    (cd "$1" && find . -name .git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum |
        cut -c 1-16)
}

upstream_version() { # the version that NNG's header states
    sed -n 's/^#define NNG_\(MAJOR\|MINOR\|PATCH\)_VERSION \([0-9]*\).*/\2/p' "$nng/include/nng/nng.h" | paste -s -d .
}

# The sources: those named, those fetched before, or those of the distribution.
if [[ -n $nng ]]; then
    if [[ -z $mbedtls ]]; then
        for mbedtls in "$nng"/../mbedtls*/; do
            [[ -r $mbedtls/include/mbedtls/ssl.h ]] && break
        done
    fi
    [[ -r $nng/include/nng/nng.h ]] || fail "$nng is not a source tree of NNG 1.x"
    [[ -r $mbedtls/include/mbedtls/ssl.h ]] || fail "no source tree of mbedTLS beside $nng: name it, -Dmbedtls.source=DIR"
    nng=$(cd "$nng" && pwd) mbedtls=$(cd "$mbedtls" && pwd)
    versions="nng=$(upstream_version) tree $(tree_hash "$nng")"$'\n'"mbedtls=tree $(tree_hash "$mbedtls")"
else
    if [[ ! -d $cache/sources ]]; then
        mkdir "$tmp/sources"
        status=0
        "$here/debian-sources.sh" "$tmp/sources" >"$cache/sources.log" 2>&1 || status=$?
        if ((status)); then
            do_without "$(tail -n 1 "$cache/sources.log") (see native/build/sources.log)"
        fi
        mv "$tmp/sources" "$cache/sources"
    fi
    nng=$cache/sources/nng mbedtls=$cache/sources/mbedtls
    versions=$(<"$cache/sources/versions")
fi
nng_version=$(upstream_version)
what="$(paste -s -d , <<<"${versions//=/ }" | sed 's/,/, /g') for $platform"

key=$({
    echo "$platform" "$(getconf GNU_LIBC_VERSION 2>/dev/null || true)" "$versions"
    cd "$here"
    find . \( -path ./build -o -path ./target \) -prune -o -type f ! -name '*.md' ! -name '*-test.sh' ! -name pom.xml -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum
} | sha256sum | cut -c 1-16)
built=$cache/$platform-$key

# Patches of our own are for one upstream version and lie in patches/nng-VERSION. One that the distribution has
# meanwhile taken up, or that no longer fits a version of its own making, is left out and named.
apply_patches() {
    local patch name
    for patch in "$here/patches/nng-$nng_version"/*.patch; do
        [[ -r $patch ]] || continue
        name=$(basename "$patch" .patch)
        if patch -d "$tmp/nng" -p1 -s -f --dry-run <"$patch" >/dev/null; then
            patch -d "$tmp/nng" -p1 -s -f <"$patch"
            echo "patch.$name=applied"
        else
            echo "libnng: patch $name does not fit nng $nng_version as it was fetched and is left out" >&2
            echo "patch.$name=left out"
        fi
    done
}

# Runs the smoke test, on an emulator if need be.
smoke() {
    local -a on=()
    if [[ $platform != "$host" ]]; then
        on=("qemu-${platform#*-}" -L "/usr/${platform#*-}-linux-gnu")
        if ! command -v "${on[0]}" >/dev/null; then
            smoke="smoke test NOT RUN: ${on[0]} is not installed"
            return
        fi
    fi
    timeout 120 "${on[@]}" "$built/smoke" >"$tmp/smoke.log" 2>&1 || fail "the smoke test failed:" "$(tail -n 5 "$tmp/smoke.log")"
    smoke="smoke test passed${on[0]:+ on ${on[0]}}"
}

# What the library must be, apart from working: exports nng_* only, needs the C library only.
check_library() {
    local foreign needed
    foreign=$(readelf -W --dyn-syms "$1" | awk '$5 != "LOCAL" && $7 != "UND" && NF >= 8 && $1 ~ /^[0-9]+:$/ { print $8 }' |
        grep -v '^nng_' || true)
    [[ -z $foreign ]] || fail "the library exports more than nng_*:" "$foreign"
    needed=$(readelf -W -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
        grep -v -E '^(libc|libpthread|librt|libdl|ld-linux.*)\.so' || true)
    [[ -z $needed ]] || fail "the library needs more than the C library:" "$needed"
}

build() {
    local result=$tmp/result
    local -a cross=()
    [[ -r $toolchain ]] && cross=("-DCMAKE_TOOLCHAIN_FILE=$toolchain")
    mkdir -p "$result"
    cp -R "$nng" "$tmp/nng"
    cp -R "$mbedtls" "$tmp/mbedtls"
    {
        echo "platform=$platform"
        echo "$versions"
        apply_patches
    } >"$result/libnng.properties"

    cmake --no-warn-unused-cli -DCMAKE_POLICY_VERSION_MINIMUM=3.5 "${cross[@]}" \
        -DNNG_SOURCE="$tmp/nng" -DMBEDTLS_SOURCE="$tmp/mbedtls" -S "$here" -B "$tmp/cmake"
    cmake --build "$tmp/cmake" --parallel "$(nproc)" --target nng smoke

    cp "$(readlink -f "$tmp/cmake/lib/libnng.so")" "$result/libnng.so"
    check_library "$result/libnng.so"
    cp "$tmp/cmake/smoke" "$result/"
    ln -s libnng.so "$result/libnng.so.1"
    mkdir -p "$result/licenses"/{nng,mbedtls}
    cp "$nng/LICENSE.txt" "$result/licenses/nng/"
    cp "$mbedtls/LICENSE" "$result/licenses/mbedtls/"
}

if [[ ! -d $built ]]; then
    compiler=$([[ ! -r $toolchain ]] || sed -n 's/^set(CMAKE_C_COMPILER \(.*\))$/\1/p' "$toolchain")
    for tool in cmake "${compiler:-cc}" make readelf; do
        command -v "$tool" >/dev/null || do_without "$tool is not installed"
    done
    echo "libnng: building $what"
    log=$cache/build.log
    # Not "build || fail": the shell would then go on after the first error in there.
    trap - ERR
    set +e
    (
        set -e
        build
    ) >"$log" 2>&1
    status=$?
    set -e
    if ((status)); then
        tail -n 30 "$log" >&2
        fail "the build failed; all of its output is in $log"
    fi
    grep '^libnng:' "$log" >&2 || true
    mv "$tmp/result" "$built"
fi
smoke

# Only what differs is written, so that nothing downstream is made again for no reason.
target=$into/org/nngjava/native/$platform
mkdir -p "$target" "$into/META-INF"
for file in libnng.so libnng.properties; do
    cmp -s "$built/$file" "$target/$file" || install -m 644 "$built/$file" "$target/$file"
done
cp -R "$built/licenses" "$into/META-INF/"
echo "libnng: $what is in place, $smoke"
