# Two stages: the first builds with all packages, the second contains only what runs.
FROM node:24.21.0-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Without install scripts: the only native module includes its binary, and the build is a separate step below.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts && node src/service/prune.ts node_modules

FROM node:24.21.0-trixie-slim
LABEL org.opencontainers.image.title="asterisk-ari-exporter" \
      org.opencontainers.image.licenses="Apache-2.0"
ARG REVISION=unknown
ENV NODE_ENV=production \
    EXPORTER_REVISION=${REVISION} \
    HTTP_HOST=0.0.0.0 \
    DB_PATH=/data/callcenter.db
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 9745
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "require('node:net').connect(9745, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
