import type { Program } from "../flow/compile.js";
import { plainText } from "../flow/rich-text.js";
import { OUTCOME_WORDS } from "../flow/wording.js";
import type { AnswerMessage, Outcome, RequestMessage } from "../message.js";
import type { RecordedInput, Sent } from "../session/recording.js";
import { NEW_SESSION, openHandOff, type Session } from "../session/state.js";
import { step } from "../session/step.js";
import { statesFrom } from "../session/way.js";
import { comparableText } from "../text.js";
import type { Scenario } from "./scenario.js";

/** Where a test fails: what was expected there, and what came. */
export type ScenarioFailure = {
  /** The number of its step, from 0; their number when something came behind the last. */
  readonly step: number;
  /** One sentence for a person. */
  readonly message: string;
  readonly expected?: string;
  readonly came?: string;
  /** The state that said what came, or that the conversation is at. */
  readonly state?: string;
};
export type ScenarioResult = {
  readonly failure?: ScenarioFailure;
  /** The states that it passed, in order; those that send nothing included. */
  readonly path: readonly string[];
  /** What was answered, so far: to be played again. */
  readonly inputs: readonly Exclude<RecordedInput, { readonly kind: "variables" }>[];
};

/**
 * Plays a test on a flow by `step`. Where a run is expected to say something, it has to say exactly that; a run of which
 * nothing is expected may say what it likes. Pure; never throws, whatever the flow.
 */
export function runScenario(program: Program, scenario: Scenario): ScenarioResult {
  return new Player(program, scenario).play();
}

class Failed extends Error {
  constructor(readonly failure: Omit<ScenarioFailure, "step">) {
    super(failure.message);
  }
}

class Player {
  #session: Session;
  readonly #path: string[] = [];
  readonly #inputs: ScenarioResult["inputs"][number][] = [];
  /** Said in the run now, and not expected yet. */
  #said: Sent[] = [];
  #expects = false;
  /** The states that asked, by the `seq` of their message. */
  readonly #askedBy = new Map<number, string>();
  #at = 0;

  constructor(
    private readonly program: Program,
    private readonly scenario: Scenario,
  ) {
    this.#session = { ...NEW_SESSION, variables: new Map(Object.entries(scenario.variables ?? {})) };
  }

