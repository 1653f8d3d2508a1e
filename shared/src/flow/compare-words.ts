import type { Comparison, Difference } from "./compare.js";
import { type FlowJson, type Json, sameJson } from "./json.js";
import type { Settings } from "./settings.js";
import { factsOf } from "./state-facts.js";

/** What a note counts, one and many, in the order in which it says so. */
const THINGS = {
  message: ["message", "messages"],
  question: ["question", "questions"],
  answer: ["answer", "answers"],
  text: ["text question", "text questions"],
  "hand-off": ["hand-over", "hand-overs"],
  connection: ["connection", "connections"],
  step: ["step", "steps"],
} as const;
type Thing = keyof typeof THINGS;
const DONE = ["added", "changed", "removed", "renamed"] as const;
type Done = (typeof DONE)[number];

/**
 * A comparison in one line, for the note of a version: "2 messages changed, 1 answer added". Empty when nothing that
 * anybody would notice differs.
 */
export function noteOf(
  comparison: Comparison,
  flows: { readonly from: FlowJson; readonly to: FlowJson },
  settingsChanged = false,
): string {
  const counts = new Map<string, number>();
  const add = (thing: Thing, done: Done) => {
    const key = `${thing} ${done}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  for (const change of comparison.states) {
    const flow = change.kind === "removed" ? flows.from : flows.to;
    const thing = thingOf(flow[change.state]!);
    if (change.kind === "renamed") add("step", "renamed");
    // An answer is counted at its question, unless that is gone or new itself.
    else if (change.kind !== "changed") {
      if (thing !== undefined && thing !== "answer") add(thing, change.kind);
    } else for (const [what, done] of countsOf(change.differences, thing)) add(what, done);
  }
  const parts = (Object.keys(THINGS) as Thing[]).flatMap((thing) =>
    DONE.flatMap((done) => {
      const count = counts.get(`${thing} ${done}`);
      return count === undefined ? [] : [`${count} ${THINGS[thing][count === 1 ? 0 : 1]} ${done}`];
    }),
  );
  if (comparison.start) parts.push("another start");
  if (settingsChanged) parts.push("settings changed");
  return parts.join(", ");
}

/** What a state is to a designer; the end of a text question is a part of that. */
function thingOf(state: Json): Thing | undefined {
  const { is } = factsOf(state);
  if (is === "message" || is === "question" || is === "text" || is === "hand-off") return is;
  if (is === "choice-match" || is === "text-match" || is === "outcome-match") return "answer";
  return is === "end-text" ? undefined : "step";
}

/** What one changed state counts as: each kind of thing once, its answers one by one. */
function* countsOf(differences: readonly Difference[], thing: Thing | undefined): Generator<[Thing, Done]> {
  let itself = false;
  for (const { what } of differences) {
    if (what === "answer-added") yield ["answer", "added"];
    else if (what === "answer-removed") yield ["answer", "removed"];
    else if (what === "answer-text" || what === "answer-id") yield ["answer", "changed"];
    else if (what === "next") yield ["connection", "changed"];
    else itself = true;
  }
  if (itself && thing !== undefined) yield [thing, "changed"];
}

/** The keys of two settings that differ, those of the appearance as `appearance.color`. */
export function changedSettings(from: Settings, to: Settings): string[] {
  const flat = ({ $schema: _, appearance, ...rest }: Settings): Record<string, unknown> => ({
    ...rest,
    ...Object.fromEntries(Object.entries(appearance ?? {}).map(([key, value]) => [`appearance.${key}`, value])),
  });
  const [old, now] = [flat(from), flat(to)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => !sameJson(old[key], now[key]));
}
