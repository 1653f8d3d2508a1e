import type { HttpOptions } from "../api/http.js";
import { keepParts } from "../api/widget-files.js";
import type { Ground } from "../ground.js";
import { IDENTITY_KEYS, IdentityKeys } from "../proxy/identity-keys.js";
import { ProxyRole } from "../proxy/proxy.js";
import { measureLag } from "./lag.js";

export type VisitorsOptions = Pick<HttpOptions, "pictures" | "refused" | "defaultFlow">;

/** Holds visitors' sockets and answers what their pages ask for. */
export class Visitors {
  readonly proxy: ProxyRole;
  /** Of `httpApp`: what every port of the process says alike. */
  readonly http: Omit<HttpOptions, "studio" | "visitors">;

  constructor(
    private readonly ground: Ground,
    options: VisitorsOptions,
  ) {
    const { config, log, registry, metrics, now, random, descriptors, tracer } = ground;
    this.proxy = new ProxyRole({
      ...{ config, log, registry, metrics, now, random, descriptors, tracer },
      logger: ground.child("proxy"),
      identityKeys: new IdentityKeys(config.identityKeys ?? ground.file(IDENTITY_KEYS)),
      defaultFlow: options.defaultFlow,
      full: () => ground.full,
    });
    ground.holds(this.proxy);
    measureLag(ground, "proxy", () => this.proxy.places);
    metrics.measure(() => {
      metrics.lagging.set(this.proxy.lagging);
      metrics.held.set(this.proxy.sessions);
    });
    this.http = { ...httpOf(ground), ...options, kept: ground.file("widget") };
  }

  /** Resolves when upgrades can be answered. */
  async start(): Promise<void> {
    const { kept, logger } = this.http;
    if (kept !== undefined) {
      await keepParts(kept).catch((error: unknown) => logger.warn({ err: error }, "the widget's parts are not kept"));
    }
    this.proxy.start(this.ground.signal);
  }
}

/** What a process answers over HTTP whatever it does. */
export function httpOf(ground: Ground) {
  const { config, registry, metrics, log, state, keys, space, tracer } = ground;
  const { clusterToken: token } = config;
  return {
    ...{ config, registry, metrics, tracer },
    ...(keys && token !== undefined && { keys: { of: keys, token } }),
    logger: ground.child("http"),
    state: () => state,
    health: () => log.health(),
    disk: () => space?.health(),
  };
}
