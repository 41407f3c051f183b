#!/bin/sh
# Replaces the replicas of the API one by one with the current image and settings. It waits until each new
# replica is healthy; if one does not become healthy, the script stops, and the remaining old replicas
# keep serving.
set -eu

compose() {
  if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}

main() {
  replicas=$(compose ps -q api)
  count=$(printf '%s\n' "$replicas" | grep -c .) || true
  [ "$count" -ge 2 ] || fail "This needs two replicas or more, and there are $count: with fewer, no replica would answer in the meantime."
  for replica in $replicas; do
    # The API itself takes nine seconds at most to finish its requests.
    docker stop -t 15 "$replica" >/dev/null
    docker rm "$replica" >/dev/null
    compose up -d --no-recreate --no-deps --scale "api=$count" api
    wait_until_healthy
  done
}

wait_until_healthy() {
  attempt=1
  until all_are_healthy; do
    [ "$attempt" -lt 120 ] || fail 'The new replica does not become healthy. Read its log: docker compose logs api'
    attempt=$((attempt + 1))
    sleep 1
  done
}

all_are_healthy() {
  for replica in $(compose ps -q api); do
    [ "$(docker inspect -f '{{.State.Health.Status}}' "$replica")" = healthy ] || return 1
  done
}

fail() {
  echo "$1" >&2
  exit 1
}

main
