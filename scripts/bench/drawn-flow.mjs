/** What one turn of the conversation takes: a message, a question, its three answers. */
const TURN = 5;
const ANSWERS = 3;
/** Turns beside each other, before the next row begins. */
const ROW = 25;
/** How much further on each answer leads than the one above it, in turns. */
const APART = 3;
/** Room of a turn on the drawing, in pixels: its message, its question and its answers stand beside each other. */
const ROOM = { width: 1080, height: 320, across: 360, down: 90 };

/**
 * A conversation as people draw it: messages, questions of three answers, ways on, ways round, and a place for each state.
 * @param {number} states a multiple of five
 * @returns {{ flow: Record<string, object>, layout: { positions: Record<string, { x: number, y: number }> } }}
 */
export function drawnFlow(states) {
  const turns = states / TURN;
  /** @type {Record<string, object>} */
  const flow = {};
  /** @type {Record<string, { x: number, y: number }>} */
  const positions = {};
  for (let turn = 0; turn < turns; turn++) {
    const x = (turn % ROW) * ROOM.width;
    const y = Math.floor(turn / ROW) * ROOM.height;
    const content = `Message ${turn}: what one says before the question, in a line or two.`;
    flow[`say${turn}`] = { sendRequest: { kind: "BotText", content }, next: `ask${turn}` };
    positions[`say${turn}`] = { x, y };
    const items = Array.from({ length: ANSWERS }, (_, item) => `item${item}`);
    const choices = items.map((itemId, item) => ({ itemId, content: `Answer ${item} of ${turn}` }));
    const question = `Question ${turn}: which of these is it?`;
    flow[`ask${turn}`] = { sendRequest: { kind: "ChoiceRequest", groupId: `group${turn}`, question, choices } };
    positions[`ask${turn}`] = { x: x + ROOM.across, y };
    for (const [item, itemId] of items.entries()) {
      const next = `say${(turn + 1 + item * APART) % turns}`;
      flow[`took${turn}-${item}`] = {
        matchResponse: { kind: "ChoiceResponse", groupId: `group${turn}`, itemId },
        next,
      };
      positions[`took${turn}-${item}`] = { x: x + 2 * ROOM.across, y: y + item * ROOM.down };
    }
  }
  return { flow, layout: { positions } };
}
