import { basename } from "node:path";
import { CONVERSATION_ID } from "@parley/shared/api/conversations";
import type { Happened, VisitorTyping } from "@parley/shared/api/socket";
import type { Logger } from "pino";
import { type Config, isLoopback } from "../config.js";
import type { EventLog } from "../log/event-log.js";
import { hearTyping, tellTyping } from "../log/typing-signals.js";
import type { InboxDesk } from "../operators/inbox.js";
import { type Watched, watch } from "../operators/watch.js";
import { Previews } from "../preview/previews.js";
import { type FlowFile, takeFile } from "../registry/flow-files.js";
import type { Registry } from "../registry/registry.js";
import { followDrafts } from "../sharing/follow-drafts.js";
import { StudioEvents } from "./events.js";
import { LiveFollower } from "./follow.js";
import { BUILT_IN } from "./people.js";
import { PictureCollector } from "./picture-collector.js";
import { PictureShelf } from "./picture-shelf.js";
import { readPicturesBeside } from "./pictures-beside.js";
import { Refusal } from "./refusal.js";
import type { SiteConfig } from "./site.js";
import { StudioSocket } from "./socket.js";
import { StudioStore } from "./store.js";
import { waitingRoom } from "./waiting-room.js";

export type StudioOptions = {
  readonly config: Config;
  /** The studio's file, or ":memory:". */
  readonly file: string;
  readonly registry: Registry;
  readonly log: Pick<EventLog, "follow" | "signal" | "onSignal">;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
};

const HOUR = 3_600_000;

/** The studio's side of the server: its file, its socket, and what keeps it level with the published versions. */
export class Studio {
  readonly store: StudioStore;
  readonly events = new StudioEvents();
  readonly socket: StudioSocket;
  readonly previews: Previews;
  readonly pictures: PictureShelf;
  readonly site: SiteConfig;
  /** The names of the served files by the id of their flow. */
  readonly files = new Map<string, string>();
  /** What the socket shows of conversations that people answer. */
  inbox: InboxDesk | undefined;
  readonly #follower: LiveFollower;
  readonly #collector: PictureCollector;
  #collecting: Promise<unknown> = Promise.resolve();

  /** @throws UserError `studio-store` */
  constructor(private readonly options: StudioOptions) {
    const { config, file, now } = options;
    this.store = new StudioStore(file, now);
    // On a port or in a process of its own the studio is not where PUBLIC_URL leads.
    const beside = config.adminPort !== undefined || config.role === "studio";
    const publicUrl = beside ? undefined : config.publicUrl;
    this.site = { publicUrl, trustProxy: config.trustProxy };
    const common = { ...options, store: this.store, events: this.events, site: this.site };
    this.pictures = new PictureShelf({ store: this.store, room: config.pictures, now });
    this.#collector = new PictureCollector(common);
    this.#follower = new LiveFollower(common);
    this.socket = new StudioSocket({
      ...common,
      watch: (...what) => void this.#watch(...what),
      types: (id, name) => {
        const sid = CONVERSATION_ID.exec(id)?.[1];
        if (sid !== undefined) tellTyping(options.log, sid, { who: "person", name });
      },
      inbox: () => this.inbox,
    });
    const { logger, random } = options;
    const mayStay = (owner: string) => this.#mayStay(owner);
    this.previews = new Previews({
      config,
      now,
      random,
      tabs: this.socket,
      mayStay,
      logger: logger.child({ part: "preview" }),
    });
  }

  /** Publishes the files that say something new, and gives every published flow a draft. */
  async takeFiles(files: readonly FlowFile[]): Promise<void> {
    for (const { id, path } of files) this.files.set(id, basename(path));
    // A version that has to wait finds its flow here.
    await this.#follower.follow();
    for (const file of files) await this.take(file);
    await this.#follower.follow(files);
    for (const file of files) await this.#takePictures(file);
  }

  /** Takes what a served file says now; says in the log what became of it. */
  async take(file: FlowFile): Promise<void> {
    const { registry, logger, now } = this.options;
    await this.#takePictures(file);
    const waiting = waitingRoom(this.store, this.events, now);
    const taken = await takeFile(registry, file, waiting, () => new Date(now()));
    if (!taken) return;
    const flow = file.id;
    if ("published" in taken) return logger.info({ flow, version: taken.published }, "published a flow file");
    const text = "The file changed, and the studio has published since: it waits in the studio, unpublished.";
    logger.warn({ flow, file: file.path }, text);
  }

