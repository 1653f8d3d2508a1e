import fc from "fast-check";
import { check } from "../flow/check.js";
import type { FlowState } from "../flow/schema.js";
import { buildFlow } from "./build-flow.js";
import { type Plan, plans, plansOfPeople } from "./plan.js";
import { from, MARKUP } from "./words.js";

type Json = Record<string, unknown>;
type Entry = [name: string, state: Json];

/** One kind of damage. It changes the states in place, or gives what stands instead of the flow. */
type Damage = (states: Entry[], pick: number) => unknown;

const part = (state: Json, name: "sendRequest" | "matchResponse"): Json | undefined => state[name] as Json | undefined;
const kindOf = (state: Json): unknown => (part(state, "sendRequest") ?? part(state, "matchResponse"))?.kind;
/** One of the states that fit, if any does. */
function some(states: Entry[], pick: number, fits: (state: Json) => boolean): Entry | undefined {
  const found = states.filter(([, state]) => typeof state === "object" && state !== null && fits(state));
  return found.length > 0 ? from(found, pick) : undefined;
}
const one = (states: Entry[], pick: number, kind: string): Json | undefined =>
  some(states, pick, (state) => kindOf(state) === kind)?.[1];
const hasText = (state: Json): boolean => {
  const request = part(state, "sendRequest");
  return request !== undefined && ["content", "question", "chatText"].some((field) => field in Object(request));
};
const remove = (states: Entry[], entry: Entry | undefined): void => {
  if (entry) states.splice(states.indexOf(entry), 1);
};
const copy = <T>(value: T): T => structuredClone(value);
const choicesOf = (state: Json | undefined): Json[] | undefined => {
  const choices = state && part(state, "sendRequest")?.choices;
  return Array.isArray(choices) ? choices : undefined;
};

const WRONG: readonly unknown[] = [
  null,
  true,
  0,
  "",
  [],
  {},
  Number.POSITIVE_INFINITY,
  "12",
  ["a"],
  { kind: "BotText" },
  { kind: 1 },
];
const BAD_NAMES = ["12", "0", "__proto__", "constructor", "prototype", "ü".repeat(101), "$schema"];

