import { check } from "@parley/shared/flow/check";
import type { Finding } from "@parley/shared/flow/finding";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Change } from "../document/change.js";
import { type CommandResult, itemOf, type TextRef } from "../document/commands/command.js";
import { setText as setTextOf } from "../document/commands/text.js";
import { renamedConflict, withMine } from "../document/conflict.js";
import { diff } from "../document/diff.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { keysOf } from "../document/fields.js";
import { followTitle, isFirstText } from "../document/first-title.js";
import { followNames } from "../document/follow-names.js";
import { amend, commit, type History, type Moved, NO_HISTORY, redo, undo } from "../document/history.js";
import { NameMap } from "../document/name-map.js";
import { type Conflict, type Rebased, rebase } from "../document/rebase.js";
import { rebaseHistory } from "../document/rebase-history.js";
import { placesOf, renamedItem } from "../document/selection.js";
import { readStates, readSteps, type StepGraph, type View } from "../document/steps.js";
import { Autosave, type SaveDraft, type SavedDraft, type SaveState, type Timer } from "./autosave.js";
import { type Held, HeldText } from "./held-text.js";
import { type Storage, unsavedStorage } from "./unsaved.js";

export type EditorOptions = {
  readonly flowId: string;
  readonly draft: Draft;
  /** The JSON view's text, when it did not parse as the draft was saved. */
  readonly text?: string;
  readonly etag: string;
  readonly save: SaveDraft;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Fresh ids of notes and groups. */
  readonly ids: () => string;
  /** State names that a published version has. */
  readonly published: ReadonlySet<string>;
  readonly storage?: Storage;
  readonly timer: Timer;
  /** When to check a large flow again: when the hand rests. A call takes the place of the one before. Absent: at once. */
  readonly later?: (run: () => void) => void;
};

export type EditorState = {
  readonly flowId: string;
  readonly draft: Draft;
  /** Of the present view. */
  readonly steps: StepGraph;
  readonly view: View;
  readonly findings: readonly Finding[];
  /** Steps by id, notes and groups by `itemKey`. */
  readonly selection: readonly string[];
  /** The text that a command asked to edit next; whoever puts the focus there takes it away by `focused()`. */
  readonly focus: TextRef | undefined;
  /** What the last command said beyond the obvious, or why it did nothing. */
  readonly says: string | undefined;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The labels of what undo and redo would do. */
  readonly undoLabel: string | undefined;
  readonly redoLabel: string | undefined;
  readonly save: SaveState;
  readonly saveError: string | undefined;
  readonly conflicts: readonly Conflict[];
  /** Text of the JSON view that does not parse: everything else is read-only meanwhile. */
  readonly text: string | undefined;
  readonly published: ReadonlySet<string>;

  /** Carries a command out. With the same `merge` key, within a second, it joins the one before in undo. */
  run(result: CommandResult, label: string, merge?: string): void;
  /**
   * The whole text of a field, with each letter. Of a large flow it is in the document a moment later, or as soon as
   * anything is read or done; `held` is what the field shows until then.
   */
  write(at: TextRef, text: string): void;
  undo(): void;
  redo(): void;
  select(items: readonly string[]): void;
  setView(view: View): void;
  focused(): void;
  /** A text is left that was typed: a title that followed it stays as it is. */
  left(): void;
  /** Names follow what was typed: called when a step is left; a change of selection does so by itself. */
  settle(): void;
  /**
   * The text of the JSON view. `flow` is what it parses to, and becomes the draft in small changes; absent: the text does
   * not parse or has a name twice, and is kept beside the draft.
   */
  setText(text: string, flow?: FlowJson): void;
  /** Back to the last draft that did parse. One undo brings the text back. */
  discardText(): void;
  /** Everything at once: an import, an earlier state. */
  replace(draft: Draft, label: string): void;
  resolve(conflict: Conflict, take: "mine" | "theirs"): void;
  /** Goes on typing a text that somebody else changed, too: theirs stays in the draft until one chooses. */
  writeMine(conflict: Conflict, text: string): void;
  /** What somebody else saved; one's own unsaved changes stay on top. */
  takeNewer(newer: SavedDraft, etag: string): void;
  /** Reads what somebody else saved, and takes it over. Rejects with what `read` does. */
  readNewer(read: () => Promise<{ readonly newer: SavedDraft; readonly etag: string }>): Promise<void>;
  /** The names of what was published just now. */
  setPublished(states: ReadonlySet<string>): void;
  newId(): string;
  now(): number;
  /** The ETag of this draft on the server; undefined while something is unsaved or undecided. */
  savedAs(): string | undefined;
  /** Saves at once what is unsaved; resolves when it is saved or cannot be. */
  flush(): Promise<void>;
  /** The page may be closed now: saves at once, and the next page takes over what cannot be. */
  leave(): void;
  /** Ends the timers. What is unsaved stays in the storage. */
  dispose(): void;
};

