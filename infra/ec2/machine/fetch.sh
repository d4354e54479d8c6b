#!/bin/sh
# Fetches what this machine serves, its settings and its secrets, and pulls the image.
set -eu
# shellcheck source=/dev/null
. /etc/aiplayer/duty
own=/aiplayer/$DEPLOYMENT
umask 077
mkdir -p /run/aiplayer/secrets /run/aiplayer/tls
cd /run/aiplayer

parameter() {
    aws ssm get-parameter --region "$REGION" --with-decryption --name "$1" --query Parameter.Value --output text
}

parameter "$own/environment" > environment.new
mv environment.new environment
# `release.sh` tries a release before it becomes that of the deployment.
if [ ! -e trial ]; then
    parameter "$own/release" > release.new
    mv release.new release
fi

# Containers run as users of their own, who alone read the files.
paths=$(aws ssm get-parameters-by-path --region "$REGION" --recursive --path "$own/secrets" \
    --query 'Parameters[].Name' --output text)
for path in $paths; do
    name=${path##*/}
    case $name in tls_*) folder=tls owner=101 ;; *) folder=secrets owner=10001 ;; esac
    parameter "$path" > "$folder/.$name"
    chown "$owner" "$folder/.$name"
    mv "$folder/.$name" "$folder/$name"
done
chown 10001 secrets
chown 101 tls
docker kill --signal HUP nginx > /dev/null 2>&1 || true

# shellcheck source=/dev/null
. "./$([ -e trial ] && echo trial || echo release)"
registry=${IMAGE%%/*}
case $registry in
    *.dkr.ecr.*) aws ecr get-login-password --region "$REGION" | docker login --username AWS --password-stdin "$registry" ;;
esac
docker pull "$IMAGE"
