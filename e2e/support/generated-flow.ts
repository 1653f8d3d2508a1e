import type { FlowFile, FlowState } from "./flow-file.js";

/** Numbers from 0 up to a bound, always the same for one seed. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/**
 * A flow of so many steps (messages, questions, asked texts), whose ways out lead on, back, far ahead or nowhere.
 * @param seed makes it: the same seed, the same flow
 */
export function generatedFlow(seed: number, steps: number): FlowFile {
  const pick = numbers(seed);
  const flow: Record<string, FlowState> = {};
  const leads = (from: number): { next?: string } => {
    const chance = pick(100);
    if (chance < 10) return {};
    const far = 1 + pick(chance < 75 ? 3 : steps);
    const to = chance < 85 ? Math.min(steps - 1, from + far) : pick(steps);
    return to === from ? {} : { next: `s${to}` };
  };
  for (let i = 0; i < steps; i++) {
    const name = `s${i}`;
    const kind = pick(5);
    if (kind < 2) {
      // Forward only: a loop of messages would never stop.
      const next = i + 1 + pick(3);
      flow[name] = {
        sendRequest: { kind: "BotText", content: `Message ${i}` },
        ...(next < steps && { next: `s${next}` }),
      };
    } else if (kind < 4) {
      const choices = Array.from({ length: 2 + pick(3) }, (_, n) => ({ itemId: `a${n}`, content: `Answer ${n}` }));
      flow[name] = { sendRequest: { kind: "ChoiceRequest", groupId: name, question: `Question ${i}`, choices } };
      for (const { itemId } of choices)
        flow[`${name}-${itemId}`] = { matchResponse: { kind: "ChoiceResponse", groupId: name, itemId }, ...leads(i) };
    } else {
      flow[name] = { sendRequest: { kind: "StartChatSession", sessionId: name, chatText: `Text ${i}` } };
      flow[`${name}-text`] = { matchResponse: { kind: "UserText", sessionId: name }, next: `${name}-end` };
      flow[`${name}-end`] = { sendRequest: { kind: "EndChatSession", sessionId: name }, ...leads(i) };
    }
  }
  return flow;
}
