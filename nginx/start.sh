#!/bin/sh
# Renders nginx's configuration from the templates and the environment, then starts nginx; `start.sh -t` only
# tests it. All mistakes in the environment are reported together, and then nginx does not start.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

# The defaults are those of the container; the origins are the API's own default.
: "${WEB_ORIGINS:=http://localhost:4100,http://127.0.0.1:4100}"
: "${API_SERVERS:=api:8086}"
: "${API_URL:=}"
: "${ALLOWED_HOSTS:=}"
: "${JWT_ISSUER:=}"
: "${LISTEN_ADDRESS:=0.0.0.0}"
: "${WEB_PORT:=4100}"
: "${API_PORT:=8086}"
: "${TLS_PORT:=4443}"
: "${TLS_PUBLIC_PORT:=443}"
: "${TLS_CERTIFICATE_FILE:=}"
: "${TLS_CERTIFICATE_KEY_FILE:=}"
: "${SIGN_INS_PER_SECOND:=10}"
: "${API_SECONDS:=30}"
: "${TRUSTED_PROXIES:=}"
: "${TRACE_SERVERS:=}"
: "${PUBLISH_ADDRESS:=$LISTEN_ADDRESS}"
: "${WEB_ROOT:=/srv/web}"
: "${RUN_DIR:=/tmp/nginx}"
: "${MIME_TYPES:=/etc/nginx/mime.types}"
: "${NGINX_USER:=}"