  /** Takes the pictures in, that a served file names, from `assets/` beside it; says in the log what is not there. */
  async #takePictures(file: FlowFile): Promise<void> {
    const flow = this.store.flows.get(file.id);
    const { missing } = this.pictures.find([JSON.stringify(file.json), JSON.stringify(file.settings)]);
    if (!flow || missing.length === 0) return;
    const found = await readPicturesBeside(file.path, missing);
    for (const name of missing) {
      const bytes = found.get(name);
      try {
        if (!bytes) throw new Refusal("not-found", "There is no such picture on this server or beside the file.");
        this.pictures.take(bytes, { flow, by: `file:${file.id}`, called: name });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.options.logger.warn({ flow: file.id, picture: name, code: error.code }, error.message);
      }
    }
  }

  /** Resolves when previews can begin. */
  async start(signal: AbortSignal): Promise<void> {
    this.socket.start(signal);
    const stopChecking = this.events.on(({ kind }) => kind === "access" && this.previews.check());
    const stopFollowing = followDrafts({
      ...this.options,
      store: this.store,
      previews: this.previews,
      events: this.events,
    });
    const off = this.options.registry.onPublished(() => void this.#follower.follow());
    const timer = setInterval(() => this.#tidy(), HOUR);
    this.#tidy();
    const end = () => {
      off();
      stopChecking();
      stopFollowing();
      clearInterval(timer);
    };
    signal.addEventListener("abort", end, { once: true });
    await this.previews.start(signal);
  }

  /** Whether a session, a token or a draft link still is one. */
  #mayStay(owner: string): boolean {
    const [kind, id = ""] = owner.split(" ");
    if (kind === "session") return this.store.sessions.find(id) !== undefined;
    if (kind === "link") return this.store.links.find(id) !== undefined;
    const token = this.store.tokens.get(id);
    return token !== undefined && token.expires > this.options.now();
  }

  /** States whose time has come while nobody saved, links long over, and pictures that nothing names any more. */
  #tidy(): void {
    const { logger } = this.options;
    try {
      this.store.links.tidy();
      for (const { key } of this.store.flows.all()) this.store.drafts.thin(key, this.options.now());
      this.store.scrub();
    } catch (error) {
      // A disk that is full for a while ends no server.
      logger.warn({ err: error }, "the studio could not be tidied; it is tried again within an hour");
    }
    this.#collecting = this.#collecting
      .then(() => this.#collector.collect())
      .then((gone) => gone.length > 0 && logger.info({ pictures: gone.length }, "removed pictures that nothing names"))
      .catch((error: unknown) => logger.error({ err: error }, "pictures that nothing names could not be removed"));
  }

  /**
   * The address to print. On a loopback address it signs in, once within ten minutes; elsewhere what is printed may be
   * read by others, and `parley login` prints a link.
   * @param root the server's address, ends with "/"
   */
  address(root: string): string {
    this.store.address = root;
    const link = isLoopback(this.options.config.host) ? `/login#${this.store.sessions.makeLink(BUILT_IN)}` : "";
    return `${root}studio${link}`;
  }

  async #watch(
    flow: string,
    id: string,
    tell: (frame: Happened | VisitorTyping) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { log, logger } = this.options;
    const [, sid, n] = CONVERSATION_ID.exec(id) ?? [];
    if (sid === undefined || this.store.flows.get(flow) === undefined) return;
    // Of a conversation of another flow nothing was told, and neither is this.
    let mine = false;
    const told = ({ events, whole, act, holder }: Watched) => {
      mine = true;
      tell({
        ...{ kind: "Happened", conversation: id, whole, events },
        ...(act !== undefined && { act }),
        ...(holder && { holder }),
      });
    };
    const deaf = hearTyping(log, (of, { who }) => {
      if (mine && of === sid && who === "visitor") tell({ kind: "Typing", conversation: id });
    });
    signal.addEventListener("abort", deaf, { once: true });
    await watch(log, { sid, n: Number(n ?? 1), flow }, told, { signal, logger });
  }

  /** Waits for what is under way, then lets go of the file. */
  async close(): Promise<void> {
    await this.#follower.settled();
    await this.#collecting;
    await this.previews.close();
    this.store.close();
  }
}
