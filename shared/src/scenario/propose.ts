import type { Program } from "../flow/compile.js";
import type { AnswerMessage, RequestMessage } from "../message.js";
import type { RecordedInput, RecordedOutcome } from "../session/recording.js";
import { rerun } from "../session/rerun.js";
import { NEW_SESSION, openHandOff, type Session } from "../session/state.js";
import { step } from "../session/step.js";
import { comparableText } from "../text.js";
import { answerStates } from "./coverage.js";
import { makeScenario } from "./make-scenario.js";
import type { Scenario } from "./scenario.js";

export type Proposal = {
  readonly scenarios: readonly Scenario[];
  /** The states whose answers no conversation comes to, or none within the bounds of the search. */
  readonly unreached: readonly string[];
};

/** Situations looked at, at most: a flow with many questions open at once has no end of them. */
const MOST = 20_000;

type Given = { readonly kind: "answer"; readonly message: AnswerMessage } | RecordedOutcome;
type Answer = { readonly given: Given; readonly takes: string };
type Way = Answer & { readonly to: Situation };
/** What is open; the answers to it are looked for once. */
type Situation = { readonly session: Session; ways: Way[] };

/**
 * The tests that between them give every answer, in few words: each goes on to the nearest answer that none has given
 * yet, as long as that is no further than from the start. Pure.
 */
export function proposeScenarios(program: Program): Proposal {
  const wanted = answerStates(program);
  const start = situations(program);
  /** From the start, the nearest first. */
  const shortest = [...waysFrom(start)];
  const left = new Set(wanted);
  const next = () => {
    while (shortest.length > 0 && !left.has(shortest[0]!.last.takes)) shortest.shift();
    return shortest[0];
  };
  const chosen: Given[][] = [];
  for (let way = next(); way; way = next()) {
    const all: Given[] = [];
    for (let part: Path | undefined = way; part; ) {
      const steps = stepsOf(part);
      for (const { given, takes } of steps) {
        all.push(given);
        left.delete(takes);
      }
      part = nearest(part.last.to, left, next()?.length ?? 0);
    }
    chosen.push(all);
  }
  const scenarios = chosen.map((all) => {
    const inputs = withAskers(program, all);
    const { runs, session } = rerun(program, { inputs });
    return makeScenario({ runs, ended: session.ended });
  });
  return { scenarios, unreached: wanted.filter((state) => left.has(state)) };
}

/** A way of answers, the last of them in hand. */
type Path = { readonly last: Way; readonly before: Path | undefined; readonly length: number };

const stepsOf = (path: Path): Way[] => {
  const steps: Way[] = [];
  for (let at: Path | undefined = path; at; at = at.before) steps.unshift(at.last);
  return steps;
};

/** The shortest way to each answer, the nearest first. */
function* waysFrom(from: Situation): Generator<Path> {
  const seen = new Set([from]);
  const taken = new Set<string>();
  const queue: { at: Situation; path: Path | undefined }[] = [{ at: from, path: undefined }];
  for (const { at, path } of queue) {
    for (const last of at.ways) {
      const longer: Path = { last, before: path, length: (path?.length ?? 0) + 1 };
      if (taken.size < taken.add(last.takes).size) yield longer;
      if (seen.size < seen.add(last.to).size) queue.push({ at: last.to, path: longer });
    }
  }
}

/** The nearest of these answers, if it is no further than so many. */
function nearest(from: Situation, wanted: ReadonlySet<string>, within: number): Path | undefined {
  for (const path of waysFrom(from)) {
    if (path.length > within) return undefined;
    if (wanted.has(path.last.takes)) return path;
  }
  return undefined;
}

/** Each answer with the state that asks for it where it is given. */
function withAskers(program: Program, all: readonly Given[]): RecordedInput[] {
  const { runs } = rerun(program, { inputs: all });
  const askedBy = new Map<RequestMessage, string>();
  return all.map((given, i) => {
    const { session, sent } = runs[i]!;
    for (const one of sent) askedBy.set(one.message, one.state);
    if (given.kind === "outcome") {
      const open = openHandOff(session);
      const asked = open && askedBy.get(open.message);
      return { ...given, ...(asked !== undefined && { asked }) };
    }
    const { message } = given;
    const open =
      message.kind === "UserText" ? session.chats.get(message.sessionId) : session.questions.get(message.groupId);
    const asked = open && askedBy.get(open.message);
    return { kind: "answer", message, ...(asked !== undefined && { asked }) };
  });
}

/** The situations that a conversation can come to, from the first. */
function situations(program: Program): Situation {
  const [begun] = step(program, NEW_SESSION, { kind: "begin" });
  const first: Situation = { session: begun, ways: [] };
  const known = new Map([[keyOf(begun), first]]);
  for (const at of known.values()) {
    for (const { given, takes } of answersTo(program, at.session)) {
      const event = given.kind === "answer" ? given : ({ ...given, kind: "hand-off over" } as const);
      const [session, effects] = step(program, at.session, event);
      const turn = effects.at(-1);
      if (turn?.kind === "turn" && turn.refused !== undefined) continue;
      const key = keyOf(session);
      let to = known.get(key);
      if (!to) {
        to = { session, ways: [] };
        // Of those past the bound it is known how they are come to, and not what follows.
        if (known.size < MOST) known.set(key, to);
      }
      at.ways.push({ given, takes, to });
    }
  }
  return first;
}

/** What is open, whatever was said before: from equal situations the same answers lead to the same states. */
function keyOf({ questions, chats }: Session): string {
  const items = [...questions].map(([id, { message }]) => [
    id,
    message.kind === "ChoiceRequest" ? message.choices.map(({ itemId }) => itemId) : [],
  ]);
  return JSON.stringify([items.sort(), [...chats.keys()].sort()]);
}

/** One answer for each state that would take one now; while a hand-off is open, how it may end. */
function answersTo(program: Program, session: Session): Answer[] {
  const { questions, chats } = session;
  const answers: Answer[] = [];
  const handOff = openHandOff(session);
  if (handOff) {
    const { sessionId: handOffId, handOff: asked } = handOff.message;
    for (const [outcome, takes] of program.outcomes.get(handOffId) ?? []) {
      if (outcome === "timeout" && asked?.timeout === undefined) continue;
      answers.push({ given: { kind: "outcome", handOffId, outcome }, takes });
    }
    return answers;
  }
  for (const [groupId, { message }] of questions) {
    const items = program.choices.get(groupId);
    for (const { itemId } of message.kind === "ChoiceRequest" ? message.choices : []) {
      const takes = items?.get(itemId);
      if (takes !== undefined)
        answers.push({ given: { kind: "answer", message: { kind: "ChoiceResponse", groupId, itemId } }, takes });
    }
  }
  for (const sessionId of chats.keys()) {
    const matches = program.texts.get(sessionId);
    const say = (content: string): Given => ({ kind: "answer", message: { kind: "UserText", sessionId, content } });
    for (const [text, takes] of matches?.exact ?? []) answers.push({ given: say(text), takes });
    if (matches?.other !== undefined) answers.push({ given: say(other(matches.exact)), takes: matches.other });
  }
  return answers;
}

/** A text that is none of those expected. */
function other(expected: ReadonlyMap<string, string>): string {
  let text = "Something else";
  while (expected.has(comparableText(text))) text += "!";
  return text;
}
