#!/bin/sh
# Installs the programs that only tests need, where we may: as root on Debian. Elsewhere their tests say what is missing.
set -eu

missing=""
command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null ||
    missing="$missing chromium fonts-noto-cjk"
[ -x /usr/sbin/mariadbd ] || command -v mariadbd > /dev/null || missing="$missing mariadb-server"

[ -x /usr/sbin/nginx ] || command -v nginx > /dev/null || missing="$missing nginx-light"

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "installing for the tests:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # the list is meant to be split
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null
else
    echo "not installed, so their tests will skip:$missing" >&2
fi
