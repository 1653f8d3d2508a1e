import type { Outcome } from "../../message.js";
import type { Fix } from "../finding.js";
import { FreeNames } from "../free-names.js";
import { reachableBack } from "../graph.js";
import type { HandOff, Model, ModelState } from "../model.js";
import { OPERATOR_CHAT, UniqueNames } from "../naming.js";
import { toPointer } from "../pointer.js";
import { describe, describeWithin, named, OUTCOME_WORDS, quoted } from "../wording.js";
import { type Checked, inState } from "./rule.js";

/** A way in which a hand-off may end, and no state says what follows. Each is named once, at the first that may end so. */
export function outcomeWithoutMatch({ model, report }: Checked): void {
  const names = new FreeNames(model.byName);
  for (const handOff of model.handOffs.values()) {
    let after = handOff.matches.at(-1)?.name;
    for (const answer of handOff.answers.values()) {
      const opener = answer.openers[0];
      if (!opener || answer.matches.length > 0) continue;
      report.add("outcome-without-match", inState(opener, "sendRequest"), () => {
        const outcome = answer.id as Outcome;
        const name = names.take(opener.name, outcome);
        const state = { matchResponse: { kind: "HandOffResult", handOffId: handOff.id, outcome } } as const;
        const fix: Fix = {
          label: `Add the step for ${OUTCOME_WORDS[outcome]}`,
          changes: [{ kind: "addState", name, state, after: after ?? opener.name }],
        };
        after = name;
        return {
          message: `State ${named(opener.name)}: no matchResponse handles the outcome ${named(outcome)} of hand-off ${named(handOff.id)}.`,
          plain: `${describe(opener)} does not say what follows ${OUTCOME_WORDS[outcome]}.`,
          fix,
        };
      });
    }
  }
}

/** To every client a hand-off is the chat session of its id: two things of one id would close one another. */
export function handOffIdTaken({ model, report }: Checked): void {
  const names = new UniqueNames((name) => isTaken(model, name));
  for (const handOff of model.handOffs.values()) {
    const [first] = handOff.requests;
    if (!first || !model.chats.has(handOff.id) || handOff.id === OPERATOR_CHAT) continue;
    report.add("hand-off-id-taken", inState(first, "sendRequest", "handOffId"), () => ({
      message: `State ${named(first.name)}: ${named(handOff.id)} is the id of a chat session too; a hand-off needs one of its own.`,
      plain: `${describe(first)} has the same ID in the file as a text question.`,
      fix: renaming(handOff, names.take(handOff.id)),
    }));
  }
}

const isTaken = (model: Model, id: string): boolean =>
  model.chats.has(id) || model.groups.has(id) || model.handOffs.has(id);

/** Gives a hand-off another id, wherever it stands. */
export function renaming({ requests, matches }: HandOff, to: string): Fix {
  const places = [
    ...requests.map(({ name }) => [name, "sendRequest", "handOffId"]),
    ...matches.map(({ name }) => [name, "matchResponse", "handOffId"]),
  ];
  return {
    label: `Rename to ${quoted(to)}`,
    changes: places.map((path) => ({ kind: "set", pointer: toPointer(path), value: to })),
  };
}

/** Where nobody is there, the flow comes back to a hand-off without asking anything between: it would never stop. */
export function endlessHandOff({ model, report }: Checked): void {
  const { states } = model;
  const leads = states.map((state) => {
    const [match] = state.handOff?.answers.get("unavailable")?.matches ?? [];
    return match ? match.index : state.target;
  });
  /** The number of the walk that passed a state. */
  const passed = new Int32Array(states.length);
  for (const first of states) {
    const walk = first.index + 1;
    let at = first.index;
    while (at >= 0 && passed[at] === 0) {
      passed[at] = walk;
      at = leads[at]!;
    }
    if (at < 0 || passed[at] !== walk) continue;
    const circle = circleFrom(states, leads, at).filter((state) => state.handOff);
    const [named_] = circle.sort((a, b) => a.index - b.index);
    // A circle of `next` alone is one in every run.
    if (!named_) continue;
    report.add("endless-hand-off", inState(named_), () => ({
      message: `State ${named(named_.name)}: while nobody is there the flow comes back to a hand-off without waiting for the visitor, so it would never stop.`,
      plain: `${describe(named_)} leads back to itself when nobody is there, without asking anything, so the bot would never stop.`,
    }));
  }
}

function circleFrom(states: readonly ModelState[], leads: readonly number[], from: number): ModelState[] {
  const circle: ModelState[] = [];
  let at = from;
  do {
    circle.push(states[at]!);
    at = leads[at]!;
  } while (at !== from);
  return circle;
}

/** However it ends, the bot says nothing more. */
export function silentHandOff({ model, graph, report }: Checked): void {
  if (model.handOffs.size === 0) return;
  const speaks = model.states.filter((state) => state.request !== undefined && !state.ends && !state.broken);
  const before = reachableBack(
    graph,
    speaks.map((state) => state.index),
  );
  for (const { requests, answers } of model.handOffs.values()) {
    const matches = [...answers.values()].flatMap((answer) => answer.matches);
    if (matches.length === 0 || matches.some((match) => before[match.index])) continue;
    for (const state of requests) {
      report.add("silent-hand-off", inState(state), () => ({
        message: `State ${named(state.name)}: no path from this hand-off says anything more.`,
        plain: `After ${describeWithin(state)} the bot says nothing more, however it ends.`,
      }));
    }
  }
}
