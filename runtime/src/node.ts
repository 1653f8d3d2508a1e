import type { Logger } from "pino";
import { healthApp, httpApp } from "./api/http.js";
import type { Config } from "./config.js";
import { UserError } from "./errors.js";
import { Ground } from "./ground.js";
import { FetchedPictures } from "./pictures/fetched-pictures.js";
import { RefusedOrigins } from "./proxy/refused-origins.js";
import { hearRefused, tellRefused } from "./proxy/refused-signals.js";
import { stepping } from "./roles/stepping.js";
import { StudioSide, servedFiles } from "./roles/studio-side.js";
import { httpOf, Visitors } from "./roles/visitors.js";

/** A process that does one thing of several, beside others over a shared log. */
export type Node = {
  /** What to print: a name and an address. */
  readonly addresses: readonly (readonly [name: string, url: string])[];
  /** Stops taking work, hands on what it has, lets go of everything. Idempotent. */
  drain(): Promise<void>;
};

/**
 * Builds and starts one role.
 * @throws UserError, LogOpenError, DataFolderError for whatever a user can mend
 */
export async function createNode(config: Config, logger: Logger): Promise<Node> {
  const { role } = config;
  if (config.log === undefined) {
    const message = `A ${role} of its own needs a log that processes share: set LOG, as nats://host:4222.`;
    throw new UserError("no-shared-log", message, { exitCode: 2 });
  }
  const served = role === "studio" ? await servedFiles(config.flows) : undefined;
  if (!served && config.flows.length > 0) logger.info(`a ${role} leaves flow files to the studio`);
  const ground = await Ground.open(config, logger);
  try {
    const start = served ? startStudio(ground, served) : role === "proxy" ? startProxy(ground) : startWorkflow(ground);
    const addresses = await start;
    ground.started();
    return { addresses, drain: () => ground.drain() };
  } catch (error) {
    await ground.close();
    throw error;
  }
}

/** Visitors and nothing else. What it keeps is pictures and the widget's earlier parts: nothing that grows with the log. */
async function startProxy(ground: Ground): Promise<Node["addresses"]> {
  const { config, registry, log } = ground;
  const pictures = new FetchedPictures({
    ...{ folder: ground.file("pictures")!, studio: config.studioUrl, room: config.pictures.server },
    logger: ground.child("pictures"),
  });
  const refused = tellRefused(log, ground.signal);
  const visitors = new Visitors(ground, { pictures, refused, defaultFlow: () => registry.flows()[0] });
  const { http, proxy } = visitors;
  const measured = config.adminPort === undefined;
  const app = httpApp({ ...http, measured, visitors: true, studio: undefined });
  const server = ground.server(app, (...upgrade) => proxy.upgrade(...upgrade));
  await visitors.start();
  const port = await ground.listen(server, config.port);
  if (!measured) await ground.listen(ground.server(healthApp(http)), config.adminPort);
  const url = config.publicUrl?.href ?? ground.address(port);
  return [["Demo page", url], ["Websocket", url.replace(/^http/, "ws")], healthAt(ground, port)];
}

async function startWorkflow(ground: Ground): Promise<Node["addresses"]> {
  const workflow = stepping(ground);
  const port = await ground.listen(ground.server(healthApp(httpOf(ground))), ground.config.port);
  await workflow.start(ground.signal);
  return [healthAt(ground, port)];
}

async function startStudio(
  ground: Ground,
  served: Awaited<ReturnType<typeof servedFiles>>,
): Promise<Node["addresses"]> {
  const { config, registry, log } = ground;
  const side = await StudioSide.open(ground, served);
  const refused = new RefusedOrigins(ground.now);
  hearRefused(log, refused, ground.signal);
  if (config.publicUrl === undefined) ground.logger.warn("set PUBLIC_URL: the studio does not know where visitors are");
  const app = httpApp({
    ...httpOf(ground),
    ...{ pictures: side.studio.pictures, visitors: false, defaultFlow: () => registry.flows()[0] },
    studio: side.http(() => config.publicUrl?.href, refused),
  });
  await side.start();
  const port = await ground.listen(side.server(app), config.port);
  side.follow();
  return [["Studio", side.address(port)], healthAt(ground, port)];
}

/** Of this very process, whatever leads to it. */
const healthAt = (ground: Ground, port: number) => ["Health", `${ground.address(port)}readyz`] as const;
