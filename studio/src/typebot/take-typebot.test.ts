import { expect, it } from "vitest";
import { offers, takeTypebot } from "./take-typebot.js";

const say = { id: "b", type: "text", content: { plainText: "Hello" } };
const bot = (blocks: object[]) =>
  JSON.stringify({ version: "6", groups: [{ id: "g", title: "Group", blocks }], edges: [], name: "Tea" });
/** What is offered, once it is. */
const offered = () =>
  new Promise<NonNullable<ReturnType<typeof offers.getState>["offer"]>>((resolve) => {
    const stop = offers.subscribe(({ offer }) => {
      if (offer === undefined) return;
      stop();
      resolve(offer);
    });
  });

it("an export is offered, and is a flow once it is taken", async () => {
  const taken = takeTypebot({ file: { name: "typebot-export-tea.json", text: bot([say, { id: "w", type: "Wait" }]) } });
  const offer = await offered();
  expect(offer.name).toBe("typebot-export-tea.json");
  expect([offer.result.report.steps.length, offer.result.report.notes.length]).toEqual([1, 1]);
  offer.answer(true);
  const { file } = (await taken)!;
  expect(file).toMatchObject({ name: "tea.json", settings: { title: "Tea" }, layout: { notes: [{ x: 388, y: 0 }] } });
  expect(JSON.parse(file.text)).toEqual({ hello: { sendRequest: { kind: "BotText", content: "Hello" } } });
  expect(offers.getState().offer).toBeUndefined();
});

it("one that is not taken is nothing", async () => {
  const taken = takeTypebot({ file: { text: bot([say]) } });
  (await offered()).answer(false);
  expect(await taken).toBeUndefined();
});

it("one that cannot be imported is refused with its sentence", async () => {
  await expect(takeTypebot({ file: { text: bot([]) } })).rejects.toThrow(/says or asks something/);
});

it.each(["{ broken", '{"a":{"sendRequest":{"kind":"BotText","content":"\\"groups\\": [ \\"edges\\": ["}}}', "[]"])(
  "any other file is as it was: %s",
  async (text) => {
    const read = { file: { text } };
    expect(await takeTypebot(read)).toBe(read);
  },
);
