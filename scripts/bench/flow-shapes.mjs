/**
 * Flows of about `n` states in the six shapes that a slow check or compile shows itself on.
 * @param {number} n
 * @returns {Record<string, Record<string, object>>} name of the shape → flow
 */
export function shapes(n) {
  return {
    chain: chain(n),
    star: star(n),
    "one question": oneQuestion(n),
    "every next missing": everyNextMissing(n),
    "chat sessions": chatSessions(n),
    "alike names": alikeNames(n),
  };
}

const say = (content, next) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });
const picked = (groupId, itemId, next) => ({
  matchResponse: { kind: "ChoiceResponse", groupId, itemId },
  ...(next && { next }),
});

/** Messages one after the other, and every 500 a question, since a run is at most 1,000 requests. */
function chain(n) {
  const flow = {};
  for (let i = 0; i < n; i++) {
    const next = i + 1 < n ? `s${i + 1}` : undefined;
    if (i % 500 === 498 && next) {
      const choices = [{ itemId: "go", content: "Go on" }];
      flow[`s${i}`] = { sendRequest: { kind: "ChoiceRequest", groupId: `q${i}`, question: "Go on?", choices } };
    } else if (i % 500 === 499) flow[`s${i}`] = picked(`q${i - 1}`, "go", next);
    else flow[`s${i}`] = say(`Message ${i}`, next);
  }
  return flow;
}

/** A hub of questions with 20 answers each, and every answer leads back to the hub. */
function star(n) {
  const flow = { hub: say("Welcome", "q0") };
  for (let q = 0; Object.keys(flow).length < n && q < n / 21; q++) {
    const items = Array.from({ length: 20 }, (_, i) => `i${i}`);
    const choices = items.map((itemId) => ({ itemId, content: `Answer ${itemId}` }));
    flow[`q${q}`] = { sendRequest: { kind: "ChoiceRequest", groupId: `g${q}`, question: `Question ${q}`, choices } };
    for (const itemId of items) flow[`q${q}${itemId}`] = picked(`g${q}`, itemId, itemId === "i0" ? `q${q + 1}` : "hub");
  }
  const last = Object.keys(flow).findLast((name) => name.endsWith("i0"));
  if (last) flow[last].next = "hub";
  return flow;
}

function oneQuestion(n) {
  const choices = Array.from({ length: n }, (_, i) => ({ itemId: `i${i}`, content: `Answer ${i}` }));
  const flow = { ask: { sendRequest: { kind: "ChoiceRequest", groupId: "g", question: "Which?", choices } } };
  for (const { itemId } of choices) flow[itemId] = picked("g", itemId, "done");
  flow.done = say("Thanks");
  return flow;
}

function everyNextMissing(n) {
  return Object.fromEntries(Array.from({ length: n }, (_, i) => [`state${i}`, say(`Message ${i}`, `stage${i}`)]));
}

/** Half as many chat sessions as states, none of them closed. */
function chatSessions(n) {
  const flow = {};
  for (let i = 0; i < n / 2; i++) {
    flow[`ask${i}`] = { sendRequest: { kind: "StartChatSession", sessionId: `c${i}`, chatText: `Tell me ${i}` } };
    const next = i + 1 < n / 2 ? { next: `ask${i + 1}` } : {};
    flow[`told${i}`] = { matchResponse: { kind: "UserText", sessionId: `c${i}` }, ...next };
  }
  return flow;
}

/** Long names that differ in the last letters, and every fiftieth `next` is misspelt. */
function alikeNames(n) {
  const name = (i) => `${"a".repeat(180)}${String(i).padStart(6, "0")}`;
  const flow = {};
  for (let i = 0; i < n; i++) {
    const next = i % 50 === 49 ? `${name(i)}x` : i + 1 < n ? name(i + 1) : undefined;
    flow[name(i)] = say(`Message ${i}`, next);
  }
  return flow;
}
