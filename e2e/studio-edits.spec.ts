import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import {
  box,
  card,
  closePanels,
  dot,
  drag,
  dragEnd,
  drawing,
  head,
  middle,
  pick,
  type Spot,
  seeAll,
} from "./support/drawing.js";
import { type FlowFile, fileOf, saved, say } from "./support/flow-file.js";
import { exampleText, expect, exportedFile, listen, makeFlow, openFlow, test } from "./support/studio.js";

test.use({ actionTimeout: 10_000 });

/** Three messages, one after the other, and one beside them. */
const THREE: FlowFile = { one: say("One", "two"), two: say("Two", "three"), three: say("Three"), lone: say("Lone") };

async function open(page: Page, flow: FlowFile): Promise<string> {
  const id = await makeFlow(page, fileOf(flow));
  await openFlow(page, id);
  // Room for the drawing: what is written opens the panel again.
  await closePanels(page);
  await expect(card(page, Object.values(flow)[0]?.sendRequest?.content ?? "")).toBeVisible();
  return id;
}

/** Where the canvas is empty: left of the middle, near its lower end. */
async function emptySpot(page: Page): Promise<Spot> {
  const { x, y, width, height } = await box(drawing(page));
  return { x: x + width * 0.45, y: y + height - 160 };
}

/** In the middle of the edge that leads from the flag to the start. */
async function beforeStart(page: Page, words: string): Promise<Spot> {
  const flag = await box(drawing(page).locator(".react-flow__node-start"));
  const start = await box(card(page, words));
  return { x: (flag.x + flag.width + start.x) / 2, y: flag.y + flag.height / 2 };
}

async function undo(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Undo", exact: true }).click();
}

test("an edge dropped on the empty canvas makes the next step there, connected", async ({ page }) => {
  const flow = await open(page, { hello: say("Hello") });
  const before = await box(card(page, "Hello"));
  const spot = await emptySpot(page);
  await drag(page, await middle(await dot(page, "Hello")), spot);
  await pick(page, "question");
  await expect(page.getByRole("textbox", { name: "Question" })).toBeFocused();
  await page.keyboard.type("Well?");
  await saved(page, flow, ({ hello, ...others }) => {
    const [question] = Object.entries(others).find(([, state]) => state.sendRequest?.question === "Well?") ?? [];
    expect(question).toBeDefined();
    expect(hello?.next).toBe(question);
  });
  // Where it was let go; the canvas may have moved to show it.
  const [hello, made] = [await box(card(page, "Hello")), await box(card(page, "Well?"))];
  expect(Math.abs(made.x - hello.x - (spot.x - before.x))).toBeLessThan(2);
  expect(Math.abs(made.y + 18 - hello.y - (spot.y - before.y))).toBeLessThan(2);
});

test("an edge dropped on a card leads there, and its end can be dragged to another", async ({ page }) => {
  const flow = await open(page, THREE);
  const dropOn = async (words: string) => head(card(page, words));
  await drag(page, await middle(await dot(page, "Three")), await dropOn("Lone"));
  await saved(page, flow, ({ three }) => expect(three?.next).toBe("lone"));

  // The end of the edge from One to Two.
  await dragEnd(page, "Two", await dropOn("Three"));
  await saved(page, flow, ({ one }) => expect(one?.next).toBe("three"));

  // On the empty canvas one picks what comes next.
  await dragEnd(page, "Lone", await emptySpot(page));
  await pick(page, "message");
  await page.keyboard.type("Four");
  await saved(page, flow, (file) => expect(file[file.three?.next ?? ""]).toEqual(say("Four")));
});

test("of several edges that end in one place, the clicked one is taken", async ({ page }) => {
  const flow = await open(page, { ...THREE, lone: say("Lone", "three") });
  const line = drawing(page).locator(".react-flow__edge:has([data-kind=next])");
  const ways = await line.count();
  for (const [index, from] of (["two", "lone"] as const).entries()) {
    await expect(async () => {
      const start = await middle(await dot(page, from === "two" ? "Two" : "Lone"));
      await page.mouse.click(start.x + 24, start.y);
      const clicked = drawing(page).locator(".react-flow__edge [data-kind=next][data-selected]");
      await expect(clicked).toHaveCount(1, { timeout: 500 });
    }).toPass({ timeout: 10_000 });
    await dragEnd(page, "Three", await head(card(page, "One")));
    await saved(page, flow, (file) => {
      expect(file.two?.next).toBe("one");
      expect(file.lone?.next).toBe(index === 0 ? "three" : "one");
    });
  }
  expect(await line.count()).toBe(ways);
});

