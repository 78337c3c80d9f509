# syntax=docker/dockerfile:1
#
# One image for each deployable, all from this file:
#   docker build --target service --build-arg APP=gateway    -t muster-gateway .      (or activation, lease-renewal, counting, dns-registrar, authority)
#   docker build --target cli     --build-arg APP=cli        -t muster-cli .
#
# The current LTS; give a digest here to build the same image for ever.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS node
ENV NPM_CONFIG_UPDATE_NOTIFIER=false NPM_CONFIG_CACHE=/tmp/npm-cache

# The manifests alone, so that a change of code does not install everything again.
FROM node AS manifests
WORKDIR /src
COPY . .
RUN mkdir /manifests \
 && cp package.json package-lock.json .npmrc /manifests/ \
 && find apps libs -name package.json -exec cp --parents '{}' /manifests/ ';'

FROM node AS build
WORKDIR /src
COPY --from=manifests /manifests/ ./
RUN --mount=type=cache,target=/tmp/npm-cache npm ci
COPY . .
ENV CI=true NX_DAEMON=false
RUN npm run build

# What one app needs to run: no compiler, no test package, no neighbour that it does not import.
FROM node AS dependencies
ARG APP
WORKDIR /src
COPY --from=manifests /manifests/ ./
COPY deploy/runtime-manifests.js deploy/
RUN node deploy/runtime-manifests.js "${APP}" /runtime > /tmp/folders
WORKDIR /runtime
# The lock file is cut down to this app, keeping its versions; then it is installed as it says. No package may run a script of its own.
RUN --mount=type=cache,target=/tmp/npm-cache \
    npm install --package-lock-only --ignore-scripts \
 && npm ci --omit=optional --ignore-scripts
COPY --from=build /src /built
RUN while read -r folder; do \
      for part in dist bin guard; do \
        if [ -d "/built/${folder}/${part}" ]; then cp -R "/built/${folder}/${part}" "${folder}/"; fi; \
      done; \
    done < /tmp/folders \
 && find . -path ./node_modules -prune -o \( -name '*.spec.*' -o -name '*.tsbuildinfo' \) -type f -exec rm -f '{}' +

FROM node AS runtime
ARG APP
ENV NODE_ENV=production APP_NAME=${APP}
WORKDIR /app
# Root owns the code and an ordinary user runs it: a service cannot change itself.
COPY --from=dependencies /runtime/ ./
COPY deploy/healthcheck.js ./
USER 1000:1000

FROM runtime AS service
ENV MUSTER_HTTP_PORT=6878
EXPOSE 6878
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 CMD ["node", "healthcheck.js"]
# `exec`: the service itself gets SIGTERM and ends what it has begun.
CMD ["sh", "-c", "exec node apps/${APP_NAME}/dist/main.js"]

FROM runtime AS cli
# A fresh named volume takes the owner of the folder that it covers, so secrets can be made and shared out by an ordinary user.
USER 0:0
COPY deploy/share-secrets.js ./
RUN install -d -o 1000 -g 1000 -m 0750 /made /secrets \
 && for audience in postgres migrate nats gateway activation lease-renewal counting dns-registrar operator integration; do \
      install -d -o 1000 -g 1000 -m 0750 "/secrets/${audience}"; \
    done
USER 1000:1000
ENTRYPOINT ["node", "apps/cli/bin/muster.js"]
CMD ["--help"]
