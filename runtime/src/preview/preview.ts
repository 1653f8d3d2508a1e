import type { NewPreview, PreviewChange, PreviewTrace } from "@parley/shared/api/preview";
import { compile, type Program } from "@parley/shared/flow/compile";
import { type Rename, renameAnswer, renameChat, renameState } from "@parley/shared/flow/rename";
import type { Settings } from "@parley/shared/flow/settings";
import type { Appearance } from "@parley/shared/protocol/v1";
import { FIRST_ID, type InputRecord, RECORD_VERSION } from "@parley/shared/record";
import type { RecordedOutcome } from "@parley/shared/session/recording";
import { type Rerun, rerun } from "@parley/shared/session/rerun";
import { openHandOff } from "@parley/shared/session/state";
import { newSecret, newSid, sha256 } from "../proxy/sessions.js";
import { type Given, givenIn, messagesOf, type Watched } from "./trace.js";

/**
 * One preview: a draft, the answers that were given to it, and how many of them are shown. It is always a session on
 * this draft; whatever changes makes another session, of the same answers as far as they lead.
 */
export class Preview {
  /** What its sockets are told that they have, over all sessions. */
  readonly as: { readonly sid: string; readonly token: string };
  readonly secret: string;
  readonly id = newSid().slice(0, 16);
  program: Program;
  settings: Settings;
  bytes: number;
  start: string | undefined;
  look: NonNullable<NewPreview["look"]> = {};
  version = 0;
  revision = 0;
  /** The session that is shown, and what is known of it. */
  sid = "";
  watched: Watched | undefined;
  /** Whose: nobody else finds it. */
  readonly owner: string;
  readonly flow: string;
  /** The answers, also those that do not lead on now: after the next edit they may again. */
  #given: Given[];
  /** So many of them are shown. */
  #shown = 0;
  /** The moment to show; undefined: now. */
  #at: number | undefined;
  #parted: PreviewTrace["parted"];

  constructor(by: { readonly owner: string; readonly flow: string }, made: NewPreview, bytes: number, now: number) {
    const secret = newSecret();
    const sid = newSid();
    this.as = { sid, token: `${sid}.${secret}` };
    this.secret = sha256(secret);
    this.owner = by.owner;
    this.flow = by.flow;
    this.program = compile(made.draft.flow);
    this.settings = made.draft.settings;
    this.bytes = bytes;
    this.start = made.start;
    this.look = made.look ?? {};
    this.#given = numbered(made.inputs ?? [], now);
  }

  get live(): boolean {
    return this.#at === undefined;
  }

  get appearance(): Appearance {
    const { title, appearance } = this.settings;
    return { title, ...appearance, ...this.look };
  }

  /** Takes over what was answered in the session that is shown: it is what is given again from now on. */
  catchUp(): void {
    const given = givenIn(this.watched?.runs ?? []);
    // Of those that do not lead on now it has none, and keeps them until somebody answers otherwise.
    const known = given.length === this.#shown && given.every(({ id }, i) => id === this.#given[i]?.id);
    if (known || !this.live) return;
    this.#given = given;
    this.#shown = given.length;
    this.#parted = undefined;
  }

  /** Takes a change over; what it shows follows by `begin`. */
  change(change: PreviewChange, now: number): void {
    const { draft, renames = [], start, inputs, at, keep, look } = change;
    if (draft) {
      this.program = compile(draft.flow);
      this.settings = draft.settings;
    }
    if (renames.length > 0) {
      this.#given = this.#given.map((given) => renamed(given, renames));
      if (this.start !== undefined) this.start = renameState(this.start, renames);
    }
    if (start !== undefined) {
      this.start = start ?? undefined;
      this.#given = [];
    }
    if (inputs) this.#given = numbered(inputs, now);
    if (keep !== undefined) this.#given = this.#given.slice(0, keep);
    if (start !== undefined || inputs || keep !== undefined) this.#at = undefined;
    if (at !== undefined) this.#at = at === null || at >= this.#given.length ? undefined : at;
    if (look) this.look = look;
  }

  /** Where conversations begin, if that state is there; undefined: at the first. */
  get from(): string | undefined {
    return this.start !== undefined && this.program.states.has(this.start) ? this.start : undefined;
  }