/** Everything that goes wrong with a flow, by a name for the reports. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  "drop a state": (states, pick) => remove(states, from(states, pick)),
  "drop next": (states, pick) => delete some(states, pick, (state) => "next" in state)?.[1].next,
  "lead elsewhere": (states, pick) => {
    from(states, pick)[1].next = from(states, pick >> 3)[0];
  },
  "lead nowhere": (states, pick) => {
    from(states, pick)[1].next = `${from(states, pick >> 3)[0]}x`;
  },
  "lead to itself": (states, pick) => {
    const entry = from(states, pick);
    entry[1].next = entry[0];
  },
  "move the last to the front": (states) => {
    states.unshift(states.pop()!);
  },
  "remove a match": (states, pick) =>
    remove(
      states,
      some(states, pick, (state) => "matchResponse" in state),
    ),
  "remove the matches of a chat session": (states, pick) => {
    const id = part(one(states, pick, "UserText") ?? {}, "matchResponse")?.sessionId;
    for (const entry of [...states]) {
      if (kindOf(entry[1]) === "UserText" && part(entry[1], "matchResponse")?.sessionId === id) remove(states, entry);
    }
  },
  "expect only one text": (states, pick) => {
    const id = part(one(states, pick, "UserText") ?? {}, "matchResponse")?.sessionId;
    for (const [, state] of states) {
      const match = part(state, "matchResponse");
      if (kindOf(state) === "UserText" && match?.sessionId === id) match!.content = "only";
    }
  },
  "match twice": (states, pick) => {
    const entry = some(states, pick, (state) => "matchResponse" in state);
    if (entry) states.push([`${entry[0]} twice`, copy(entry[1])]);
  },
  "offer twice": (states, pick) => {
    const choices = choicesOf(one(states, pick, "ChoiceRequest"));
    choices?.push(copy(from(choices, pick >> 3)));
  },
  "offer more": (states, pick) => {
    choicesOf(one(states, pick, "ChoiceRequest"))?.push({ itemId: `more ${pick}`, content: "More" });
  },
  "match what nobody asks": (states, pick) => {
    const match =
      pick % 2 ? { kind: "UserText", sessionId: "nobody" } : { kind: "ChoiceResponse", groupId: "no", itemId: "x" };
    states.push([`extra ${pick}`, { matchResponse: match, next: states[0]![0] }]);
  },
  "ask again otherwise": (states, pick) => {
    const request = part(one(states, pick, "ChoiceRequest") ?? {}, "sendRequest");
    if (!request) return;
    const choices = (choicesOf({ sendRequest: request }) ?? []).slice(1);
    states.push([`again ${pick}`, { sendRequest: { ...copy(request), choices: choices.length > 0 ? choices : [{}] } }]);
  },
  "end what is not open": (states, pick) => {
    const end = { kind: "EndChatSession", sessionId: pick % 2 ? "nobody" : "s" };
    states.unshift([`end ${pick}`, { sendRequest: end, next: states[0]![0] }]);
  },
  "close another chat session": (states, pick) => {
    const request = part(one(states, pick, "EndChatSession") ?? {}, "sendRequest");
    if (request) request.sessionId = "another";
  },
  "go on after a question": (states, pick) => {
    const kind = from(["ChoiceRequest", "StartChatSession"], pick);
    const state = one(states, pick >> 3, kind);
    if (state) state.next = states.at(-1)![0];
  },
  "wrong type": (states, pick) => {
    const places: [holder: Json, key: string][] = [];
    const walk = (holder: Json) => {
      for (const key of Object.keys(holder)) {
        places.push([holder, key]);
        if (typeof holder[key] === "object" && holder[key] !== null) walk(holder[key] as Json);
      }
    };
    const holder = Object.fromEntries([from(states, pick)]);
    walk(holder);
    const [at, key] = from(places, pick >> 3);
    at[key] = from(WRONG, pick >> 5);
    states[pick % states.length] = [states[pick % states.length]![0], Object.values(holder)[0] as Json];
  },
  "unknown kind": (states, pick) => {
    const message = Object.values(from(states, pick)[1])[0] as Json;
    if (typeof message === "object" && message) message.kind = from(["Video", "botText", "__proto__", ""], pick >> 3);
  },
  "unknown field": (states, pick) => {
    const state = from(states, pick)[1];
    const message = Object.values(state)[0] as Json;
    (pick % 2 && typeof message === "object" && message ? message : state).colour = "red";
  },
  "request and match": (states, pick) => {
    const state = from(states, pick)[1];
    state.sendRequest ??= { kind: "BotText", content: "both" };
    state.matchResponse ??= { kind: "UserText", sessionId: "s" };
  },
  "overlong text": (states, pick) => {
    const request = part(some(states, pick, (state) => "sendRequest" in state)?.[1] ?? {}, "sendRequest");
    if (request) request[request.kind === "ChoiceRequest" ? "question" : "content"] = "ü".repeat(4_100);
  },
  "blank text": (states, pick) => {
    const request = part(some(states, pick, hasText)?.[1] ?? {}, "sendRequest");
    for (const field of ["content", "question", "chatText"]) {
      if (typeof request?.[field] === "string") request[field] = from(["", " \n", "<b></b>", "<br>"], pick >> 3);
    }
  },
  "broken markup": (states, pick) => {
    const request = part(some(states, pick, hasText)?.[1] ?? {}, "sendRequest");
    for (const field of ["content", "question", "chatText"]) {
      if (typeof request?.[field] === "string") request[field] += `${from(MARKUP, pick >> 3)}<h1 x>${"<b>".repeat(40)}`;
    }
  },
  "a picture without words": (states, pick) => {
    const request = part(some(states, pick, hasText)?.[1] ?? {}, "sendRequest");
    for (const field of ["content", "question", "chatText"]) {
      if (typeof request?.[field] === "string") request[field] = `<img src="/cat.png">${request[field]}`;
    }
  },
  "ask for nobody's answer": (states, pick) => {
    const request = part(one(states, pick, "BotText") ?? {}, "sendRequest");
    if (request) request.content = "Hi {{nobody}}{{nobody|x}}";
  },
  "ask too early": (states, pick) => {
    const id = part(one(states, pick, "StartChatSession") ?? {}, "sendRequest")?.sessionId;
    states.unshift([
      `early ${pick}`,
      { sendRequest: { kind: "BotText", content: `Hi {{${id}}}` }, next: states[0]![0] },
    ]);
  },
  "number as id": (states, pick) => {
    for (const [, state] of states) {
      for (const message of [part(state, "sendRequest"), part(state, "matchResponse")]) {
        for (const field of ["groupId", "itemId", "sessionId"]) {
          if (message && message[field] === "q") message[field] = pick;
        }
      }
    }
    states.unshift([`n${pick}`, { sendRequest: { kind: "EndChatSession", sessionId: pick }, next: states[0]![0] }]);
  },
  "bad name": (states, pick) => {
    const at = pick % states.length;
    states[at] = [from(BAD_NAMES, pick >> 3), states[at]![1]];
  },
  "deep nesting": (states, pick) => {
    let deep: unknown = 1;
    for (let i = 0; i < 60 + (pick % 10); i++) deep = pick % 2 ? [deep] : { deep };
    states.push(["deep", deep as Json]);
  },
  "no states": () => ({}),
  "no flow": (_states, pick) => from([null, [], "flow", 12, true, [{}]], pick),
};

/** What goes wrong with hand-offs. */
const HAND_OFF_DAMAGES: Readonly<Record<string, Damage>> = {
  "lose the end of a hand-off": (states, pick) =>
    remove(
      states,
      some(states, pick, (state) => kindOf(state) === "HandOffResult"),
    ),
  "go on after a hand-off": (states, pick) => {
    const state = one(states, pick, "HandOff");
    if (state) state.next = states.at(-1)![0];
  },
  "take the id of a hand-off": (states, pick) => {
    const request = part(one(states, pick, "HandOff") ?? {}, "sendRequest");
    if (request)
      states.push([`taken ${pick}`, { sendRequest: { kind: "EndChatSession", sessionId: request.handOffId } }]);
  },
  "hand over again at once": (states, pick) => {
    const entry = some(states, pick, (state) => kindOf(state) === "HandOff");
    const id = entry && part(entry[1], "sendRequest")?.handOffId;
    for (const [, state] of states) {
      const match = part(state, "matchResponse");
      if (entry && kindOf(state) === "HandOffResult" && match?.handOffId === id) state.next = entry[0];
    }
  },
  "say nothing after a hand-off": (states) => {
    for (const [, state] of states) if (kindOf(state) === "HandOffResult") delete state.next;
  },
};

