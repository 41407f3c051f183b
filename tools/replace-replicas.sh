#!/bin/sh
# Replaces the replicas of the API, one after the other, by ones of the current image and settings. Each goes when the one
# before it is healthy; if one does not become that, the rest stay as they are and go on serving.
set -eu

compose() {
  if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}

main() {
  replicas=$(compose ps -q api)
  count=$(printf '%s\n' "$replicas" | grep -c .) || true
  [ "$count" -ge 2 ] || fail "This needs two replicas or more, and there are $count: nobody would answer meanwhile."
  for replica in $replicas; do
    # It gives itself nine seconds to finish what it serves.
    docker stop -t 15 "$replica" >/dev/null
    docker rm "$replica" >/dev/null
    compose up -d --no-recreate --no-deps --scale "api=$count" api
    wait_until_healthy
  done
}

wait_until_healthy() {
  attempt=1
  until all_are_healthy; do
    [ "$attempt" -lt 120 ] || fail 'The replica that was started last does not become healthy: docker compose logs api'
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
