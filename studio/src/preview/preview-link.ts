import type { NewPreview, PreviewChange, PreviewTrace } from "@parley/shared/api/preview";
import { findRenames } from "@parley/shared/flow/find-renames";
import { ApiError, type CallApi } from "../api.js";
import type { SocketNews } from "../app/socket.js";
import type { Draft } from "../document/draft.js";
import { keysOf } from "../document/fields.js";
import type { Timer } from "../editor/autosave.js";

export type PreviewState = {
  /** `offline`: no answer came, and it is tried again. `refused`: the server will not. */
  readonly status: "starting" | "running" | "offline" | "refused";
  readonly refusal: string | undefined;
  /** For the frame's address: with another it is another frame. */
  readonly ticket: string | undefined;
  readonly trace: PreviewTrace | undefined;
  readonly look: NonNullable<NewPreview["look"]>;
};
export const NO_PREVIEW: PreviewState = {
  status: "starting",
  refusal: undefined,
  ticket: undefined,
  trace: undefined,
  look: {},
};

/** What is asked of a preview, beside edits. */
export type Move = Omit<PreviewChange, "draft" | "renames">;

export type PreviewPorts = {
  readonly api: CallApi;
  readonly timer: Timer;
  /** The present draft. */
  readonly draft: () => Draft;
  readonly onState: (change: Partial<PreviewState>) => void;
  /** Another moment, which was asked for, is shown. */
  readonly onMoment: (trace: PreviewTrace) => void;
  /** What was asked for by an edit is shown. */
  readonly onUpdated: () => void;
};

/** After the last keystroke, in ms: less is no faster, and asks the server twice for one word. */
const EDIT_AFTER = 40;
/** With more states than this the whole draft is much to send: it waits until nothing was typed for so long, in ms. */
const LARGE = 500;
const LARGE_AFTER = 300;
const RETRY_AFTER = 2_000;

type Flow = Draft["flow"];

/**
 * One flow's preview on the server: follows the draft, and asks for other starts, moments and answers. One request at a
 * time, each with the newest draft; a preview that has ended is begun again with the same answers.
 */
export class PreviewLink {
  #id: string | undefined;
  #revision = 0;
  #trace: PreviewTrace | undefined;
  /** What the server has of the draft. */
  #sent: Draft | undefined;
  #moves: Move[] = [];
  /** The one that is under way. */
  #under: Move | undefined;
  #start: string | undefined;
  #look: PreviewState["look"];
  /** What to give again when it begins. */
  #again: PreviewTrace["inputs"] | undefined;
  #busy = false;
  #ended = false;
  #cancel: (() => void) | undefined;
  /** Since the timer was set. */
  #typed = false;

  constructor(
    private readonly flow: string,
    private readonly ports: PreviewPorts,
    given: {
      readonly inputs?: PreviewTrace["inputs"];
      readonly start?: string;
      readonly look?: PreviewState["look"];
    } = {},
  ) {
    this.#start = given.start;
    this.#look = given.look ?? {};
    this.#again = given.inputs;
    void this.#pump();
  }

