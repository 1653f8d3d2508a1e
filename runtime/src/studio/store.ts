import type Database from "better-sqlite3";
import { giveSpaceBack } from "../schema/space.js";
import { WebhookRows } from "../webhooks/webhook-rows.js";
import { Blobs } from "./blobs.js";
import { openDatabase } from "./database.js";
import { DraftLinks } from "./draft-links.js";
import { Drafts } from "./drafts.js";
import { Erasures } from "./erasures.js";
import { FlowRows } from "./flow-rows.js";
import { FlowTests } from "./flow-tests.js";
import { HeldVersions } from "./held-versions.js";
import { Notes } from "./notes.js";
import { People } from "./people.js";
import { Pictures } from "./pictures.js";
import { Profiles } from "./profiles.js";
import { Availabilities, Queues, ReadMarks } from "./queues.js";
import { SavedReplies } from "./saved-replies.js";
import { Sessions } from "./sessions.js";
import { Tokens } from "./tokens.js";

/** The studio's file: what people make that is not on the log, and who may enter. */
export class StudioStore {
  readonly #db: Database.Database;
  readonly blobs: Blobs;
  readonly flows: FlowRows;
  readonly drafts: Drafts;
  readonly tests: FlowTests;
  readonly held: HeldVersions;
  readonly pictures: Pictures;
  readonly people: People;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly links: DraftLinks;
  readonly erasures: Erasures;
  readonly webhooks: WebhookRows;
  readonly queues: Queues;
  readonly available: Availabilities;
  readonly readMarks: ReadMarks;
  readonly replies: SavedReplies;
  readonly notes: Notes;
  readonly profiles: Profiles;

  /** @throws UserError `studio-store` */
  constructor(file: string, now: () => number) {
    this.#db = openDatabase(file);
    this.blobs = new Blobs(this.#db);
    this.flows = new FlowRows(this.#db);
    this.drafts = new Drafts(this.#db, this.blobs);
    this.tests = new FlowTests(this.#db);
    this.held = new HeldVersions(this.#db, this.blobs);
    this.pictures = new Pictures(this.#db);
    this.people = new People(this.#db, now());
    this.sessions = new Sessions(this.#db, now);
    this.tokens = new Tokens(this.#db, now);
    this.links = new DraftLinks(this.#db, this.blobs, now);
    this.erasures = new Erasures(this.#db);
    this.webhooks = new WebhookRows(this.#db);
    this.queues = new Queues(this.#db);
    this.available = new Availabilities(this.#db);
    this.readMarks = new ReadMarks(this.#db);
    this.replies = new SavedReplies(this.#db);
    this.notes = new Notes(this.#db);
    this.profiles = new Profiles(this.#db);
  }

  /** All or nothing. */
  transaction<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  /**
   * Takes what was deleted out of the files, which give free pages back to the disk, some MB at a time.
   * @returns false while a reader elsewhere holds it up
   */
  scrub(): boolean {
    const before = this.#db.pragma("busy_timeout", { simple: true }) as number;
    this.#db.pragma("busy_timeout = 0");
    try {
      giveSpaceBack(this.#db, 1_000);
      const [done] = this.#db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
      return done?.busy === 0;
    } finally {
      this.#db.pragma(`busy_timeout = ${before}`);
    }
  }

  /** Another value whenever another process has written. */
  get outsideChanges(): number {
    return this.#db.pragma("data_version", { simple: true }) as number;
  }

  /** The address of the running server, for commands beside it. */
  get address(): string | undefined {
    return this.#db.prepare<[], { value: string }>("SELECT value FROM about WHERE name = 'address'").get()?.value;
  }

  set address(url: string) {
    this.#db.prepare("INSERT OR REPLACE INTO about VALUES ('address', ?)").run(url);
  }

  close(): void {
    this.#db.close();
  }
}
