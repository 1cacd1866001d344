#!/bin/sh
# A worker in a few lines of shell: reads jobs from a stream over HTTP, and gives each payload back in capitals.
#     stream-worker.sh [URL [NAME [TYPE]]]
# Where the server asks for a token, GIFBROKER_TOKEN has it. Needs curl 7.76 or later.
set -u
server=${1:-http://127.0.0.1:8080}
name=${2:-curl}
type=${3:-work}

# curl, with the token on its standard input: everybody can see the arguments of a process.
ask() {
    if [ -n "${GIFBROKER_TOKEN:-}" ]; then
        echo "header = \"Authorization: Bearer $GIFBROKER_TOKEN\""
    fi | curl -sS --fail-with-body --config - "$@"
}

# A field of the line that is a text. One with quotes or backslashes in it is more than sed understands: empty.
field() {
    printf '%s\n' "$line" | sed -n "s/.*\"$1\":\"\\([^\"\\\\]*\\)\".*/\\1/p"
}

# Answers to the job. What was lost on the way may be sent again: it counts once.
post() {
    ask --retry 5 --retry-connrefused -o /dev/null -H 'Content-Type: text/plain' --data-raw "$2" "$server$1"
}

while true; do
    ask -N --get "$server/v1/work/stream" --data-urlencode "worker=$name" --data-urlencode "type=$type" -d lease=60 |
        while IFS= read -r line; do
            case $line in
            '{"event":"job"'*)
                payload=$(field payload)
                if [ -n "$payload" ]; then
                    post "$(field result)" "$(printf '%s' "$payload" | tr '[:lower:]' '[:upper:]')" && echo "$name: $payload"
                else
                    post "$(field error)" '{"message": "a worker in shell reads simple texts only", "permanent": true}'
                fi
                ;;
            '{"event":"end"'*) echo "$name: the stream ends, $(field reason)" ;;
            esac # A blank line says that the server is there; "cancel" cannot come while the only job is at hand.
        done
    sleep 1
done