test("a card let go on an edge is put in between", async ({ page }) => {
  const flow = await open(page, THREE);
  const one = await box(card(page, "One"));
  const two = await box(card(page, "Two"));
  const onEdge = { x: (one.x + one.width + two.x) / 2, y: one.y + 18 };
  await drag(page, await head(card(page, "Lone")), onEdge);
  await saved(page, flow, (file) =>
    expect(file).toEqual({ ...THREE, one: say("One", "lone"), lone: say("Lone", "two") }),
  );
  // There is room for it: it lies on neither neighbour.
  const [left, put, right] = [
    await box(card(page, "One")),
    await box(card(page, "Lone")),
    await box(card(page, "Two")),
  ];
  expect(left.x + left.width).toBeLessThan(put.x);
  expect(put.x + put.width).toBeLessThan(right.x);
  await undo(page);
  await saved(page, flow, (file) => expect(file).toEqual(THREE));
});

test("a step is put before the start: dragged from the palette, and one that is there", async ({ page }) => {
  const flow = await open(page, THREE);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await seeAll(page);
  await drag(page, await middle(page.getByRole("option", { name: /^Message/ })), await beforeStart(page, "One"));
  await page.keyboard.type("Zero");
  await saved(page, flow, (file) => {
    const [first] = Object.keys(file);
    expect(file[first!]).toEqual(say("Zero", "one"));
  });

  await seeAll(page);
  await drag(page, await head(card(page, "Lone")), await beforeStart(page, "Zero"));
  await saved(page, flow, (file) => {
    const [first, second] = Object.keys(file);
    expect(first).toBe("lone");
    expect(file.lone?.next).toBe(second);
  });
});

test("the start flag moves: dragged to a card, by its edge, and by a command", async ({ page }) => {
  const flow = await open(page, THREE);
  const starts = (name: string) =>
    saved(page, flow, (file) => {
      expect(Object.keys(file)[0]).toBe(name);
      expect(file).toEqual(THREE);
    });
  await drag(page, await middle(drawing(page).locator(".react-flow__node-start")), await middle(card(page, "Two")));
  await starts("two");
  await undo(page);
  await starts("one");

  await dragEnd(page, "One", await head(card(page, "Three")));
  await starts("three");

  await card(page, "Lone").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Start here" }).click();
  await starts("lone");
  await undo(page);
  await undo(page);
  await saved(page, flow, (_, text) => expect(text).toBe(fileOf(THREE)));
});

test("the start is deleted: it says which step follows it, and undo brings it back", async ({ page }) => {
  const text = exampleText("bot-assistant");
  const flow = await makeFlow(page, text);
  await openFlow(page, flow);
  await card(page, "Hi, I'm Bot!").click();
  await page.keyboard.press("Delete");
  await expect(
    page.getByRole("status").filter({ hasText: "The conversation now begins with ‘What programming" }),
  ).toBeAttached();
  await saved(page, flow, (file) => expect(Object.keys(file)).not.toContain(Object.keys(JSON.parse(text))[0]));
  await expect(card(page, "What programming language")).toHaveAttribute("aria-label", /the conversation starts here/);
  await undo(page);
  await saved(page, flow, (_, now) => expect(now).toBe(text));
});

test("a question is renamed everywhere it is meant, by one undo", async ({ page }) => {
  const text = exampleText("bot-assistant").replace("I know Rust!", "{{prog_lang|It}}? I know Rust!");
  const before = JSON.parse(text) as FlowFile;
  const group = Object.values(before).find(({ sendRequest }) => sendRequest?.groupId)!.sendRequest!.groupId!;
  const used = text.replaceAll("{{prog_lang|", `{{${group}|`);
  const flow = await makeFlow(page, used);
  await openFlow(page, flow);
  await card(page, "What programming language").click();
  await page.getByRole("button", { name: "Details" }).click();
  const field = page.getByRole("textbox", { name: "ID in the file" }).first();
  await expect(field).toHaveValue(group);
  await field.fill("hobby");
  await field.press("Enter");
  await saved(page, flow, (_, now) =>
    expect(now).toBe(
      fileOf(JSON.parse(used.replaceAll(`"${group}"`, '"hobby"').replaceAll(`{{${group}|`, "{{hobby|"))),
    ),
  );
  await undo(page);
  await saved(page, flow, (file) => expect(file).toEqual(JSON.parse(used)));
  expect(await exportedFile(page, flow)).toBe(used);
});

