# Parley as one image. What it is started with says what it does: `serve`, `serve --role proxy`, `setup`, `login`…
# (docs/operations.md, Containers).

FROM node:24-bookworm AS build
WORKDIR /parley
# The manifests before the sources: while these are the same, the packages are not fetched again.
COPY package.json package-lock.json ./
COPY shared/package.json shared/
COPY runtime/package.json runtime/
COPY widget/package.json widget/
COPY studio/package.json studio/
COPY e2e/package.json e2e/
RUN ["npm", "ci", "--include=dev", "--no-audit", "--no-fund"]
COPY . .
RUN ["node", "scripts/build.mjs"]
# The studio is files by now. What it was made of stays behind, with all that only builds or tests. The packages are not
# installed anew for the last stage: some need a compiler while they are installed.
RUN ["npm", "pkg", "delete", "dependencies", "--workspace", "@parley/studio"]
RUN ["npm", "prune", "--omit=dev", "--no-audit", "--no-fund"]
RUN ["mkdir", "data"]

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=9998 DATA_DIR=/data
WORKDIR /parley
COPY --from=build /parley/node_modules node_modules
COPY --from=build /parley/shared/package.json shared/
COPY --from=build /parley/shared/dist shared/dist
COPY --from=build /parley/runtime/package.json runtime/
COPY --from=build /parley/runtime/bin runtime/bin
COPY --from=build /parley/runtime/dist runtime/dist
COPY --from=build /parley/widget/dist widget/dist
COPY --from=build /parley/studio/dist studio/dist
COPY --from=build /parley/flows flows
# An empty folder that is the user's own: a new volume takes its owner from it.
COPY --from=build --chown=1000:1000 /parley/data /data
# `node`, by number: Kubernetes does not believe that a name is not root's.
USER 1000:1000
EXPOSE 9998
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "runtime/bin/health.js"]
ENTRYPOINT ["node", "--disallow-code-generation-from-strings", "runtime/bin/parley.js"]
CMD ["serve", "flows/bot-assistant.json"]
