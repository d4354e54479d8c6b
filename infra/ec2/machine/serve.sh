#!/bin/sh
# Runs the service in a container that may do no more than it must, in place of this shell.
set -eu
# shellcheck source=/dev/null
. /etc/aiplayer/duty
cd /run/aiplayer
release=$([ -e trial ] && echo trial || echo release)
# shellcheck source=/dev/null
. "./$release"

docker rm --force aiplayer > /dev/null 2>&1 || true
exec docker run --rm --name aiplayer --init --read-only --tmpfs /tmp:size=256m,mode=1777 \
    --cap-drop ALL --security-opt no-new-privileges:true --pids-limit 1024 --stop-timeout 45 \
    --network aiplayer --network-alias api --publish "$LISTEN:$PORT:$PORT" --env "PORT=$PORT" \
    --env-file environment --env-file "$release" ${GPUS:+--gpus "$GPUS"} \
    --volume aiplayer:/state --volume /run/aiplayer/secrets:/run/secrets:ro \
    "$IMAGE" --served "$SERVICE"
