import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import {
  MAX_PREVIEW_ANSWERS,
  type MadePreview,
  type NewPreview,
  type PreviewChange,
  type PreviewTrace,
} from "@parley/shared/api/preview";
import type { StudioServerFrame } from "@parley/shared/api/socket";
import { actOf, isInput, type LogRecord } from "@parley/shared/record";
import { wordsOf } from "@parley/shared/session/words";
import { jsonBytes } from "@parley/shared/text";
import type { Logger } from "pino";
import type { Config } from "../config.js";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog, createMemoryStore, forgetSession } from "../log/memory.js";
import { createMetrics, type Metrics } from "../metrics.js";
import { IdentityKeys } from "../proxy/identity-keys.js";
import { ProxyRole } from "../proxy/proxy.js";
import { newSid } from "../proxy/sessions.js";
import { Refusal } from "../studio/refusal.js";
import { placeMemory } from "../workflow/place.js";
import { Workflow } from "../workflow/workflow.js";
import { Eavesdropper } from "./eavesdropper.js";
import { Preview } from "./preview.js";
import { previewDoor, roomOf } from "./preview-door.js";
import { PreviewVersions } from "./preview-versions.js";
import { Tickets } from "./tickets.js";
import { Watched } from "./trace.js";

/**
 * Who asks for a preview, and the tab that is told of it. A guest is a reader of a draft link: his page has no tab and asks
 * from time to time, and a phone may be put away meanwhile.
 */
export type Asker = { readonly owner: string; readonly tab: string | undefined; readonly guest?: true };
export type PreviewsOptions = {
  readonly config: Config;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
  /** Whether that session or token is still good. */
  readonly mayStay: (owner: string) => boolean;
  /** The tabs of the studio. */
  readonly tabs: {
    readonly has: (tab: string) => boolean;
    readonly tell: (tab: string, frame: StudioServerFrame) => void;
  };
};

/** Previews of one person at once, and of the readers of one link: of more the oldest ends. */
const PER_OWNER = 8;
const PER_LINK = 20;
const MOST = 200;
/** Guests leave room for who works on flows. */
const MOST_GUESTS = 100;
/** Bytes of all drafts as JSON together; compiled they take some ten times that. */
const MOST_BYTES = 64 * 1024 * 1024;
/** How long a preview outlives its tab, which may be connecting again, and anything else, ms. */
const WITHOUT_TAB = 30_000;
const GUEST_AWAY = 15 * 60_000;
const OLDEST = 24 * 3_600_000;
const SWEEP = 5_000;

type Held = {
  readonly preview: Preview;
  readonly eavesdropper: Eavesdropper;
  readonly guest: boolean;
  tab: string | undefined;
  /** When its tab was there last, ms. */
  seen: number;
  readonly began: number;
  /** Changes, one after the other. */
  last: Promise<unknown>;
  moving: boolean;
};

/**
 * Previews of drafts: the proxy and the workflow of a server, on a log in memory that holds previews and nothing else.
 * Nothing of a draft or of what is said to it reaches the product's log, projections, counts or metrics.
 */
export class Previews {
  readonly #held = new Map<string, Held>();
  readonly #watched = new Map<string, { readonly held: Held; readonly watched: Watched }>();
  readonly #versions = new PreviewVersions();
  readonly #store = createMemoryStore(1);
  readonly #log: EventLog;
  readonly #tickets: Tickets;
  readonly #proxy: ProxyRole;
  readonly #workflow: Workflow;
  readonly metrics: Metrics = createMetrics({ process: false });

