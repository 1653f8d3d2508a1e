import type { Draft, DraftToSave, Duplicate, FlowChange, FlowSummary, NewFlow } from "@parley/shared/api/flows";
import { BLANK } from "@parley/shared/flow/blank";
import { MAX_NOTES, type Note } from "@parley/shared/flow/layout";
import { MAX_NESTING, measure } from "@parley/shared/flow/measure";
import { MAX_SETTINGS_BYTES } from "@parley/shared/flow/settings";
import { firstUnits, jsonBytes } from "@parley/shared/text";
import { type Registry, sha256, type Version } from "../registry/registry.js";
import { pack } from "./blobs.js";
import { packDraft, type State } from "./drafts.js";
import type { StudioEvents } from "./events.js";
import type { FlowRow } from "./flow-rows.js";
import { importDraft, slug } from "./import.js";
import { Refusal } from "./refusal.js";
import { renameInTests } from "./rename-tests.js";
import type { StudioStore } from "./store.js";
import type { Templates } from "./templates.js";
import { countWaiting, origin } from "./versions.js";

export type FlowsOptions = {
  readonly store: StudioStore;
  readonly registry: Registry;
  readonly events: StudioEvents;
  readonly templates: Templates;
  /** The names of the served files by the id of their flow. */
  readonly files: ReadonlyMap<string, string>;
  readonly now: () => number;
};

/** Who does something: a name to show, and the tab if it said which. */
export type Author = { readonly name: string; readonly tab?: string };
type Begin = { draft: Draft; source?: string | undefined; tests?: Readonly<Record<string, unknown>> };

/** The flows of the studio: what can be done with them as a whole, and saving a draft. */
export class Flows {
  constructor(private readonly options: FlowsOptions) {}

  /** @throws Refusal `not-found` */
  get(id: string): FlowRow {
    const row = this.options.store.flows.get(id);
    if (!row) throw new Refusal("not-found", "There is no such flow.");
    return row;
  }

  /** The same, to be changed. @throws Refusal `not-found`, `archived` */
  toChange(id: string): FlowRow {
    const row = this.get(id);
    if (row.archived !== null) throw new Refusal("archived", "This flow is archived. Restore it to change it.");
    return row;
  }

  list(archived: boolean): FlowSummary[] {
    const rows = this.options.store.flows.all().filter((row) => (row.archived !== null) === archived);
    return rows.map((row) => this.summary(row));
  }

  summary(row: FlowRow): FlowSummary {
    const { store, registry, files } = this.options;
    const state = store.drafts.current(row.key);
    const live = registry.live(row.id);
    const down = registry.takenDown(row.id);
    const file = files.get(row.id);
    return {
      id: row.id,
      title: state.title ?? row.id,
      created: iso(row.created),
      ...(row.archived === null ? {} : { archived: iso(row.archived) }),
      draft: {
        etag: state.etag,
        at: iso(state.at),
        by: state.by,
        asImported: store.drafts.hasSource(state),
        unparsed: state.text !== null,
      },
      ...(live && { live: { version: live.version, at: live.at, ...origin(live) } }),
      ...(down && { down: { version: registry.last(row.id)!.version, at: down.at, by: origin(down).by } }),
      changed: !live || !agrees(state, live),
      ...(file === undefined ? {} : { file }),
      unpublished: countWaiting(store, registry, row),
    };
  }

  /** @throws Refusal `flow-exists`, `not-found` (template), `too-deep` */
  async create({ id, title, from }: NewFlow, by: Author): Promise<FlowSummary> {
    const begin = await this.#begin(from);
    const settings = title === undefined ? begin.draft.settings : { ...begin.draft.settings, title };
    const name = title ?? (from.kind === "template" ? from.template : from.kind === "file" ? stem(from.name) : "");
    return this.#add(id, name, { ...begin, draft: { ...begin.draft, settings } }, by);
  }