  /** The inputs of a new session on the draft, as far as the answers lead. The draft is a version of its own by then. */
  begin(sid: string, timestamp: string): InputRecord[] {
    const again = this.#rerun(this.#given.slice(0, this.#at));
    const gone = this.start !== this.from ? { why: "state-gone" as const, input: 0, state: this.start! } : undefined;
    this.#parted = again.parted ?? gone;
    this.#shown = again.taken;
    const common = { v: RECORD_VERSION, sid };
    const first = { ...common, id: FIRST_ID, timestamp, flow: this.id, version: this.version, step: this.program.step };
    const records: InputRecord[] = [first];
    let act: string | undefined;
    for (const [i, { id, at, input }] of this.#given.slice(0, again.taken).entries()) {
      const common = { v: RECORD_VERSION, sid, id, timestamp: at };
      if (input.kind !== "outcome") {
        records.push({ ...common, ...content(input) });
        continue;
      }
      const given = ends(common, input, { act, re: openHandOff(again.runs[i]!.session)?.seq ?? 0 });
      records.push(...given);
      if (input.outcome === "closed") act = id;
    }
    return records;
  }

  #rerun(given: readonly Given[]): Rerun {
    const { from } = this;
    const inputs = given.map(({ input }) => input);
    return rerun(this.program, { inputs }, from === undefined ? {} : { start: from });
  }

  /** What the studio is told. */
  trace(): PreviewTrace {
    this.catchUp();
    const runs = this.watched?.runs ?? [];
    // What waits follows from the answers by the rules that the workflow has stepped by.
    const again = this.#rerun(this.#given.slice(0, this.#shown));
    const failed = again.runs.at(-1)?.failed;
    const { refused } = this.watched ?? {};
    return {
      preview: this.id,
      revision: ++this.revision,
      messages: messagesOf(runs),
      path: again.runs.flatMap(({ passed }) => passed),
      waiting: [...again.waiting],
      inputs: this.#given.map(({ input }) => input as PreviewTrace["inputs"][number]),
      at: this.#shown,
      live: this.live,
      ended: again.session.ended,
      ...(this.#parted && { parted: this.#parted }),
      ...(failed && { failed }),
      ...(refused && { refused }),
    };
  }
}

/** What ends a hand-off: nobody came, or, as one, a person who comes and is done at once. */
function ends(
  common: { v: number; sid: string; id: string; timestamp: string },
  { handOffId, outcome }: RecordedOutcome,
  { act, re }: { readonly act: string | undefined; readonly re: number },
): InputRecord[] {
  const after = act === undefined ? {} : { after: act };
  if (outcome === "closed") {
    const id = `${common.id}.take`;
    const by = "person:you";
    const take = { kind: "Takeover", name: "You", ...after } as const;
    return [
      { ...common, id, by, payload: { kind: "Control", message: take } },
      { ...common, by, payload: { kind: "Control", message: { kind: "GiveBack", after: id } } },
    ];
  }
  const kind = outcome === "timeout" ? "Due" : "Unavailable";
  return [{ ...common, by: "preview", payload: { kind: "Control", message: { kind, handOffId, re, ...after } } }];
}

function content(input: Exclude<Given["input"], { kind: "outcome" }>) {
  return input.kind === "variables"
    ? ({ payload: { kind: "Control", message: { kind: "SetVariables", values: input.values } }, by: "page" } as const)
    : ({ payload: { kind: "Response", message: input.message }, by: "visitor" } as const);
}

const numbered = (inputs: NonNullable<NewPreview["inputs"]>, now: number): Given[] =>
  inputs.map((input, i) => ({
    id: `c.again${now.toString(36)}-${i}`,
    at: new Date(now).toISOString(),
    input: input as Given["input"],
  }));

function renamed(given: Given, renames: readonly Rename[]): Given {
  const { input } = given;
  if (input.kind === "variables") return given;
  const { asked } = input;
  if (input.kind === "outcome") {
    const handOffId = renameChat(input.handOffId, renames);
    const now = asked === undefined ? {} : { asked: renameState(asked, renames) };
    return { ...given, input: { ...input, handOffId, ...now } };
  }
  const message = renameAnswer(input.message, renames);
  return { ...given, input: { ...input, message, ...(asked !== undefined && { asked: renameState(asked, renames) }) } };
}
