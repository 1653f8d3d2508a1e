/**
 * A step as a script says it. Between a script and a flow there are only these: `readScript` makes them of lines and a
 * flow of them, `writeScript` the other way round.
 */
export type ScriptStep = {
  readonly kind: "message" | "question" | "text";
  /** What the bot says, as it stands in the file (rich). Of a `text` it may be empty. */
  readonly words: string;
  /** The placeholder of a `text`; undefined where it has none. */
  readonly prompt: string | undefined;
  /** A message has one way on, a question one for each answer, a `text` one for each expected text and a last for any other. */
  readonly ways: readonly ScriptWay[];
};

/** A way on from a step. */
export type ScriptWay = {
  /** The answer, or the expected text; undefined for a message, and for any other text. */
  readonly words: string | undefined;
  /** The place of the step it leads to, among all steps; undefined: the conversation ends here. */
  readonly to: number | undefined;
};

/** How a step without words stands in a script, where a line without words is none. */
export const NO_WORDS = "…";
