# Two images: `--target api` (the API and its command line) and `--target web` (nginx with the app).
# Layers that rarely change come first, so that an edit of the source does not compile dependencies again.

# Tags, so that a rebuild brings security fixes; docs/operations.md pins them by digest.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG NGINX_IMAGE=nginx:stable

FROM ${NODE_IMAGE} AS manifests
WORKDIR /signet
COPY package.json package-lock.json .npmrc ./
COPY tools/node-gyp tools/node-gyp
COPY packages/contracts/package.json packages/contracts/
COPY packages/doctor/package.json packages/doctor/
COPY packages/rig/package.json packages/rig/
COPY apps/api/package.json apps/api/
COPY apps/web/package.json apps/web/
COPY apps/e2e/package.json apps/e2e/
COPY postman/package.json postman/

# What the API needs at run time. If no prebuilt binary of sqlite3 can be downloaded, npm compiles it.
FROM manifests AS dependencies
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
RUN npm ci --omit=dev --workspace @signet/api --no-audit --no-fund
COPY tools/keep-runtime-modules.mjs tools/
RUN node tools/keep-runtime-modules.mjs apps/api/package.json node_modules

FROM manifests AS sources
RUN npm ci --ignore-scripts --workspace @signet/api --workspace @signet/web --workspace @signet/contracts --workspace @signet/doctor --include-workspace-root --no-audit --no-fund
COPY tsconfig.base.json ./
COPY packages/contracts packages/contracts
COPY packages/doctor packages/doctor

FROM sources AS built-api
COPY apps/api apps/api
RUN npm run build --workspace @signet/api

FROM sources AS built-web
COPY apps/web apps/web
RUN npm run build --workspace @signet/web

FROM ${NODE_IMAGE} AS api
WORKDIR /signet/apps/api
# A new volume takes the owner of the folder that it is mounted on, so /data must exist and belong to the
# process's user.
RUN mkdir /data && chown node:node /data \
  && printf '#!/bin/sh\nexec node /signet/apps/api/dist/cli.js "$@"\n' >/usr/local/bin/signet && chmod 755 /usr/local/bin/signet
COPY --from=dependencies /signet/node_modules /signet/node_modules
COPY --from=built-api /signet/apps/api/package.json ./
COPY --from=built-api /signet/apps/api/assets assets
COPY --from=built-api /signet/apps/api/dist dist
ENV HOST=0.0.0.0 PORT=8086 DATA_DIR=/data
USER 1000:1000
EXPOSE 8086
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8086/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]

FROM ${NGINX_IMAGE} AS web
COPY nginx /etc/signet
COPY --from=built-web /signet/apps/web/dist /srv/web
USER 101:101
EXPOSE 4100 4443 8086
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s --retries=3 CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:4100/"]
# nginx's graceful stop: it finishes the requests in progress.
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/etc/signet/start.sh"]
CMD []
