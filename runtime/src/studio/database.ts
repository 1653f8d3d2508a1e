import { chmodSync, closeSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { reason, UserError } from "../errors.js";
import { givesSpaceBack } from "../schema/space.js";
import { type Schema, stepForward } from "../schema/step-forward.js";

const ERASURE = `
  -- Who had a visitor's conversation erased, with the tests that went with it. "done" is null until nothing is left.
  CREATE TABLE erasure (
    sid TEXT PRIMARY KEY, flow TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, since TEXT, tests TEXT NOT NULL,
    copies TEXT NOT NULL, done INTEGER
  ) STRICT;
`;
const PICTURES = `
  -- Which pictures the texts name, kept with the text: whether a server has them is another matter.
  CREATE TABLE picture_use (
    blob TEXT NOT NULL REFERENCES blob ON DELETE CASCADE, picture TEXT NOT NULL, PRIMARY KEY (blob, picture)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX picture_use_picture ON picture_use (picture);
  -- "flow": that it was first uploaded for. "unused": since when nothing names it; null while something does.
  CREATE TABLE picture (
    name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    flow INTEGER REFERENCES flow ON DELETE SET NULL, by TEXT NOT NULL, at INTEGER NOT NULL, unused INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE picture_data (name TEXT PRIMARY KEY REFERENCES picture ON DELETE CASCADE, data BLOB NOT NULL) STRICT;
`;
const LINKS = `
  -- What shows a draft to somebody without an account; of its right only the SHA-256. Its texts: the draft as it was when
  -- the link was made. Without them: as it is edited.
  CREATE TABLE draft_link (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, flow INTEGER NOT NULL REFERENCES flow ON DELETE CASCADE,
    json TEXT, layout TEXT, settings TEXT, drawing INTEGER NOT NULL,
    person TEXT REFERENCES person ON DELETE SET NULL,
    created INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX draft_link_json ON draft_link (json);
  CREATE INDEX draft_link_layout ON draft_link (layout);
  CREATE INDEX draft_link_settings ON draft_link (settings);
  -- What readers of a link see of each other's comments. The notes in the draft are others, and stay.
  CREATE TABLE link_comment (
    link TEXT NOT NULL REFERENCES draft_link ON DELETE CASCADE, n INTEGER NOT NULL, about TEXT NOT NULL,
    author TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (link, n)
  ) STRICT, WITHOUT ROWID;
  -- Conversations that readers sent. They outlive the link.
  CREATE TABLE sent_conversation (
    id TEXT PRIMARY KEY, flow INTEGER NOT NULL REFERENCES flow ON DELETE CASCADE, link TEXT NOT NULL,
    author TEXT NOT NULL, inputs TEXT NOT NULL, answers INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sent_conversation_flow ON sent_conversation (flow);
`;
const WEBHOOKS = `
  -- "secret" is the key of the signatures: it has to be there as it is. "texts": 1 sends what a visitor said last.
  CREATE TABLE webhook (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL, texts INTEGER NOT NULL, by TEXT NOT NULL,
    created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- One event for one webhook. "next": when it is tried, null behind its end. "body" is empty then.
  CREATE TABLE delivery (
    webhook TEXT NOT NULL REFERENCES webhook ON DELETE CASCADE, event TEXT NOT NULL, kind TEXT NOT NULL,
    at INTEGER NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, next INTEGER, status INTEGER, problem TEXT,
    sid TEXT, body TEXT NOT NULL, PRIMARY KEY (webhook, event)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX delivery_next ON delivery (next);
  CREATE INDEX delivery_due ON delivery (webhook, next);
  CREATE INDEX delivery_at ON delivery (webhook, at);
  CREATE INDEX delivery_sid ON delivery (sid);
`;
const QUEUES = `
  -- What conversations wait in for people. "hours" as JSON; null: always open.
  CREATE TABLE queue (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, zone TEXT NOT NULL, hours TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE queue_member (
    queue TEXT NOT NULL REFERENCES queue ON DELETE CASCADE, person TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
    PRIMARY KEY (queue, person)
  ) STRICT, WITHOUT ROWID;
  -- Who says that he is there for visitors, since when.
  CREATE TABLE available (
    person TEXT PRIMARY KEY REFERENCES person ON DELETE CASCADE, since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE read_mark (
    person TEXT NOT NULL REFERENCES person ON DELETE CASCADE, sid TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (person, sid)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX read_mark_sid ON read_mark (sid);
`;
const SUPPORT = `
  -- What is said to visitors again and again. "flow": the only one that it is for.
  CREATE TABLE saved_reply (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, flow INTEGER REFERENCES flow ON DELETE CASCADE,
    by TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- What people note about a visitor's session, in its n-th conversation.
  CREATE TABLE note (
    id TEXT PRIMARY KEY, sid TEXT NOT NULL, n INTEGER NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX note_sid ON note (sid, at);
  -- What visitors see in place of an account's name.
  CREATE TABLE profile (
    person TEXT PRIMARY KEY REFERENCES person ON DELETE CASCADE, name TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;
const LIMITS = `
  -- The only flows that somebody may see, as a JSON list of their keys; whoever is not here may see all.
  CREATE TABLE person_limit (
    person TEXT PRIMARY KEY REFERENCES person ON DELETE CASCADE, flows TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;
const FACES = `
  -- The picture that visitors see beside a person's name.
  CREATE TABLE profile_picture (
    person TEXT PRIMARY KEY REFERENCES person ON DELETE CASCADE, picture TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX profile_picture_picture ON profile_picture (picture);
`;
/** From each older schema to the next. */
const STEPS: readonly string[] = [ERASURE, PICTURES, LINKS, WEBHOOKS, QUEUES, SUPPORT, LIMITS, FACES];
const MAKE = `
  -- A flow keeps its key when its id is renamed. "base": the version that the draft last agreed with.
  CREATE TABLE flow (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, archived INTEGER,
    base INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  -- Texts by SHA-256, deflated: states that differ in their drawing share their flow.
  CREATE TABLE blob (digest TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT;
  -- The states of a draft; the last one is the draft.
  CREATE TABLE state (
    flow INTEGER NOT NULL REFERENCES flow ON DELETE CASCADE, n INTEGER NOT NULL, etag TEXT NOT NULL,
    at INTEGER NOT NULL, by TEXT NOT NULL, title TEXT,
    json TEXT NOT NULL, layout TEXT NOT NULL, settings TEXT NOT NULL, text TEXT,
    PRIMARY KEY (flow, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX state_json ON state (json);
  CREATE INDEX state_layout ON state (layout);
  CREATE INDEX state_settings ON state (settings);
  CREATE INDEX state_text ON state (text);
  -- The text that a flow was imported with, by the flow it says.
  CREATE TABLE source (
    flow INTEGER NOT NULL REFERENCES flow ON DELETE CASCADE, json TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (flow, json)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX source_text ON source (text);
  CREATE TABLE test (
    flow INTEGER NOT NULL REFERENCES flow ON DELETE CASCADE, name TEXT NOT NULL, etag TEXT NOT NULL, data TEXT NOT NULL,
    at INTEGER NOT NULL, by TEXT NOT NULL,
    PRIMARY KEY (flow, name)
  ) STRICT, WITHOUT ROWID;
  -- What a served file came to say after the studio had published: a version that waits.
  CREATE TABLE held (
    flow INTEGER NOT NULL REFERENCES flow ON DELETE CASCADE, n INTEGER NOT NULL, json TEXT NOT NULL,
    settings TEXT NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL, against INTEGER NOT NULL,
    PRIMARY KEY (flow, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX held_json ON held (json);
  CREATE INDEX held_settings ON held (settings);

  CREATE TABLE person (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, role TEXT NOT NULL, password TEXT,
    created INTEGER NOT NULL, seen INTEGER
  ) STRICT;
  -- Of links, sessions and tokens only the SHA-256 of the secret.
  CREATE TABLE login_link (
    hash TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person ON DELETE CASCADE, expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE session (
    hash TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person ON DELETE CASCADE, created INTEGER NOT NULL,
    seen INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE token (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL, flows TEXT,
    person TEXT NOT NULL REFERENCES person ON DELETE CASCADE, created INTEGER NOT NULL, expires INTEGER NOT NULL,
    used INTEGER
  ) STRICT;
  CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  ${ERASURE}
  ${PICTURES}
  ${LINKS}
  ${WEBHOOKS}
  ${QUEUES}
  ${SUPPORT}
  ${LIMITS}
  ${FACES}
`;

/** Whether an error says that the file can store nothing now: what was asked for is not to blame. */
export const storesNothing = (error: unknown): boolean =>
  /^SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN)/.test(String((error as { code?: unknown } | undefined)?.code));

/** Notes what nobody misses if it cannot be stored: on a full disk people have to get in to free it. */
export function noteIfPossible(note: () => void): void {
  try {
    note();
  } catch (error) {
    if (!storesNothing(error)) throw error;
  }
}

/** Whoever adds a step adds the file that it leads on from to `schema/fixtures`. */
export const STUDIO_SCHEMA: Schema = { make: MAKE, steps: STEPS };

/**
 * Opens the studio's file, or makes it with mode 0600 (SQLite gives its side files the mode of the file itself). Another
 * process may have it open as well: `parley login` and `parley users` while the server runs.
 * @param file a path, or ":memory:"
 * @throws UserError `studio-store`
 */
export function openDatabase(file: string): Database.Database {
  let db: Database.Database | undefined;
  try {
    if (file !== ":memory:") {
      closeSync(openSync(file, "a", 0o600));
      chmodSync(file, 0o600);
    }
    db = new Database(file, { timeout: 5_000 });
    givesSpaceBack(db);
    db.pragma("journal_mode = WAL");
    // "Saved" is a promise as well.
    db.pragma("synchronous = FULL");
    db.pragma("foreign_keys = ON");
    // A test made from a visitor's conversation goes with it.
    db.pragma("secure_delete = ON");
    stepForward(db, STUDIO_SCHEMA);
    return db;
  } catch (cause) {
    db?.close();
    throw new UserError("studio-store", `The studio's file ${file} cannot be opened: ${reason(cause)}.`, { cause });
  }
}