problems=''
problem() { problems="$problems  - $1
"; }

main() {
  check_origins
  check_rest
  if [ -n "$problems" ]; then
    printf 'nginx did not start. The configuration has problems:\n%s' "$problems" >&2
    exit 1
  fi

  mkdir -p "$RUN_DIR/temp"
  origins_map >"$RUN_DIR/origins.conf"
  hosts_map >"$RUN_DIR/hosts.conf"
  upstream >"$RUN_DIR/upstream.conf"
  trusted_proxies >"$RUN_DIR/trusted-proxies.conf"
  write_reports
  printf '{ "api_url": %s }\n' "$(if [ -n "$API_URL" ]; then printf '"%s"' "$API_URL"; else printf null; fi)" >"$RUN_DIR/config.json"
  for template in "$here"/*.conf.template; do
    render "$template" >"$RUN_DIR/$(basename "$template" .template)"
  done
  # With a certificate, pages and API are served over TLS only.
  [ -z "$TLS_CERTIFICATE_FILE" ] || mv "$RUN_DIR/servers-tls.conf" "$RUN_DIR/servers.conf"

  if [ "${1:-}" = -t ]; then exec nginx -t -c "$RUN_DIR/nginx.conf" -e stderr; fi
  # An nginx that was killed leaves its socket file behind, and the next one could not listen on it.
  rm -f "$RUN_DIR/once.sock"
  follow_replicas "$(addresses)" &
  exec nginx -c "$RUN_DIR/nginx.conf" -e stderr -g 'daemon off;'
}

# As browsers serialize an origin: scheme, host in lower case, a port unless it is the scheme's own, nothing
# after it. Schemes other than http and https belong to apps in a web view (capacitor://localhost). What
# passes this check is written into the configuration, so only harmless characters are allowed. The API's rule
# is problemOfOrigin in packages/contracts.
check_origins() {
  old_ifs=$IFS
  IFS=,
  set -f
  # The added comma makes an empty last entry visible, too.
  origins="$WEB_ORIGINS,"
  for origin in $origins; do
    origin=$(trim "$origin")
    matches "$origin" '[a-z][a-z0-9+.-]*://([a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?' && is_port "$(port_of "$origin")" ||
      problem "WEB_ORIGINS has \"$origin\": write scheme://host or scheme://host:port, in lower case, with nothing after it."
    case $origin in
      file://* | ftp://* | ws://* | wss://*) problem "WEB_ORIGINS has \"$origin\": no page has an origin with this scheme." ;;
      http://*:80 | https://*:443) problem "WEB_ORIGINS has \"$origin\": browsers leave the scheme's own port out. Write ${origin%:*}." ;;
    esac
  done
  IFS=$old_ifs
  set +f
}

check_rest() {
  # No file name expansion: a wrong value with a * in it is reported as it was given.
  set -f
  command -v nginx >/dev/null || problem 'There is no nginx on the PATH. Install it (on Debian: apt-get install nginx-light).'
  for server in $API_SERVERS; do
    matches "$server" '[A-Za-z0-9_.-]+:[0-9]{1,5}' || problem "API_SERVERS has \"$server\": write host:port."
  done
  for server in $TRACE_SERVERS; do
    matches "$server" '[A-Za-z0-9_.-]+:[0-9]{1,5}' || problem "TRACE_SERVERS has \"$server\": write host:port."
  done
  # These proxies decide which address counts as the caller's. Addresses only, because a host name may come to
  # mean another machine.
  for proxy in $(each_of "$TRUSTED_PROXIES"); do
    matches "$proxy" '[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?|[0-9a-f]*:[0-9a-f:.]*(/[0-9]{1,3})?' ||
      problem "TRUSTED_PROXIES has \"$proxy\": write addresses or networks (10.0.0.0/8), by comma."
  done
  for name in WEB_PORT API_PORT TLS_PORT TLS_PUBLIC_PORT SIGN_INS_PER_SECOND API_SECONDS; do
    eval "value=\$$name"
    matches "$value" '[1-9][0-9]{0,4}' && is_port "$value" || problem "$name=$value must be a whole number from 1 to 65535."
  done
  for name in WEB_ROOT RUN_DIR MIME_TYPES TLS_CERTIFICATE_FILE TLS_CERTIFICATE_KEY_FILE; do
    eval "value=\$$name"
    [ -z "$value" ] || matches "$value" '/[A-Za-z0-9/_.@+-]*' || problem "$name=$value must be a path from the root on, without spaces or quotes."
  done
  [ -z "$NGINX_USER" ] || matches "$NGINX_USER" '[a-z_][a-z0-9_-]*' || problem "NGINX_USER=$NGINX_USER must be the name of a user."
  matches "$LISTEN_ADDRESS" '[0-9.]+|\[[0-9a-f:]+\]' || problem "LISTEN_ADDRESS=$LISTEN_ADDRESS must be an address."
  for host in $(each_of "$ALLOWED_HOSTS"); do
    matches "$host" '[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]' ||
      problem "ALLOWED_HOSTS has \"$host\": write names alone, without a scheme, a port or a path, by comma."
  done
  [ -z "$API_URL" ] ||
    { matches "$API_URL" '/|https?://([A-Za-z0-9_.-]+|\{hostname\})(:[1-9][0-9]{0,4})?' && is_port "$(port_of "$API_URL")"; } ||
    problem "API_URL=$API_URL must be an origin ({hostname} stands for the page's host), / for the page's own, or empty for port 8086 of the page's host."
  [ "$WEB_PORT" != "$API_PORT" ] || problem "WEB_PORT and API_PORT are both $API_PORT. Each needs a port of its own."
  [ -r "$WEB_ROOT/index.html" ] || problem "WEB_ROOT=$WEB_ROOT holds no index.html. Build the app there: npm run build."
  if [ -n "$TLS_CERTIFICATE_FILE$TLS_CERTIFICATE_KEY_FILE" ]; then
    [ -r "$TLS_CERTIFICATE_FILE" ] || problem "TLS_CERTIFICATE_FILE=$TLS_CERTIFICATE_FILE cannot be read by $(id -un)."
    [ -r "$TLS_CERTIFICATE_KEY_FILE" ] || problem "TLS_CERTIFICATE_KEY_FILE=$TLS_CERTIFICATE_KEY_FILE cannot be read by $(id -un)."
    for port in "$WEB_PORT" "$API_PORT"; do
      [ "$port" != "$TLS_PORT" ] || problem "TLS_PORT is $TLS_PORT, and so is another. Each needs a port of its own."
    done
  fi
  set +f
}

# A value with a line break is refused, because grep would accept it if one of its lines matched.
matches() { [ "$(printf %s "$1" | wc -l)" -eq 0 ] && printf %s "$1" | grep -Eqx -- "$2"; }
port_of() { printf %s "$1" | sed -n 's/.*:\([0-9]*\)$/\1/p'; }
is_port() { [ "${1:-1}" -le 65535 ]; }
each_of() { printf %s "$1" | tr ',' '\n'; }
trim() { printf %s "$1" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//'; }

# Regular expressions, because nginx ignores the case of plain keys in a map and would allow
# HTTP://LOCALHOST:4100, which the API refuses. The value is a constant, never text from the request.
origins_map() {
  printf 'map $http_origin $granted_origin {\n  default "";\n'
  printf '%s\n' "$WEB_ORIGINS" | tr ',' '\n' | while read -r origin; do
    origin=$(trim "$origin")
    printf '  "~^%s$" "%s";\n' "$(printf %s "$origin" | sed 's/[].+[]/\\&/g')" "$origin"
  done | sort -u
  printf '}\n'
}

# The host names under which nginx answers; policy/hosts.ts in packages/contracts has the same rule and its
# reason. `$host` has neither a port nor a trailing dot, and is in lower case.
hosts_map() {
  printf 'map $host $is_unknown_host {\n  default yes;\n  "" "";\n'
  {
    each_of "$WEB_ORIGINS" && printf '\n'
    printf '%s\n%s\n' "$API_URL" "$JWT_ISSUER"
  } | while read -r url; do host_of "$(trim "$url")"; done | allowed_entries
  each_of "$ALLOWED_HOSTS" | while read -r host || [ -n "$host" ]; do printf '%s\n' "$host"; done | allowed_entries
  # Unspecified addresses are nobody's; every other address is allowed, because DNS rebinding needs a name.
  printf '  "~^(0\\.0\\.0\\.0|\\[[0:]+(ffff:)?[0:.]+\\])$" yes;\n'
  printf '  "~^(\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+\\]|(.+\\.)?localhost)$" "";\n}\n'
}

# Only what has harmless characters: the issuer may be any text.
host_of() {
  printf '%s\n' "$1" | sed -nE 's#^[a-z][a-z0-9+.-]*://(([A-Za-z0-9_.-]+)|(\[[0-9A-Fa-f:.]+\]))(:[0-9]+)?(/.*)?$#\1#p'
}

allowed_entries() {
  tr 'A-Z' 'a-z' | sed -n 's/\.$//; s/[].[]/\\&/g; /./s/.*/  "~^&$" "";/p' | sort -u
}

upstream() {
  printf 'upstream api {\n  zone api 128k;\n'
  # nginx skips a replica that cannot be reached for two seconds, then lets one request try it: an address
  # that is gone does not answer, and each attempt costs the one second of proxy_connect_timeout.
  for server in $API_SERVERS; do printf '  server %s max_fails=1 fail_timeout=2s;\n' "$server"; done
  # A replica that has just come back is still skipped when the next one goes away. If every server is marked
  # as failed, these backup entries make nginx try each once more instead of answering 502.
  for server in $API_SERVERS; do printf '  server %s max_fails=0 backup;\n' "$server"; done
  # nginx closes idle connections before the API does, so that no request is sent into a connection that the
  # API is closing.
  printf '  keepalive 32;\n  keepalive_timeout 4s;\n}\n'
}

# The caller's address is taken from X-Forwarded-For only if a trusted proxy sent it: from the right, the
# first address that is not a trusted proxy. The caller may have written everything to the left of it.
trusted_proxies() {
  for proxy in $(each_of "$TRUSTED_PROXIES"); do printf 'set_real_ip_from %s;\n' "$proxy"; done
  [ -z "$TRUSTED_PROXIES" ] || printf 'real_ip_header X-Forwarded-For;\nreal_ip_recursive on;\n'
  printf 'geo $realip_remote_addr $sender {\n  default caller;\n'
  for proxy in $(each_of "$TRUSTED_PROXIES"); do printf '  %s proxy;\n' "$proxy"; done
  printf '}\n'
}

# What nginx answers itself is reported by syslog (UDP) to the trace of every replica, because the trace that a
# page reads may be that of any. Only on one's own machine, where the API has a trace (readExposure in apps/api
# has the same rule).
reports() {
  [ -n "$TRACE_SERVERS" ] && is_own_machine || return 0
  for server in $TRACE_SERVERS; do
    for address in $(addresses_of "${server%:*}"); do
      printf 'access_log syslog:server=%s:%s,tag=signet,nohostname exchange if=$is_own_answer;\n' "$address" "${server##*:}"
    done
  done
}

write_reports() {
  reports >"$RUN_DIR/reports.conf"
  # nginx ignores every log beside `access_log off`.
  { grep . "$RUN_DIR/reports.conf" || printf 'access_log off;\n'; } >"$RUN_DIR/once-log.conf"
}

is_own_machine() {
  loopback='(localhost|[a-z0-9_.-]+\.localhost|127(\.[0-9]{1,3}){3}|\[?::1\]?)'
  matches "$PUBLISH_ADDRESS" "$loopback" || return 1
  ! each_of "$WEB_ORIGINS" | grep -Evqx "[[:space:]]*https?://$loopback(:[0-9]+)?[[:space:]]*"
}

render() {
  csp_api=$(csp_source)
  redirect_port=''
  [ "$TLS_PUBLIC_PORT" = 443 ] || redirect_port=":$TLS_PUBLIC_PORT"
  user=''
  [ -z "$NGINX_USER" ] || user="user $NGINX_USER;"
  # Before 1.25.1 `http2` is a parameter of `listen`; since then that is deprecated, and `http2` is
  # a directive.
  http2_listen=' http2'
  http2_directive=''
  if version_is_at_least 1 25 1; then
    http2_listen=''
    http2_directive='http2 on;'
  fi
  # On a reload nginx closes idle connections at once, and a request that is just being sent on one is lost.
  # Since 1.27.4 it can keep them open a little longer; two seconds are enough, and a stop of nginx has to
  # wait for them as well.
  keepalive_min_directive=''
  if version_is_at_least 1 27 4; then keepalive_min_directive='keepalive_min_timeout 2s;'; fi
  sed -e "s|\${RUN_DIR}|$RUN_DIR|g" -e "s|\${WEB_ROOT}|$WEB_ROOT|g" -e "s|\${MIME_TYPES}|$MIME_TYPES|g" \
    -e "s|\${LISTEN_ADDRESS}|$LISTEN_ADDRESS|g" -e "s|\${WEB_PORT}|$WEB_PORT|g" -e "s|\${API_PORT}|$API_PORT|g" \
    -e "s|\${TLS_PORT}|$TLS_PORT|g" -e "s|\${REDIRECT_PORT}|$redirect_port|g" \
    -e "s|\${TLS_CERTIFICATE_FILE}|$TLS_CERTIFICATE_FILE|g" -e "s|\${TLS_CERTIFICATE_KEY_FILE}|$TLS_CERTIFICATE_KEY_FILE|g" \
    -e "s|\${HTTP2_LISTEN}|$http2_listen|g" -e "s|\${HTTP2_DIRECTIVE}|$http2_directive|g" \
    -e "s|\${KEEPALIVE_MIN_DIRECTIVE}|$keepalive_min_directive|g" -e "s|\${API_SECONDS}|$API_SECONDS|g" \
    -e "s|\${SIGN_INS_PER_SECOND}|$SIGN_INS_PER_SECOND|g" -e "s|\${CSP_API}|$csp_api|g" -e "s|\${USER_DIRECTIVE}|$user|g" "$1"
}

# What the page may connect to, besides its own origin. `{hostname}` is the host that the page was opened on.
csp_source() {
  case $API_URL in
    '') printf '$scheme://$page_host:8086' ;;
    /) ;;
    *) printf %s "$API_URL" | sed 's/{hostname}/$page_host/g' ;;
  esac
}

