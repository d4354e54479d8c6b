#!/bin/sh
# Makes the secrets of compose.yaml that are missing, each a file of its own, and leaves those that are there.
set -eu

folder=$(dirname "$0")/secrets
# Containers read the files as users of their own; on this host nobody else gets into the folder.
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

random() {
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

# Writes its input, without a line break at the end, in one step.
keep() {
    [ -e "$1" ] && return
    printf '%s' "$2" > ".$1"
    chmod 444 ".$1"
    mv ".$1" "$1"
    echo "made $1"
}

keep mysql_root_password "$(random)"
keep mysql_password "$(random)"
keep grafana_password "$(random)"
keep aiplayer_service_key "aiplayer_$(random)"
keep aiplayer_database_url "mysql+pymysql://aiplayer:$(cat mysql_password)@mysql:3306/aiplayer"
# The page is a client too, without a rate of its own, for all its visitors come with one key.
keep aiplayer_api_keys "[{\"name\": \"page\", \"secret\": \"$(cat aiplayer_service_key)\", \"requests_per_minute\": 0}]"