  async #begin(from: NewFlow["from"]): Promise<Begin> {
    if (from.kind === "blank") return { draft: { flow: BLANK, layout: {}, settings: {} } };
    if (from.kind === "file") {
      const { draft, source } = importDraft(from.text, from.layout, from.settings);
      return { draft, source, tests: from.tests ?? {} };
    }
    const template = await this.options.templates.get(from.template);
    if (!template) throw new Refusal("not-found", "There is no such template.");
    return { ...importDraft(template.text, template.layout, template.settings), tests: template.tests };
  }

  /** @throws Refusal `not-found`, `flow-exists` */
  async duplicate(of: string, { id, title }: Duplicate, by: Author): Promise<FlowSummary> {
    const { store } = this.options;
    const row = this.get(of);
    const state = store.drafts.current(row.key);
    const tests = store.tests.list(row.key).map(({ name }) => [name, store.tests.get(row.key, name)!.data] as const);
    const [json, source] = await Promise.all([store.drafts.json(state), store.drafts.source(state)]);
    const draft = JSON.parse(json) as Draft;
    const named = title ?? firstUnits(`${state.title ?? row.id} (copy)`, 100);
    return this.#add(
      id,
      title ?? row.id,
      {
        draft: { ...draft, settings: { ...draft.settings, title: named } },
        source,
        tests: Object.fromEntries(tests.map(([name, data]) => [name, JSON.parse(data)])),
      },
      by,
    );
  }

  async #add(wanted: string | undefined, name: string, begin: Begin, by: Author): Promise<FlowSummary> {
    const { store, events, now } = this.options;
    checkDraft(begin.draft);
    for (const test of Object.values(begin.tests ?? {})) checkDepth(test);
    const packed = await packDraft(begin.draft);
    const source = begin.source === undefined ? undefined : await pack(begin.source);
    const row = store.transaction(() => {
      if (wanted !== undefined && this.#taken(wanted)) throw exists(wanted);
      const at = now();
      const added = store.flows.add(wanted ?? this.#freeId(slug(name)), at, 0);
      const state = store.drafts.save(added.key, packed, { by: by.name, at });
      if (source) store.drafts.keepSource(added.key, state.json, source);
      for (const [test, content] of Object.entries(begin.tests ?? {})) {
        store.tests.put(added.key, test, JSON.stringify(content), { by: by.name, at });
      }
      return added;
    });
    events.emit({ kind: "flow", flow: row.id });
    return this.summary(row);
  }

  #taken(id: string): boolean {
    return this.options.store.flows.get(id) !== undefined || this.options.registry.last(id) !== undefined;
  }

  #freeId(wanted: string): string {
    for (let n = 1; ; n++) {
      const id = n === 1 ? wanted : `${wanted}-${n}`;
      if (!this.#taken(id)) return id;
    }
  }

  /** @throws Refusal `not-found`, `archived`, `published`, `flow-exists` */
  async rename(of: string, { id, title }: FlowChange, by: Author): Promise<FlowSummary> {
    const { store, registry, events, now } = this.options;
    this.toChange(of);
    for (;;) {
      const before = store.drafts.current(this.toChange(of).key);
      const draft = JSON.parse(await store.drafts.json(before)) as Draft;
      const packed = await packDraft(
        title === undefined ? draft : { ...draft, settings: { ...draft.settings, title } },
      );
      const done = store.transaction(() => {
        const row = this.toChange(of);
        // Somebody saved meanwhile: the title goes into what is there now.
        if (store.drafts.current(row.key).etag !== before.etag) return undefined;
        if (id !== undefined && id !== of) {
          if (registry.last(of)) throw new Refusal("published", "A flow that was published keeps its id.");
          if (this.#taken(id)) throw exists(id);
          store.flows.rename(row.key, id);
        }
        return { key: row.key, state: store.drafts.save(row.key, packed, { by: by.name, at: now() }) };
      });
      if (!done) continue;
      const row = this.get(id ?? of);
      if (done.state.etag !== before.etag) this.#saved(row.id, done.state, by);
      events.emit({ kind: "flow", flow: of });
      return this.summary(row);
    }
  }

  /** @throws Refusal `not-found` */
  setArchived(id: string, archived: boolean): FlowSummary {
    const { store, events, now } = this.options;
    const row = this.get(id);
    if ((row.archived !== null) !== archived) store.flows.archive(row.key, archived ? now() : null);
    events.emit({ kind: "flow", flow: id });
    return this.summary(this.get(id));
  }

  /**
   * Saves a draft over the one that its writer had read.
   * @param match the ETags of which one has to be current
   * @throws Refusal `changed`, `archived`, `not-found`, `too-deep`, `too-large`
   */
  async save(id: string, draft: DraftToSave, match: readonly string[], by: Author): Promise<State> {
    const { store, registry, events, now } = this.options;
    this.toChange(id);
    checkDraft(draft);
    const packed = await packDraft(draft);
    const { before, state } = store.transaction(() => {
      const row = this.toChange(id);
      const before = store.drafts.current(row.key);
      if (!match.includes(before.etag)) throw changed(before.etag);
      const save = { by: by.name, at: now() };
      renameInTests(store.tests, row.key, draft, save);
      return { before, state: store.drafts.save(row.key, packed, save) };
    });
    if (state.etag === before.etag) return state;
    this.#saved(id, state, by);
    // What the list says of it.
    const live = registry.live(id);
    const line = (of: State) => JSON.stringify([of.title, of.text === null, live !== undefined && agrees(of, live)]);
    if (line(state) !== line(before)) events.emit({ kind: "flow", flow: id });
    return state;
  }

  /**
   * Puts a note on the drawing, as a save of the draft as it is then: whoever has it open joins it with his own changes.
   * @param also runs in the same transaction
   * @throws Refusal `not-found`, `archived`, `too-many-comments`
   */
  async addNote(id: string, note: Note, by: Author, also: () => void): Promise<void> {
    const { store, now } = this.options;
    for (;;) {
      const before = store.drafts.current(this.toChange(id).key);
      const draft = JSON.parse(await store.drafts.json(before)) as Draft;
      const { notes = [] } = draft.layout;
      if (notes.length >= MAX_NOTES) {
        throw new Refusal("too-many-comments", `The drawing has ${MAX_NOTES} notes already, and takes no more.`);
      }
      const packed = await packDraft({ ...draft, layout: { ...draft.layout, notes: [...notes, note] } });
      const state = store.transaction(() => {
        const row = this.toChange(id);
        // Somebody saved meanwhile: the note goes onto what is there now.
        if (store.drafts.current(row.key).etag !== before.etag) return undefined;
        also();
        return store.drafts.save(row.key, packed, { by: by.name, at: now() });
      });
      if (state) return this.#saved(id, state, by);
    }
  }

  #saved(flow: string, { etag }: State, { name, tab }: Author): void {
    this.options.events.emit({ kind: "saved", flow, etag, by: name, ...(tab === undefined ? {} : { tab }) });
  }
}

/** Whether a draft says what a version says. */
export const agrees = (state: State, version: Version): boolean =>
  state.text === null && state.json === version.digest && state.settings === sha256(JSON.stringify(version.settings));

/** The refusal of a lost race: what is current now, to be fetched and joined with. */
export const changed = (etag: string): Refusal =>
  new Refusal("changed", "It was changed by somebody else. Fetch it, and save your change to that.", { etag });

/** @throws Refusal `too-deep` */
export function checkDepth(json: unknown): void {
  if (measure(json).tooDeep) {
    throw new Refusal("too-deep", `It is nested more than ${MAX_NESTING} deep, which no flow is.`);
  }
}

function checkDraft(draft: Draft): void {
  checkDepth(draft.flow);
  if (jsonBytes(draft.settings) > MAX_SETTINGS_BYTES) {
    throw new Refusal("too-large", `The settings are larger than ${MAX_SETTINGS_BYTES} bytes.`);
  }
}

const exists = (id: string): Refusal => new Refusal("flow-exists", `There is a flow "${id}" already.`);
const stem = (name = ""): string => name.replace(/^.*[\\/]/, "").replace(/\.json$/i, "");
const iso = (ms: number): string => new Date(ms).toISOString();