/** A flow after its damages: as a value, and as the text of a file, in which a key may stand twice. */
export type Damaged = { readonly value: unknown; readonly text: string; readonly damages: readonly string[] };

const damageOf = (kinds: Readonly<Record<string, Damage>>) =>
  fc.record({ name: fc.constantFrom(...Object.keys(kinds)), pick: fc.nat({ max: 9_999 }) });
const twice = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.nat({ max: 9_999 }) },
);

/** Flows built from the grammar and then damaged up to three times, or not at all. */
export const damagedFlows: fc.Arbitrary<Damaged> = damagedOf(plans);

/** The same of flows with hand-offs. */
export const damagedFlowsOfPeople: fc.Arbitrary<Damaged> = damagedOf(plansOfPeople, {
  ...DAMAGES,
  ...HAND_OFF_DAMAGES,
});

function damagedOf(plans: fc.Arbitrary<Plan>, kinds = DAMAGES): fc.Arbitrary<Damaged> {
  return fc.tuple(plans, fc.array(damageOf(kinds), { maxLength: 3 }), twice).map(([plan, damages, repeat]) => {
    const value = damaged(buildFlow(plan), damages);
    const applied = damages.map(({ name, pick }) => `${name} ${pick}`);
    if (repeat === undefined) return { value, text: JSON.stringify(value, null, 2), damages: applied };
    return { value, text: textWithRepeat(value, repeat), damages: [...applied, `key twice ${repeat}`] };
  });
}

/** Damaged flows that check lets pass: whatever else is odd in them, they run. `but` leaves kinds of damage out. */
export const flowsWithoutErrors = (
  but: readonly string[] = [],
  from = plans,
): fc.Arbitrary<Readonly<Record<string, FlowState>>> =>
  damagedOf(from)
    .filter(({ damages }) => !but.some((name) => damages.some((damage) => damage.startsWith(name))))
    .filter(({ value }) => !check(value).some(({ severity }) => severity === "error"))
    .map(({ value }) => value as Record<string, FlowState>);

function damaged(flow: unknown, damages: readonly { name: string; pick: number }[]): unknown {
  let states = Object.entries(flow as Json).filter(([name]) => name !== "$schema") as Entry[];
  for (const { name, pick } of damages) {
    if (states.length === 0) return {};
    const instead = (DAMAGES[name] ?? HAND_OFF_DAMAGES[name])!(states, pick);
    if (typeof instead === "object" || typeof instead === "string" || typeof instead === "number") return instead;
    // A name given twice would be one key.
    states = Object.entries(Object.fromEntries(states)) as Entry[];
    if (states.some(([, state]) => typeof state !== "object" || state === null)) break;
  }
  return Object.fromEntries(states);
}

/** A key of the flow, or of a state, stands twice in the text. */
function textWithRepeat(flow: unknown, pick: number): string {
  if (typeof flow !== "object" || flow === null || Array.isArray(flow)) return JSON.stringify(flow);
  const members = Object.entries(flow).map(([name, state]) => `${JSON.stringify(name)}: ${JSON.stringify(state)}`);
  if (members.length === 0) return "{}";
  const at = pick % members.length;
  const inside = members[at]!.replace(/^("(?:[^"\\]|\\.)*": \{)("(?:[^"\\]|\\.)*":)/, "$1$2null,$2");
  if (pick % 2 && inside !== members[at]) members[at] = inside;
  else members.push(from(members, pick >> 1));
  return `{\n${members.join(",\n")}\n}`;
}