version_is_at_least() {
  nginx -v 2>&1 | sed 's|.*/||; s|[^0-9.].*||' | {
    IFS=. read -r major minor patch
    [ "$major" -gt "$1" ] || { [ "$major" -eq "$1" ] && { [ "$minor" -gt "$2" ] || { [ "$minor" -eq "$2" ] && [ "${patch:-0}" -ge "$3" ]; }; }; }
  }
}

# nginx resolves a name once, when it reads its configuration. This loop notices a replica that was added or
# came back with another address, and reloads nginx. A replica that went away needs no reload, because nginx
# skips it.
follow_replicas() {
  known=$1
  # The loop ends with nginx, because its process id may later belong to another process.
  while sleep 2 && kill -0 "$$" 2>/dev/null; do
    current=$(addresses)
    for address in $current; do
      case " $(printf %s "$known" | tr '\n' ' ') " in
        *" $address "*) ;;
        *)
          # $$ is the process that `exec` turned into nginx.
          write_reports
          kill -HUP "$$" && known=$current
          break
          ;;
      esac
    done
  done
}

addresses() {
  for server in $API_SERVERS; do
    case ${server%:*} in
      *[!0-9.]*) addresses_of "${server%:*}" ;;
    esac
  done
}

addresses_of() { getent ahostsv4 "$1" | sed 's/ .*//' | sort -u; }

main "$@"