  play(): ScenarioResult {
    const { start, steps } = this.scenario;
    try {
      this.#begin(start);
      for (const [i, one] of steps.entries()) {
        this.#at = i;
        if ("expect" in one) this.#expect(one);
        else if ("say" in one) {
          this.#quiet();
          this.#say(one);
        } else if ("outcome" in one) {
          this.#quiet();
          this.#over(one);
        } else this.#ended(one.ended);
      }
      this.#at = steps.length;
      this.#quiet();
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      return { failure: { step: this.#at, ...error.failure }, path: this.#path, inputs: this.#inputs };
    }
    return { path: this.#path, inputs: this.#inputs };
  }

  #begin(start: string | undefined): void {
    const { program } = this;
    if (start !== undefined && !program.states.has(start)) {
      throw new Failed({ message: `It begins at ${quoted(start)}, and no step is called that.`, state: start });
    }
    const from = start ?? program.start;
    const began = from === program.start ? program : { ...program, start: from };
    const [after, effects] = step(began, this.#session, { kind: "begin" });
    this.#ran(after, effects, from, 1);
  }

  #ran(after: Session, effects: ReturnType<typeof step>[1], from: string | undefined, seq: number): void {
    this.#session = after;
    this.#said = [];
    this.#expects = false;
    for (const state of statesFrom(this.program, from)) this.#path.push(state);
    let next = seq;
    for (const effect of effects) {
      if (effect.kind === "turn") {
        if (effect.failed === undefined) continue;
        const state = this.#path.at(-1);
        const where = state === undefined ? "" : ` behind ${quoted(state)}`;
        throw new Failed({ message: `The conversation cannot go on${where}: ${effect.failed}.`, ...stateOf(state) });
      }
      const { message, state } = effect;
      const seq = next++;
      // No person acts in a scenario: only what closes a hand-off is sent by no state.
      if (state === undefined) continue;
      this.#askedBy.set(seq, state);
      // What closes the editor says nothing.
      if (message.kind !== "EndChatSession") this.#said.push({ state, message });
    }
  }

  #expect({ expect, state, answers }: { expect: string; state?: string; answers?: string[] }): void {
    this.#expects = true;
    const came = this.#said.shift();
    if (came === undefined) {
      const message = this.#session.ended ? "The conversation has ended before this." : "Nothing more is said here.";
      throw new Failed({ message, expected: expect, ...stateOf(state) });
    }
    const words = wordsOf(came.message);
    if (words !== expect.trim()) {
      throw new Failed({ message: "Something else is said.", expected: expect, came: words, state: came.state });
    }
    if (state !== undefined && state !== came.state) {
      const message = `The same is said by another step: ${quoted(came.state)}, not ${quoted(state)}.`;
      throw new Failed({ message, expected: state, came: came.state, state: came.state });
    }
    const offered =
      came.message.kind === "ChoiceRequest" ? came.message.choices.map(({ content }) => choiceWords(content)) : [];
    if (answers && JSON.stringify(answers.map((one) => one.trim())) !== JSON.stringify(offered)) {
      const message = "Other answers are offered.";
      throw new Failed({ message, expected: answers.join(" · "), came: offered.join(" · "), state: came.state });
    }
  }

  /** Of what was to be expected here nothing is left. */
  #quiet(): void {
    const [more] = this.#said;
    if (!this.#expects || more === undefined) return;
    throw new Failed({ message: "Something more is said here.", came: wordsOf(more.message), state: more.state });
  }

  #say({ say, to, item }: { say: string; to?: string; item?: string }): void {
    const open = this.#openFor(to, say);
    const { request, seq } = open;
    const state = this.#askedBy.get(seq)!;
    const message = answerTo(request, say, item);
    if (message === undefined) {
      const offered =
        request.kind === "ChoiceRequest" ? request.choices.map(({ content }) => choiceWords(content)).join(" · ") : "";
      throw new Failed({ message: `${quoted(say)} is not offered here.`, expected: say, came: offered, state });
    }
    const from = this.#session.seq + 2;
    const [after, effects] = step(this.program, this.#session, { kind: "answer", message });
    const turn = effects.at(-1);
    if (turn?.kind === "turn" && turn.refused !== undefined) {
      const why = message.kind === "UserText" ? "is not expected here" : "leads nowhere";
      throw new Failed({ message: `${quoted(say)} ${why}.`, expected: say, state });
    }
    this.#inputs.push({ kind: "answer", message, asked: state });
    this.#ran(after, effects, turn?.kind === "turn" ? turn.state : undefined, from);
  }

  /** The hand-off that is open ends. */
  #over({ outcome, to }: { outcome: Outcome; to?: string }): void {
    const open = openHandOff(this.#session);
    const state = open && this.#askedBy.get(open.seq);
    if (!open || (to !== undefined && to !== state)) {
      const of = to === undefined ? "A hand-over" : `The hand-over of ${quoted(to)}`;
      const here = state === undefined ? "nobody is waited for" : `${quoted(state)} waits`;
      throw new Failed({ message: `${of} ends, and ${here} here.`, ...stateOf(state ?? this.#path.at(-1)) });
    }
    const { sessionId: handOffId } = open.message;
    const from = this.#session.seq + 1;
    const [after, effects] = step(this.program, this.#session, { kind: "hand-off over", handOffId, outcome });
    const turn = effects.at(-1);
    if (turn?.kind !== "turn" || turn.state === undefined) {
      throw new Failed({ message: `Nothing follows ${OUTCOME_WORDS[outcome]}.`, ...stateOf(state) });
    }
    this.#inputs.push({ kind: "outcome", handOffId, outcome, ...(state !== undefined && { asked: state }) });
    this.#ran(after, effects, turn.state, from);
  }

  /** What this is an answer to: what the named state asked, or what waits; of several, the newest that takes it. */
  #openFor(to: string | undefined, say: string): { request: RequestMessage; seq: number } {
    const { questions, chats, ended } = this.#session;
    const waiting = [...questions.values(), ...chats.values()]
      .map(({ seq, message }) => ({ request: message as RequestMessage, seq }))
      .sort((a, b) => b.seq - a.seq);
    const fits = waiting.filter(({ seq }) => to === undefined || this.#askedBy.get(seq) === to);
    const found = fits.find(({ request }) => answerTo(request, say, undefined) !== undefined) ?? fits[0];
    if (found) return found;
    const here = waiting.map(({ seq }) => this.#askedBy.get(seq)!);
    const waits = here.length === 0 ? "nothing is asked" : `${here.map(quoted).join(" and ")} waits`;
    const message = ended
      ? `${quoted(say)} comes too late: the conversation has ended.`
      : `${quoted(say)} answers ${to === undefined ? "nothing" : quoted(to)}, and ${waits} here.`;
    throw new Failed({ message, expected: say, ...stateOf(here[0] ?? this.#path.at(-1)) });
  }

  #ended(ended: boolean): void {
    this.#quiet();
    if (this.#session.ended === ended) return;
    const message = ended ? "The conversation goes on here." : "The conversation has ended here.";
    throw new Failed({ message, ...stateOf(this.#path.at(-1)) });
  }
}

/** The answer that these words are; undefined when a question does not offer it. */
function answerTo(request: RequestMessage, say: string, item: string | undefined): AnswerMessage | undefined {
  if (request.kind === "StartChatSession") return { kind: "UserText", sessionId: request.sessionId, content: say };
  if (request.kind !== "ChoiceRequest") return undefined;
  const { groupId, choices } = request;
  const words = comparableText(say);
  const chosen =
    item === undefined
      ? choices.find(({ content }) => comparableText(choiceWords(content)) === words)
      : choices.find(({ itemId }) => itemId === item);
  return chosen && { kind: "ChoiceResponse", groupId, itemId: chosen.itemId };
}

/** A message as it is read. */
export function wordsOf(message: RequestMessage): string {
  switch (message.kind) {
    case "BotText":
      return plain(message.content);
    case "ChoiceRequest":
      return plain(message.question);
    case "StartChatSession":
      return plain(message.chatText ?? "");
    case "EndChatSession":
      return "";
  }
}

const plain = (rich: string): string => plainText(rich).trim();
/** An answer as it is read. */
export const choiceWords = (rich: string): string => plainText(rich, "choice").trim();
const quoted = (text: string): string => `“${text.length > 60 ? `${text.slice(0, 59)}…` : text}”`;
const stateOf = (state: string | undefined) => (state === undefined ? {} : { state });
