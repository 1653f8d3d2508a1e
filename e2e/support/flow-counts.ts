import type { FlowFile, FlowState } from "./flow-file.js";

/** How many cards, edges and implied edges a view has. */
export type Counts = { readonly cards: number; readonly ways: number; readonly implied: number };

/**
 * How much each view of a flow has to show, counted from the file alone: in Steps a question is one card with its
 * answers, and a text question with its end, while nothing else opens it, leads to its answers or (an end) leads there.
 */
export function countsOf(flow: FlowFile): { readonly steps: Counts; readonly states: Counts } {
  const all = Object.entries(flow);
  const opened = all.flatMap(([name, state]) => (opens(state) === undefined ? [] : [{ name, state }]));
  const answersTo = (state: FlowState) => all.filter(([, answer]) => answers(answer, state));
  const pairs = opened.reduce((sum, { state }) => sum + answersTo(state).length, 0);
  const ways = all.filter(([, { next }]) => next !== undefined).length;

  const folded = opened.filter(
    ({ state }) =>
      state.next === undefined &&
      opened.filter((other) => opens(other.state) === opens(state)).length === 1 &&
      answersTo(state).every(([name]) => !all.some(([, { next }]) => next === name)),
  );
  const within = new Set(folded.flatMap(({ state }) => answersTo(state).map(([name]) => name)));
  const ends = all.filter(([name, { sendRequest }]) => {
    const before = all.filter(([, { next }]) => next === name);
    const own = before.every(([from, { matchResponse }]) => {
      return within.has(from) && matchResponse?.sessionId === sendRequest?.sessionId;
    });
    return sendRequest?.kind === "EndChatSession" && before.length > 0 && own;
  });
  // Through an end that is part of its question, each text that comes to it leads on.
  const through = ends.reduce((sum, [name, { next }]) => {
    const coming = all.filter((other) => other[1].next === name).length;
    return sum + (next === undefined ? 0 : coming) - coming - (next === undefined ? 0 : 1);
  }, 0);
  const hidden = folded.reduce((sum, { state }) => sum + answersTo(state).length, 0);
  return {
    steps: { cards: all.length - within.size - ends.length, ways: ways + through, implied: pairs - hidden },
    states: { cards: all.length, ways, implied: pairs },
  };
}

/** What a request opens, by kind and id. */
function opens({ sendRequest }: FlowState): string | undefined {
  if (sendRequest?.kind === "ChoiceRequest") return `question ${sendRequest.groupId}`;
  if (sendRequest?.kind === "HandOff") return `hand-over ${sendRequest.handOffId}`;
  return sendRequest?.kind === "StartChatSession" ? `text ${sendRequest.sessionId}` : undefined;
}

function answers({ matchResponse }: FlowState, { sendRequest }: FlowState): boolean {
  if (matchResponse?.kind === "HandOffResult")
    return sendRequest?.kind === "HandOff" && matchResponse.handOffId === sendRequest.handOffId;
  if (matchResponse?.kind === "ChoiceResponse")
    return (
      sendRequest?.kind === "ChoiceRequest" &&
      matchResponse.groupId === sendRequest.groupId &&
      sendRequest.choices!.some(({ itemId }) => itemId === matchResponse.itemId)
    );
  return (
    matchResponse?.kind === "UserText" &&
    sendRequest?.kind === "StartChatSession" &&
    matchResponse.sessionId === sendRequest.sessionId
  );
}
