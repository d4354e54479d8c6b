#!/bin/sh
# Makes what the Secrets hold that is missing, a folder for each Secret, and leaves what is there. The URL of the database
# is read from standard input, where no other user of the machine and no history sees it.
set -eu
umask 077

mkdir -p "$(dirname "$0")/secrets"
cd "$(dirname "$0")/secrets"
mkdir -p api page painter scaler

random() {
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

# Writes its second argument, without a line break at the end, in one step.
keep() {
    [ -e "$1" ] && return
    printf '%s' "$2" > ".new"
    mv ".new" "$1"
    echo "made $1"
}

if [ ! -e api/aiplayer_database_url ]; then
    echo "The database's URL, as mysql+pymysql://aiplayer:PASSWORD@mysql.example:3306/aiplayer:" >&2
    url=""
    read -r url || true
    case $url in
        mysql+pymysql://*:*@*:*/*) keep api/aiplayer_database_url "$url" ;;
        *)
            echo "error: this is no URL of MySQL with user, password, host, port and database. Run this again." >&2
            exit 1
            ;;
    esac
fi

keep page/aiplayer_service_key "aiplayer_$(random)"
keep api/aiplayer_painter_key "aiplayer_$(random)"
# The page is a client too, without a rate of its own, for all its visitors come with one key.
keep api/aiplayer_api_keys "[{\"name\": \"page\", \"secret\": \"$(cat page/aiplayer_service_key)\", \"requests_per_minute\": 0}]"
keep painter/aiplayer_api_keys "[{\"name\": \"gateway\", \"secret\": \"$(cat api/aiplayer_painter_key)\", \"requests_per_minute\": 0}]"

# KEDA counts picture jobs as a user of its own, who reads the states of jobs and nothing else.
address=$(cat api/aiplayer_database_url)
address=${address##*@}
address=${address%%\?*}
database=${address#*/}
keep scaler/connectionString "aiplayer_scaler:$(random)@tcp(${address%%/*})/$database"
password=$(cat scaler/connectionString)
password=${password#*:}
password=${password%%@*}
keep scaler.sql "CREATE USER 'aiplayer_scaler' IDENTIFIED BY '$password';
GRANT SELECT (state) ON $database.picture_job TO 'aiplayer_scaler';
"
