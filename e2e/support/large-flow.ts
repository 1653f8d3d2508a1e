import { expect, type Page } from "@playwright/test";

/**
 * Makes a flow with a drawing over the API: messages, each followed by a question of two answers that lead on.
 * @param states a multiple of four
 * @returns its id; the first message is `say0`, the first question `ask0`
 */
export async function makeLargeFlow(page: Page, states: number): Promise<string> {
  const flow: Record<string, object> = {};
  const positions: Record<string, { x: number; y: number }> = {};
  const turns = states / 4;
  for (let turn = 0; turn < turns; turn++) {
    const at = { x: (turn % 20) * 800, y: Math.floor(turn / 20) * 300 };
    flow[`say${turn}`] = { sendRequest: { kind: "BotText", content: `Message ${turn}` }, next: `ask${turn}` };
    positions[`say${turn}`] = at;
    const choices = ["a", "b"].map((itemId) => ({ itemId, content: `Answer ${itemId}` }));
    const question = `Question ${turn}?`;
    flow[`ask${turn}`] = { sendRequest: { kind: "ChoiceRequest", groupId: `group${turn}`, question, choices } };
    positions[`ask${turn}`] = { x: at.x + 400, y: at.y };
    for (const [item, { itemId }] of choices.entries()) {
      const next = `say${(turn + 1 + item) % turns}`;
      flow[`${itemId}${turn}`] = { matchResponse: { kind: "ChoiceResponse", groupId: `group${turn}`, itemId }, next };
    }
  }
  const id = `large-${states}`;
  const answer = await page.request.post("/api/flows", {
    headers: { Origin: new URL(page.url()).origin },
    data: { id, from: { kind: "file", text: JSON.stringify(flow), layout: { positions } } },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return id;
}
