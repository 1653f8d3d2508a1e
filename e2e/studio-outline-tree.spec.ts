import { command } from "./support/screens.js";
import { expect, makeFlow, test } from "./support/studio.js";

/** Messages and questions in turn, each of which leads on; every tenth message leads nowhere, and every twentieth is empty. */
function largeFlow(states: number): { flow: Record<string, unknown>; steps: number; answers: number } {
  const flow: Record<string, unknown> = {};
  let [steps, answers] = [0, 0];
  for (let n = 0; Object.keys(flow).length + 4 <= states; n++) {
    const missing = n % 10 === 9;
    const content = n % 20 === 19 ? "" : `Message ${n}`;
    flow[`m${n}`] = { sendRequest: { kind: "BotText", content }, next: missing ? "gone" : `q${n}` };
    const choices = [0, 1].map((i) => ({ itemId: `i${i}`, content: `Answer ${n}.${i}` }));
    flow[`q${n}`] = { sendRequest: { kind: "ChoiceRequest", groupId: `g${n}`, question: `Question ${n}?`, choices } };
    for (const { itemId } of choices)
      flow[`q${n}${itemId}`] = {
        matchResponse: { kind: "ChoiceResponse", groupId: `g${n}`, itemId },
        next: `m${n + 1}`,
      };
    steps += 2;
    answers += 2;
  }
  flow[`m${steps / 2}`] = { sendRequest: { kind: "BotText", content: "The end" } };
  return { flow, steps: steps + 1, answers };
}

test("the accessibility tree of the outline has every step of a flow of 5,000 states", async ({ page }) => {
  const { flow, steps, answers } = largeFlow(5_000);
  expect(Object.keys(flow).length).toBeGreaterThan(4_990);
  const id = await makeFlow(page, JSON.stringify(flow));
  await page.goto(`/studio/f/${id}`);
  await expect(page.getByRole("application")).toBeVisible();
  await command(page, "Open: Outline");
  await expect(page.getByRole("tree")).toBeVisible();

  const cdp = await page.context().newCDPSession(page);
  const { nodes } = await cdp.send("Accessibility.getFullAXTree");
  const rows = nodes.filter(({ role, ignored }) => role?.value === "treeitem" && !ignored);
  const said = rows.map(({ name }) => String(name?.value));
  expect(said.filter((words) => words.startsWith("Answer: "))).toHaveLength(answers);
  expect(said.filter((words) => !words.startsWith("Answer: "))).toHaveLength(steps);

  // Kind, text, where it leads, and what is wrong with it, of each.
  const all = new Set(said);
  const missing: string[] = [];
  const has = (words: string) => all.has(words) || missing.push(words);
  for (let n = 0; n < answers / 2; n++) {
    const next = (n + 1) % 20 === 19 ? "Nothing written yet" : n + 1 === answers / 2 ? "The end" : `Message ${n + 1}`;
    has(`Answer: Answer ${n}.0, then ${next}`);
    has(`Answer: Answer ${n}.1, then ${next}`);
  }
  expect(missing).toEqual([]);
  const of = (start: string) => said.find((words) => words.startsWith(start));
  expect(of("Message: Message 0,")).toBe("Message: Message 0, the conversation starts here, then Question 0?");
  expect(of("Question: Question 2400?")).toBeUndefined();
  expect(of("Question: Question 1200?")).toBe("Question: Question 1200?, 2 answers");
  // What leads to a step that is not there is said at the step.
  const wrong = said.filter(
    (words) => words.startsWith("Message: Message ") && words.includes("nowhere: that step is not there, 1 problem"),
  );
  expect(wrong.length).toBe(Math.floor(answers / 2 / 10) - Math.floor(answers / 2 / 20));
  expect(wrong[0]).toContain("leads to a step that does not exist.");
  // Each at its place: among how many, and how deep.
  const properties = new Set(rows.flatMap(({ properties }) => properties?.map(({ name }) => name) ?? []));
  expect([...properties]).toEqual(expect.arrayContaining(["level", "selected"]));
});