  constructor(private readonly options: PreviewsOptions) {
    const { config, now } = options;
    this.#log = createMemoryLog({ store: this.#store, tail: { records: 1_000, characters: 4 * 1024 * 1024 } });
    this.#tickets = new Tickets(now);
    const common = { log: this.#log, registry: this.#versions, metrics: this.metrics, now, logger: options.logger };
    this.#workflow = new Workflow({ ...common, places: placeMemory() });
    const limits = config.limits && { ...config.limits, recordsPerSession: MAX_PREVIEW_ANSWERS };
    this.#proxy = new ProxyRole({
      ...common,
      config: { ...config, limits },
      random: options.random,
      identityKeys: new IdentityKeys(undefined),
      defaultFlow: () => undefined,
      door: previewDoor({ tickets: this.#tickets, held: this.#held, now }),
    });
  }

  async start(signal: AbortSignal): Promise<void> {
    const head = await this.#log.head(0);
    void this.#follow(head, signal);
    await this.#workflow.start(signal);
    this.#proxy.start(signal);
    const timer = setInterval(() => this.#sweep(), SWEEP);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  get count(): number {
    return this.#held.size;
  }
  /** Records that memory holds, of all previews. */
  get records(): number {
    return this.#store.records.length;
  }

  /** Answers an upgrade at `/preview`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#proxy.upgrade(request, socket, head);
  }

  stopTaking(): void {
    this.#proxy.stopTaking();
  }

  /** Closes every socket with "come back", the times spread over `jitter` ms. */
  closeAll(jitter: number, deadline: number): Promise<void> {
    return this.#proxy.closeAll(jitter, deadline);
  }

  async close(): Promise<void> {
    await this.#workflow.ended();
    await this.#log.close();
  }

  /** Begins a preview of a draft; it ends with the tab that asked. @throws Refusal */
  async make(asker: Asker, flow: string, made: NewPreview): Promise<MadePreview> {
    const now = this.options.now();
    const bytes = jsonBytes(made.draft.flow);
    const own = [...this.#held.values()].filter(({ preview }) => preview.owner === asker.owner);
    const most = asker.guest ? PER_LINK : PER_OWNER;
    for (const oldest of own.slice(0, Math.max(0, own.length + 1 - most))) this.#drop(oldest);
    this.#makeRoom(bytes);
    if (asker.guest && this.guests().length >= MOST_GUESTS) throw full();
    const preview = new Preview({ owner: asker.owner, flow }, made, bytes, now);
    const held: Held = {
      preview,
      eavesdropper: new Eavesdropper(preview.id, now, (frame) => this.#tell(held, frame)),
      guest: asker.guest === true,
      tab: asker.tab,
      seen: now,
      began: now,
      last: Promise.resolve(),
      moving: false,
    };
    this.#held.set(preview.id, held);
    await this.#queue(held, () => this.#begin(held));
    return { ticket: this.#tickets.make(preview.id), trace: preview.trace() };
  }

  /** Takes a change over and moves the preview's sockets to what follows from it. @throws Refusal */
  async change(asker: Asker, flow: string, id: string, change: PreviewChange): Promise<PreviewTrace> {
    const held = this.#find(asker, flow, id);
    held.tab = asker.tab ?? held.tab;
    held.seen = this.options.now();
    const bytes = change.draft && jsonBytes(change.draft.flow);
    if (bytes !== undefined) this.#makeRoom(bytes - held.preview.bytes);
    const { watch, ...moves } = change;
    if (watch !== undefined) held.eavesdropper.watch(watch);
    if (Object.keys(moves).length > 0) {
      await this.#queue(held, async () => {
        if (!this.#held.has(id)) throw gone();
        if (bytes !== undefined) held.preview.bytes = bytes;
        await this.#move(held, moves);
      });
    }
    return held.preview.trace();
  }

  /** Looks at a preview; whoever does is still there. @throws Refusal */
  look(asker: Asker, flow: string, id: string): PreviewTrace {
    const held = this.#find(asker, flow, id);
    held.seen = this.options.now();
    return held.preview.trace();
  }

  /** What a state of a preview says, as plain text without what visitors answered. @throws Refusal */
  wordsOf(asker: Asker, flow: string, id: string, state: string): string {
    const { program } = this.#find(asker, flow, id).preview;
    const message = program.states.get(state)?.send?.(() => undefined);
    return message === undefined ? "" : wordsOf(message);
  }

  /** The previews of readers of links, those of one flow or all. */
  guests(flow?: string): readonly { readonly owner: string; readonly id: string }[] {
    return [...this.#held.values()]
      .filter(({ guest, preview }) => guest && (flow === undefined || preview.flow === flow))
      .map(({ preview: { owner, id } }) => ({ owner, id }));
  }

  /** Ends a preview: its sockets close for good. @throws Refusal */
  end(asker: Asker, flow: string, id: string): void {
    this.#drop(this.#find(asker, flow, id));
  }

  /** Ends the previews whose owner may not be here any more. */
  check(): void {
    for (const held of this.#held.values()) if (!this.options.mayStay(held.preview.owner)) this.#drop(held);
  }

  #find({ owner }: Asker, flow: string, id: string): Held {
    const held = this.#held.get(id);
    if (held?.preview.owner !== owner || held.preview.flow !== flow) throw gone();
    return held;
  }

  #makeRoom(more: number): void {
    let bytes = more;
    for (const { preview } of this.#held.values()) bytes += preview.bytes;
    if (more <= 0 || (this.#held.size < MOST && bytes <= MOST_BYTES)) return;
    throw full();
  }

  #queue(held: Held, run: () => Promise<void>): Promise<void> {
    const next = held.last.then(run);
    held.last = next.catch(() => undefined);
    return next;
  }

  /** Makes the session that the preview is now, and waits until the bot has said all of it. */
  async #begin(held: Held): Promise<void> {
    const { preview } = held;
    const { program, settings, from } = preview;
    preview.version += 1;
    this.#versions.add(preview.id, preview.version, { program, settings, ...(from !== undefined && { start: from }) });
    const sid = newSid();
    const watched = new Watched();
    this.#watched.set(sid, { held, watched });
    const inputs = preview.begin(sid, new Date(this.options.now()).toISOString());
    preview.sid = sid;
    preview.watched = watched;
    // An act of a person cuts what is under way (L8): what stands before it is answered first.
    const acts = inputs.flatMap((input, i) => (actOf(input)?.kind === "Takeover" ? [i] : []));
    for (const [i, from] of [0, ...acts].entries()) {
      const to = acts[i] ?? inputs.length;
      await this.#log.append(inputs.slice(from, to));
      await watched.answered(to);
    }
    this.#versions.drop(preview.id, preview.version);
  }

  async #move(held: Held, change: Omit<PreviewChange, "watch">): Promise<void> {
    const { preview } = held;
    const { sid } = preview;
    held.moving = true;
    try {
      await this.#proxy.move(sid, async () => {
        // What was taken last is answered before it is given again.
        const read = await this.#log.read(sid);
        await preview.watched?.answered(new Set(read.filter(isInput).map(({ id }) => id)).size);
        preview.catchUp();
        preview.change(change, this.options.now());
        await this.#begin(held);
        return roomOf(preview);
      });
    } finally {
      held.moving = false;
      if (preview.sid !== sid) this.#forget(sid);
    }
  }

  async #follow(from: string, signal: AbortSignal): Promise<void> {
    for (let after = from; !signal.aborted; ) {
      try {
        for await (const batch of this.#log.subscribe(0, after, { signal })) {
          if ("gap" in batch) continue;
          for (const record of batch.records) this.#push(record);
          after = batch.cursor;
        }
      } catch (error) {
        if (signal.aborted) return;
        this.options.logger.warn({ err: error }, "the log of previews is read again");
        await delay(50, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #push(record: LogRecord): void {
    const known = this.#watched.get(record.sid);
    if (!known) return;
    const { held, watched } = known;
    held.eavesdropper.record(record, this.options.now());
    if (watched.push(record) && held.preview.watched === watched && !held.moving && watched.settled) {
      this.#tell(held, { kind: "PreviewTrace", trace: held.preview.trace() });
    }
  }

  #tell(held: Held, frame: StudioServerFrame): void {
    if (held.tab !== undefined) this.options.tabs.tell(held.tab, frame);
  }

  #drop(held: Held): void {
    const { preview } = held;
    this.#held.delete(preview.id);
    this.#tell(held, { kind: "PreviewEnded", preview: preview.id });
    void held.last.then(() => {
      this.#proxy.closeSession(preview.sid);
      this.#forget(preview.sid);
      this.#versions.drop(preview.id);
    });
  }

  #forget(sid: string): void {
    this.#watched.delete(sid);
    forgetSession(this.#store, sid);
  }

  #sweep(): void {
    this.check();
    const now = this.options.now();
    for (const held of this.#held.values()) {
      if (held.tab !== undefined && this.options.tabs.has(held.tab)) held.seen = now;
      if (now - held.seen > (held.guest ? GUEST_AWAY : WITHOUT_TAB) || now - held.began > OLDEST) this.#drop(held);
    }
  }
}

const full = (): Refusal =>
  new Refusal("too-many-requests", "Too many previews are open on this server. Close one and try again.");
const gone = (): Refusal => new Refusal("not-found", "This preview has ended.");
