#!/bin/sh
# Installs what the tests need beyond Python, where that is allowed: root, apt-get, a network.
# One line a need: the program that shows it is there, and the Debian package that brings it;
# `:zh` is no program but a font for Chinese, which fc-list shows.
# ROOT is the folder below which Debian keeps its files: / but for the tests of this file.
# Says nothing when all is there. What stays missing is named, and the tests that need it are
# left out; with CI=true that is a failure.
set -u

needs() {
    cat <<'LIST'
chromium chromium
fc-list fontconfig
:zh fonts-wqy-zenhei
systemd-analyze systemd
nginx nginx-light
logrotate logrotate
initdb postgresql
LIST
}

missing() {
    needs | while read -r program package; do
        here "$program" || printf '%s ' "$package"
    done
}

here() {
    case $1 in
    :*) [ -n "$(fc-list ":lang=${1#:}" 2>/dev/null)" ] ;;
    *) command -v "$1" >/dev/null 2>&1 || in_postgresql "$1" ;;
    esac
}

# Debian keeps the server's programs by version, where no user looks for programs.
in_postgresql() {
    for program in "${ROOT:-}"/usr/lib/postgresql/*/bin/"$1"; do
        [ -x "$program" ] && return
    done
    return 1
}

# The package makes a database cluster and starts it with the machine, unless told not to.
no_server() {
    folder=${ROOT:-}/etc/postgresql-common/createcluster.d
    mkdir -p "$folder" && echo 'create_main_cluster = off' >"$folder/tests-only.conf"
}

packages=$(missing)
[ -z "$packages" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian packages for the tests: $packages"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    case $packages in *postgresql*) no_server ;; esac
    # shellcheck disable=SC2086 # several packages are several words
    if ! { apt-get -q update && apt-get -q install -y --no-install-recommends $packages; } \
        >"$log" 2>&1; then
        tail -n 5 "$log" >&2
    fi
    rm -f "$log"
    packages=$(missing)
    [ -z "$packages" ] && exit 0
fi

echo "Missing Debian packages: $packages" >&2
if [ "${CI:-}" = true ]; then
    echo "With CI=true no test may be left out." >&2
    exit 1
fi
echo "The tests that need them are left out and listed at the end." >&2