/** Its `getState` first writes down what is being typed: whoever reads the draft reads all of it. */
export type Editor = StoreApi<EditorState> & {
  /** The same without writing anything down: for what is drawn. */
  readonly drawn: StoreApi<EditorState>;
  /** For what reads by `getState` and is called while something is drawn. */
  readonly peek: <Read>(read: () => Read) => Read;
  readonly held: StoreApi<{ readonly held: Held | undefined }>;
};

/** With more states than this, what is typed is held for a moment. */
const HELD_ABOVE = 1000;
/** Up to so many states a flow is checked at once, within the change itself. */
const CHECKED_AT_ONCE = 500;
const READ_ONLY = "The text of the file cannot be read as it is. Correct it or discard it first.";

/** One open flow: its draft, what is selected, undo, findings and saving. */
export function createEditor(options: EditorOptions): Editor {
  const { flowId, ids, now } = options;
  const storage = unsavedStorage(options.storage, flowId, ids, now);
  let history: History = NO_HISTORY;
  /** Steps that were typed into, with the draft from before that: their names follow when they are left. */
  let typed = new Map<string, Draft>();

  /** The step whose text the flow's title follows, until that is left. */
  let naming: string | undefined;

  const held = new HeldText(({ at, text }) => {
    const written = setTextOf(get().draft, { ...at, text });
    const changes = [...written.changes, ...titled(at, written.changes)];
    run({ ...written, changes }, "Edit the text", `text ${at.step} ${at.field} ${at.port ?? ""}`);
  }, options.timer);
  const store: StoreApi<EditorState> = createStore<EditorState>()(() => ({
    flowId,
    draft: options.draft,
    steps: readSteps(options.draft),
    view: "steps",
    findings: checkDraft(options.draft),
    selection: [],
    focus: undefined,
    says: undefined,
    ...undoable(history),
    save: "saved",
    saveError: undefined,
    conflicts: [],
    text: options.text,
    published: options.published,
    write,
    newId: ids,
    now,
    ...held.writtenFirst({
      run,
      undo: () => travel(undo),
      redo: () => travel(redo),
      select,
      setView,
      focused: () => set({ focus: undefined }),
      left: () => {
        naming = undefined;
      },
      settle: () => settle([]),
      setText,
      discardText,
      replace,
      resolve,
      writeMine,
      takeNewer: (newer: SavedDraft, etag: string) => autosave.takeNewer(newer, etag),
      readNewer: (read: () => Promise<{ newer: SavedDraft; etag: string }>) => autosave.takeFrom(read),
      setPublished: (published: ReadonlySet<string>) => set({ published }),
      savedAs: () => (get().save === "saved" ? autosave.etag : undefined),
      flush: () => autosave.flush(),
      leave: () => autosave.leave(),
      dispose: () => autosave.dispose(),
    }),
  }));
  const get = store.getState;
  const set = (part: Partial<EditorState>) => store.setState(part);

  const autosave = new Autosave(savedDraft(options), options.etag, {
    save: options.save,
    timer: options.timer,
    now,
    storage,
    current: () => savedDraft(get()),
    conflicts: () => get().conflicts,
    onState(state, message) {
      const save = state === "saved" && get().conflicts.length > 0 ? "conflict" : state;
      // With every letter it is unsaved again: nobody needs to hear it twice.
      if (get().save !== save || get().saveError !== message) set({ save, saveError: message });
    },
    onNewer: merge,
    write: () => held.write(),
  });
  restore();
  const getState = () => {
    held.write();
    return get();
  };
  return { ...store, getState, drawn: store, held: held.shown, peek: (read) => held.peek(read) };

  function write(at: TextRef, text: string): void {
    held.hold({ at, text });
    if (keysOf(get().draft.flow).length <= HELD_ABOVE) return held.write();
    // The hand does not rest.
    options.later?.(checkNow);
  }

  /** The first text of a flow that nobody has named is its title, too. */
  function titled(at: TextRef, changes: readonly Change[]): readonly Change[] {
    const { draft } = get();
    if (naming !== at.step || at.field !== "text") naming = isFirstText(draft, at) && !wasNamed() ? at.step : undefined;
    return naming === undefined ? [] : followTitle(draft, changes);
  }

  /** Somebody who calls it "New flow" by hand means it. */
  function wasNamed(): boolean {
    return history.past.some(({ changes }) => changes.some(isOfTitle));
  }

  function run(result: CommandResult, label: string, mergeKey?: string): void {
    const { text, draft, selection } = get();
    if (result.changes.length > 0 && text !== undefined) return set({ says: READ_ONLY });
    const entry = { label, at: now(), ...(mergeKey !== undefined && { merge: mergeKey }) };
    const moved = commit(history, draft, result.changes, entry);
    forget(moved.changes);
    for (const step of result.follow ?? []) if (!typed.has(step)) typed.set(step, draft);
    const says = result.refused ?? result.says;
    move(moved, result.select ?? selection, { says, ...(result.focus && { focus: result.focus }) });
    // A step that is being typed into is not left, selected or not.
    settle([...get().selection, ...(result.follow ?? [])]);
  }

  function travel(by: typeof undo): void {
    const { draft, selection, text } = get();
    const entry = by === undo ? history.past.at(-1) : history.future.at(-1);
    // What discards the text can be done again while it is there; everything else waits for it to be corrected.
    if (text !== undefined && (by === undo || entry?.text === undefined)) return set({ says: READ_ONLY });
    const moved = by(history, draft);
    const touched = placesOf(moved.changes).filter((key) => isThere(moved.draft, key));
    move(moved, touched.length > 0 ? touched : selection, { says: undefined, focus: undefined });
    if (entry?.text !== undefined) holdText(by === undo ? entry.text : undefined);
  }

  function isThere(draft: Draft, key: string): boolean {
    const { kind, id } = itemOf(draft, key);
    if (kind === "step") return Object.hasOwn(draft.flow, id);
    return (draft.layout[`${kind}s`] ?? []).some((element) => element.id === id);
  }

  /** Takes a new draft over: everything that is derived from it follows in the same update. */
  function move(moved: Moved, selection: readonly string[], part: Partial<EditorState>): void {
    history = moved.history;
    if (moved.changes.length === 0) return set({ ...part, ...keepIfSame(selection), ...undoable(history) });
    typed = new Map([...typed].map(([step, before]) => [renamedItem(step, moved.changes), before]));
    const conflicts = renamedConflicts(NameMap.of(moved.changes));
    show(
      moved.draft,
      selection.map((key) => renamedItem(key, moved.changes)),
      { ...part, conflicts },
    );
    autosave.changed(moved.changes);
  }

  function show(draft: Draft, selection: readonly string[], part: Partial<EditorState>): void {
    const { view, steps: previous } = get();
    const steps = view === "steps" ? readSteps(draft, previous) : readStates(draft, previous);
    const there = selection.filter((key) => isThere(draft, key)).map((key) => steps.stepOf.get(key) ?? key);
    set({ ...part, draft, steps, ...keepIfSame([...new Set(there)]), ...undoable(history), ...checked(draft) });
  }

  /** The selection stays the same array while it is the same. */
  function keepIfSame(selection: readonly string[]): Partial<EditorState> {
    const { selection: old } = get();
    return selection.length === old.length && selection.every((key, i) => key === old[i]) ? {} : { selection };
  }

  function checked(draft: Draft): Partial<EditorState> {
    const { draft: old } = get();
    if (draft.flow === old.flow && draft.settings.variables === old.settings.variables) return {};
    const { later } = options;
    if (!later || keysOf(draft.flow).length <= CHECKED_AT_ONCE) return { findings: checkDraft(draft) };
    later(checkNow);
    return {};
  }

  function checkNow(): void {
    held.write();
    set({ findings: checkDraft(get().draft) });
  }

  function select(items: readonly string[]): void {
    settle(items);
    set(keepIfSame(items));
  }

  /** Names follow what was typed in the steps that are not among these. */
  function settle(but: readonly string[]): void {
    // Whoever went back may want to go forward again; names wait for the next edit.
    if (history.future.length > 0) return;
    for (const [step, before] of typed) {
      const { draft, published, selection } = get();
      // One that is deleted may come back by undo, and its name follows then.
      if (but.includes(step) || !isThere(draft, step)) continue;
      typed.delete(step);
      const changes = followNames(draft, { before, steps: [step], published });
      if (changes.length > 0) move(amend(history, draft, changes), selection, {});
    }
  }

  /** A new step is not the one of that name that was deleted. */
  function forget(changes: readonly Change[]): void {
    for (const change of changes) if (change.kind === "addState") typed.delete(change.name);
  }

  function setView(view: View): void {
    const { draft, selection } = get();
    const steps = view === "steps" ? readSteps(draft) : readStates(draft);
    set({ view, steps, ...keepIfSame([...new Set(selection.map((key) => steps.stepOf.get(key) ?? key))]) });
  }

  function setText(text: string, flow?: FlowJson): void {
    if (!flow) return holdText(text);
    holdText(undefined);
    const { draft, selection } = get();
    const changes = diff(draft, { ...draft, flow });
    forget(changes);
    move(commit(history, draft, changes, { label: "Edit the file", at: now(), merge: "file" }), selection, {});
  }

  function holdText(text: string | undefined): void {
    if (get().text === text) return;
    set({ text });
    autosave.changed([]);
  }

  function discardText(): void {
    const { draft, selection, text } = get();
    if (text === undefined) return;
    const moved = commit(history, draft, [], { label: "Discard the text", at: now(), text });
    move(moved, selection, { says: "The text is discarded. Undo brings it back." });
    holdText(undefined);
  }

  function replace(draft: Draft, label: string): void {
    const { draft: old, selection, text } = get();
    const entry = { label, at: now(), ...(text !== undefined && { text }) };
    typed.clear();
    move(commit(history, old, [{ kind: "replace", draft }], entry), selection, { focus: undefined });
    holdText(undefined);
  }

  function merge(newer: SavedDraft, base: SavedDraft, unsaved: readonly Change[]): readonly Change[] {
    const { text, selection } = get();
    const rebased = rebase(newer.draft, unsaved, base.draft);
    const conflicts = renamedConflicts(rebased.names);
    const { state: nameOf } = rebased.names;
    history = rebaseHistory(history, newer.draft, base.draft, rebased.names);
    typed = new Map([...typed].map(([step, before]) => [nameOf(step), before]));
    show(rebased.draft, selection.map(nameOf), {
      text: text === base.text ? newer.text : text,
      conflicts: [...conflicts, ...rebased.conflicts],
      ...(rebased.conflicts.length > 0 && { save: "conflict" as const }),
    });
    return rebased.applied;
  }

  function resolve(conflict: Conflict, take: "mine" | "theirs"): void {
    const conflicts = get().conflicts.filter((other) => other !== conflict);
    set({ conflicts, ...(conflicts.length === 0 && get().save === "conflict" && { save: "saved" as const }) });
    if (take === "mine") run({ changes: [...conflict.changes] }, "Keep my change");
    autosave.keep();
  }

  function writeMine(conflict: Conflict, text: string): void {
    set({ conflicts: get().conflicts.map((other) => (other === conflict ? withMine(other, text) : other)) });
    autosave.keep();
  }

  /** The same list while nothing has another name. */
  function renamedConflicts(names: NameMap): readonly Conflict[] {
    const { conflicts, draft } = get();
    return names.isEmpty ? conflicts : conflicts.map((conflict) => renamedConflict(conflict, names, draft));
  }

  /** What closed tabs left unsaved comes back, each as one step of undo. */
  function restore(): void {
    for (const { base, changes, text, conflicts: open } of storage.takeOver()) {
      const { draft } = get();
      let rebased: Rebased;
      try {
        rebased = rebase(draft, changes, base);
      } catch {
        // Written by another version, or by somebody's hand.
        continue;
      }
      const { applied, names } = rebased;
      const conflicts = [...open.map((conflict) => renamedConflict(conflict, names, base)), ...rebased.conflicts];
      if (text !== undefined) set({ text });
      set({ conflicts: [...get().conflicts, ...conflicts] });
      move(commit(history, draft, applied, { label: "Unsaved changes", at: now() }), [], {});
      if (get().text !== options.text) autosave.changed([]);
    }
    autosave.keep();
  }
}

const isOfTitle = (change: Change): boolean => change.kind === "setting" && change.key === "title";

function undoable({ past, future }: History) {
  const undoLabel = past.at(-1)?.label;
  const redoLabel = future.at(-1)?.label;
  return { canUndo: undoLabel !== undefined, canRedo: redoLabel !== undefined, undoLabel, redoLabel };
}

const checkDraft = ({ flow, settings }: Draft): Finding[] =>
  check(flow, settings.variables ? { variables: settings.variables } : {});

const savedDraft = ({ draft, text }: { draft: Draft; text?: string | undefined }): SavedDraft => ({
  draft,
  ...(text !== undefined && { text }),
});