test("steps are copied to another flow in another tab, with fresh ids and rewired links", async ({
  page,
  context,
  complaints,
}) => {
  const text = exampleText("bot-assistant").replace("I know Rust!", "{{lang}}? I know Rust!");
  const from = await makeFlow(page, text);
  // The other flow has steps and ids of the same names.
  const to = await makeFlow(page, text);
  await openFlow(page, from);
  await seeAll(page);
  await card(page, "What programming language").click();
  await card(page, "I enabled chat editor").click({ modifiers: ["Control"] });
  await page.keyboard.press("Control+c");

  const other = await context.newPage();
  listen(other, complaints);
  await openFlow(other, to);
  await drawing(other).focus();
  await other.keyboard.press("Control+v");
  const before = JSON.parse(text) as FlowFile;
  await saved(other, to, (file) => {
    const names = Object.keys(file);
    expect(names.slice(0, Object.keys(before).length)).toEqual(Object.keys(before));
    for (const [name, state] of Object.entries(before)) expect(file[name]).toEqual(state);
    const added = Object.fromEntries(Object.entries(file).filter(([name]) => !(name in before)));
    const { sendRequest: question } = Object.values(added).find(({ sendRequest }) => sendRequest?.choices)!;
    const { sendRequest: chat } = Object.values(added).find(({ sendRequest }) => sendRequest?.chatText)!;
    expect(question!.groupId).not.toBe("lang");
    expect(chat!.sessionId).not.toBe("langPreference");
    // Each answer has its state; the one that led to what was copied along leads to the copy, the others nowhere.
    const answers = Object.values(added).filter(({ matchResponse }) => matchResponse?.groupId === question!.groupId);
    expect(answers.map(({ matchResponse }) => matchResponse!.itemId)).toEqual(["rust", "go", "other"]);
    const copyOfChat = Object.keys(added).find((name) => added[name]!.sendRequest === chat);
    expect(answers.map(({ next }) => next)).toEqual([undefined, undefined, copyOfChat]);
    const ends = Object.values(added).filter(({ sendRequest }) => sendRequest?.kind === "EndChatSession");
    expect(ends.map(({ sendRequest }) => sendRequest!.sessionId)).toEqual([chat!.sessionId]);
    expect(Object.keys(added)).toHaveLength(7);
  });
  await undo(other);
  await saved(other, to, (_, now) => expect(now).toBe(text));
  await other.close();
});

test("a step dragged from the palette goes into the outline, behind a row or a way out", async ({ page }) => {
  const text = exampleText("bot-assistant");
  const flow = await makeFlow(page, text);
  await openFlow(page, flow);
  const before = JSON.parse(text) as FlowFile;
  const tree = page.getByRole("tree", { name: "The steps of the conversation" });
  const dropOn = async (row: RegExp) => {
    const tab = page.getByRole("tab", { name: "Add" });
    if (await tab.isVisible()) await tab.click();
    else await page.getByRole("button", { name: "Add", exact: true }).click();
    const option = await middle(page.getByRole("option", { name: /^Message/ }));
    const other = await middle(page.getByRole("tab", { name: "Outline" }));
    await page.mouse.move(option.x, option.y);
    await page.mouse.down();
    await page.mouse.move(other.x, other.y, { steps: 6 });
    await expect(tree).toBeVisible();
    const { x, y } = await middle(tree.getByRole("treeitem", { name: row }));
    await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
  };
  await dropOn(/^Message: Hi, I'm Bot!/);
  await page.keyboard.type("Between");
  await saved(page, flow, (file) => {
    const added = file.greetings!.next!;
    expect(file[added]).toEqual(say("Between", before.greetings!.next));
  });
  await dropOn(/^Answer: Go/);
  await page.keyboard.type("After Go");
  await saved(page, flow, (file) => {
    const added = file.langChoiceGo!.next!;
    expect(file[added]).toEqual(say("After Go", before.langChoiceGo!.next));
  });
});

test("an earlier state is looked at, changing nothing, and then brought back", async ({ page }) => {
  const flow = await open(page, THREE);
  await card(page, "Two").click();
  await page.keyboard.press("Delete");
  await saved(page, flow, (file) => expect(Object.keys(file)).toEqual(["one", "three", "lone"]));
  const now = await exportedFile(page, flow);

  await page.getByRole("button", { name: "Earlier", exact: true }).click();
  await page.getByRole("button", { name: /^Look at what was there at/ }).click();
  const look = page.getByRole("dialog", { name: /^What was there at/ });
  await expect(look.getByRole("application")).toBeVisible();
  const old = look.locator('[aria-label^="Message: Two"]');
  await old.click();
  await expect(look.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("Two");
  await expect(look.getByRole("textbox", { name: "Text", exact: true })).toHaveAttribute("readonly");
  await old.press("Delete");
  await expect(old).toBeVisible();
  expect(await exportedFile(page, flow)).toBe(now);
  const { violations } = await new AxeBuilder({ page }).include("[role=dialog]").analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await page.keyboard.press("Escape");
  await expect(look).toBeHidden();
  await expect(page.getByRole("button", { name: /^Look at what was there at/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await look.getByRole("button", { name: /^Restore/ }).click();
  await expect(look).toBeHidden();
  await saved(page, flow, (file) => expect(file).toEqual(THREE));
  await undo(page);
  await saved(page, flow, (_, text) => expect(text).toBe(now));
});

test("a step written, deleted and back by undo is still named after what it says", async ({ page }) => {
  const flow = await open(page, { hello: say("Hello") });
  await drag(page, await middle(await dot(page, "Hello")), await emptySpot(page));
  await pick(page, "message");
  await page.keyboard.type("Nice to see you");
  await card(page, "Nice to see you").click();
  await page.keyboard.press("Delete");
  await expect(card(page, "Nice to see you")).toHaveCount(0);
  await undo(page);
  await card(page, "Hello").click();
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("Hello there");
  await saved(page, flow, (file) => expect(file).toHaveProperty("niceToSeeYou", say("Nice to see you")));
});
