import type { FlowState } from "../flow/schema.js";

export type Flow = Record<string, FlowState>;

/** Edits that a designer makes. The number picks where. All but the last leave a flow without errors. */
export const EDITS: readonly ((flow: Flow, pick: number) => Flow)[] = [
  (flow) => flow,
  (flow, pick) =>
    withState(flow, pick, "BotText", (state) => ({ ...state, sendRequest: { kind: "BotText", content: "Reworded" } })),
  // A way that led on ends.
  (flow, pick) => cutAt(flow, pick),
  (flow, pick) => withoutItem(flow, pick),
  (flow, pick) => renamed(flow, pick),
  (flow, pick) => withoutTaker(flow, pick),
];
const named = (flow: Flow) => Object.entries(flow).filter(([name]) => name !== "$schema");

function withState(flow: Flow, pick: number, kind: string, edit: (state: FlowState) => FlowState): Flow {
  const fit = named(flow).filter(([, state]) => "sendRequest" in state && state.sendRequest.kind === kind);
  const [name, state] = fit[pick % Math.max(1, fit.length)] ?? [];
  return name === undefined ? flow : { ...flow, [name]: edit(state!) };
}

function cutAt(flow: Flow, pick: number): Flow {
  const fit = named(flow).filter(([, state]) => state.next !== undefined);
  const [name, state] = fit[pick % Math.max(1, fit.length)] ?? [];
  if (name === undefined) return flow;
  const { next: _, ...rest } = state!;
  return { ...flow, [name]: rest as FlowState };
}

function withoutItem(flow: Flow, pick: number): Flow {
  return withState(flow, pick, "ChoiceRequest", (state) => {
    if (!("sendRequest" in state) || state.sendRequest.kind !== "ChoiceRequest") return state;
    const { choices } = state.sendRequest;
    if (choices.length < 2) return state;
    return { ...state, sendRequest: { ...state.sendRequest, choices: choices.toSpliced(pick % choices.length, 1) } };
  });
}

function renamed(flow: Flow, pick: number): Flow {
  const names = named(flow);
  const [old] = names[pick % names.length]!;
  const to = `${old}-renamed`;
  const change = (state: FlowState): FlowState => (state.next === old ? { ...state, next: to } : state);
  return Object.fromEntries(Object.entries(flow).map(([name, state]) => [name === old ? to : name, change(state)]));
}

/** An answer that stays on offer, or the end of a hand-off, loses the state that takes it. */
function withoutTaker(flow: Flow, pick: number): Flow {
  const led = new Set(named(flow).map(([, { next }]) => next));
  const fit = named(flow).filter(
    ([name, state]) =>
      "matchResponse" in state && state.matchResponse.kind !== "UserText" && !led.has(name) && !isFirst(flow, name),
  );
  const [gone] = fit[pick % Math.max(1, fit.length)] ?? [];
  return Object.fromEntries(Object.entries(flow).filter(([name]) => name !== gone));
}

const isFirst = (flow: Flow, name: string): boolean => named(flow)[0]![0] === name;
