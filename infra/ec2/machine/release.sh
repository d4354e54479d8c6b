#!/bin/sh
# Tries a release, release.sh IMAGE SET; where it does not come ready the one before is served again, and this fails.
set -eu
# shellcheck source=/dev/null
. /etc/aiplayer/duty
cd /run/aiplayer

is_ready() {
    tries=${READY_TRIES:-300}
    while [ "$tries" -gt 0 ]; do
        curl --fail --silent --output /dev/null --max-time 4 "http://127.0.0.1:$PORT/readyz" && return
        tries=$((tries - 1))
        sleep 3
    done
    return 1
}

rm -f trial
printf 'IMAGE=%s\nAIPLAYER_SET=%s\n' "$1" "$2" > trial
systemctl restart aiplayer && is_ready && exit

rm -f trial
systemctl restart aiplayer
is_ready || echo "the release before does not come ready either" >&2
exit 1
