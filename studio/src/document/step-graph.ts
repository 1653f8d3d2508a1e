export type View = "steps" | "states";
export type StepKind = "message" | "question" | "text" | "hand-off" | "end-text" | "answer" | "unknown";
/** The kinds that wait for something, and go on by what comes. */
export const waits = (kind: StepKind): boolean => kind === "question" || kind === "text" || kind === "hand-off";

/** A way out of a step. */
export type Port = {
  /** Unique in its step and stable while its words are edited: `then`, `answer:<itemId>`, `text:<state>`, `other-text`, `outcome:<outcome>`. */
  readonly id: string;
  readonly kind: "then" | "answer" | "text" | "other-text" | "outcome";
  /** The answer's words or the expected text, plain; empty for `then` and `other-text`. */
  readonly label: string;
  /** Its match state, when that is folded into this step. */
  readonly state?: string;
  /** The end of a text question behind that, folded into this step as well. */
  readonly end?: string;
  /** The `itemId` of an answer. */
  readonly item?: string;
  /** The step it leads to; of an answer that is not folded, the step that takes it. */
  readonly to?: string;
  /** Further steps that say they take the same answer. */
  readonly more?: readonly string[];
  /** A name that it leads to and no state has. */
  readonly missing?: string;
  /** The conversation ends here: drawn as the stub "Ends here". */
  readonly ends: boolean;
};

/** A card of the canvas, a row of the outline. The same object as before when nothing of it changed. */
export type Step = {
  /** The name of its state; of a folded step, of its request. */
  readonly id: string;
  readonly kind: StepKind;
  /** Of an answer that stands alone: what it takes. */
  readonly takes?: "answer" | "text" | "other-text" | "outcome";
  /** All its states, in the order of the file. */
  readonly states: readonly string[];
  /** The first words of its text, plain and on one line; what stands for them when it says nothing. */
  readonly title: string;
  /** It says nothing. */
  readonly blank?: boolean;
  /** Its text as it stands in the file (rich): content, question or `chatText`. */
  readonly text: string;
  /** The placeholder of a text question's editor, plain. */
  readonly prompt?: string;
  /** Of a hand-over to a person: its queue, and how long the visitor waits at most, in seconds. */
  readonly queue?: string;
  readonly timeout?: number;
  /** `groupId`, `sessionId` or `handOffId`: the "ID in the file". */
  readonly ref?: string;
  readonly ports: readonly Port[];
  /** The conversation begins here. */
  readonly start: boolean;
  /** Several states as one card. */
  readonly folded: boolean;
  /** Why a question or text question is shown as its states: a hint for the designer. */
  readonly why?: string;
};

export type Edge = {
  /** `<from>\n<port>`; a second edge of the same port (several states match one answer) has a number behind. */
  readonly id: string;
  readonly from: string;
  readonly port: string;
  readonly to: string;
  /** `next` stands in the file; `open` is implied: what a request opens, and the state that takes the answer. */
  readonly kind: "next" | "open";
};

export type StepGraph = {
  readonly view: View;
  readonly steps: readonly Step[];
  readonly edges: readonly Edge[];
  /** The step where the conversation begins. */
  readonly start?: string;
  readonly byId: ReadonlyMap<string, Step>;
  /** The step that shows a state. */
  readonly stepOf: ReadonlyMap<string, string>;
};