  /** Where it begins, and what was answered: to go on from when it is opened again. */
  get kept(): { inputs: PreviewTrace["inputs"]; start?: string; look: PreviewState["look"] } {
    const start = this.#start;
    return { inputs: this.#trace?.inputs ?? [], look: this.#look, ...(start !== undefined && { start }) };
  }

  /** The draft is another. */
  edited(): void {
    if (this.#ended) return;
    if (keysOf(this.ports.draft().flow).length <= LARGE) return this.#wait(EDIT_AFTER);
    // One timer for many letters: it looks back whether there were any.
    this.#typed = true;
    if (this.#cancel === undefined) this.#waitForRest();
  }

  #waitForRest(): void {
    this.#typed = false;
    this.#cancel = this.ports.timer(() => {
      if (this.#typed) return this.#waitForRest();
      this.#cancel = undefined;
      void this.#pump();
    }, LARGE_AFTER);
  }

  #wait(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.ports.timer(() => {
      this.#cancel = undefined;
      void this.#pump();
    }, ms);
  }

  move(move: Move): void {
    if (this.#ended) return;
    if (move.start !== undefined) this.#start = move.start ?? undefined;
    if (move.look) this.#look = move.look;
    this.#moves.push(move);
    void this.#pump();
  }

  /** One answer back or on in time, from the moment that was asked for last. */
  stepBy(by: 1 | -1): void {
    const { inputs = [], at: shown = 0 } = this.#trace ?? {};
    const asked = [...(this.#under ? [this.#under] : []), ...this.#moves].findLast(({ at }) => at !== undefined);
    const from = asked === undefined ? shown : (asked.at ?? inputs.length);
    const to = Math.max(0, from + by);
    this.move({ at: to >= inputs.length ? null : to });
  }

  /** What the studio's socket tells. */
  hear(news: SocketNews): void {
    if (news.kind === "PreviewTrace" && news.trace.preview === this.#id) this.#show(news.trace);
    else if (news.kind === "PreviewEnded" && news.preview === this.#id) {
      // Not by this tab: it begins again.
      this.#id = undefined;
      this.move({});
    }
    // This tab has another name now: the preview is told it, and tells what was missed.
    if (news.kind === "Opened" && this.#id !== undefined) this.move({});
  }

  /** Ends the preview. */
  end(): void {
    this.#ended = true;
    this.#cancel?.();
    const id = this.#id;
    if (id === undefined) return;
    const path = { flow: this.flow, preview: id };
    // Whether that comes to pass or not: without its tab it ends by itself.
    this.ports.api("DELETE /api/flows/{flow}/previews/{preview}", { path }).catch(() => undefined);
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    // An edit for which a timer runs is not done with.
    const isDue = () => this.#cancel === undefined && !isSame(this.ports.draft(), this.#sent);
    while (!this.#ended && (this.#moves.length > 0 || isDue())) {
      try {
        if (this.#id === undefined) await this.#begin();
        else await this.#change(this.#id);
      } catch (error) {
        const gone = error instanceof ApiError && error.status === 404 && this.#id !== undefined;
        if (gone) this.#id = undefined;
        else {
          this.#failed(error);
          break;
        }
      }
    }
    this.#busy = false;
  }

  async #begin(): Promise<void> {
    const draft = this.ports.draft();
    const moves = this.#moves.splice(0);
    this.#again = moves.findLast(({ inputs }) => inputs !== undefined)?.inputs ?? this.#trace?.inputs ?? this.#again;
    const again = this.#again;
    const body: NewPreview = {
      draft: bodyOf(draft),
      look: this.#look,
      ...(this.#start !== undefined && { start: this.#start }),
      ...(again && { inputs: again }),
    };
    const { value } = await this.ports.api("POST /api/flows/{flow}/previews", { path: { flow: this.flow }, body });
    this.#sent = draft;
    this.#id = value.trace.preview;
    this.#revision = 0;
    if (this.#ended) return this.end();
    this.ports.onState({ ticket: value.ticket });
    this.#show(value.trace);
  }

  async #change(preview: string): Promise<void> {
    const draft = this.ports.draft();
    const move = this.#moves.shift() ?? {};
    this.#under = move;
    const edit = isSame(draft, this.#sent) ? undefined : { draft: bodyOf(draft), renames: this.#renames(draft.flow) };
    const path = { flow: this.flow, preview };
    const call = this.ports.api("PUT /api/flows/{flow}/previews/{preview}", { path, body: { ...move, ...edit } });
    const { value } = await call.catch((error: unknown) => {
      this.#moves.unshift(move);
      throw error;
    });
    this.#under = undefined;
    for (const rename of edit?.renames ?? []) {
      if (rename.kind === "renameState" && rename.from === this.#start) this.#start = rename.to;
    }
    this.#sent = draft;
    this.#show(value);
    if (edit) this.ports.onUpdated();
    if (move.at !== undefined) this.ports.onMoment(value);
  }

  #renames(now: Flow) {
    return this.#sent ? findRenames(this.#sent.flow, now) : [];
  }

  #show(trace: PreviewTrace): void {
    if (trace.revision <= this.#revision) return;
    this.#revision = trace.revision;
    this.#trace = trace;
    this.ports.onState({ status: "running", refusal: undefined, trace });
  }

  #failed(error: unknown): void {
    const refused = error instanceof ApiError && error.kind !== "offline" ? error.message : undefined;
    if (refused !== undefined) this.#moves = [];
    this.ports.onState(refused === undefined ? { status: "offline" } : { status: "refused", refusal: refused });
    if (this.#ended || refused !== undefined) return;
    this.#wait(RETRY_AFTER);
  }
}

const bodyOf = ({ flow, settings }: Draft) => ({ flow: { ...flow }, settings });
const isSame = (a: Draft, b: Draft | undefined): boolean => a.flow === b?.flow && a.settings === b.settings;
