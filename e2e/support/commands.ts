import type { Page } from "@playwright/test";
import { type Drawn, drawnOn } from "./drawn.js";
import { command, panelOf } from "./screens.js";
import { expect } from "./studio.js";

/** A command of the list: what stands ready for it, and how one sees that it was done. */
export type Command = {
  readonly label: string;
  readonly given?: (page: Page) => Promise<void>;
  readonly done?: (page: Page, before: Drawn) => Promise<void>;
  /** What the browser itself is asked for. */
  readonly brings?: "download" | "filechooser";
  /** The flow it is done in, where that is not one of its own. */
  readonly flow?: string;
};

const message = (content: string, next?: string) => ({
  sendRequest: { kind: "BotText", content },
  ...(next && { next }),
});
/** Four cards in a row that are not in line, and one that nothing leads to. */
export const COMMAND_FLOW = {
  text: JSON.stringify({
    hello: message("Hello", "which"),
    which: {
      sendRequest: {
        kind: "ChoiceRequest",
        groupId: "which",
        question: "Which?",
        choices: [
          { itemId: "one", content: "One" },
          { itemId: "two", content: "Two" },
        ],
      },
    },
    one: { matchResponse: { kind: "ChoiceResponse", groupId: "which", itemId: "one" }, next: "bye" },
    two: { matchResponse: { kind: "ChoiceResponse", groupId: "which", itemId: "two" }, next: "bye" },
    bye: message("Goodbye"),
    alone: message("Alone"),
    empty: message("Alone too"),
  }),
  layout: {
    positions: {
      hello: { x: 0, y: 0 },
      which: { x: 400, y: 60 },
      bye: { x: 700, y: 20 },
      alone: { x: 20, y: 300 },
      empty: { x: 340, y: 320 },
    },
  },
};

const take = (words: string) => (page: Page) => command(page, words);
const all = take("Select all");
const then =
  (...steps: ((page: Page) => Promise<void>)[]) =>
  async (page: Page) => {
    for (const step of steps) await step(page);
  };
const card = (page: Page, words: string | RegExp) => page.getByRole("group", { name: words });
const there =
  (words: string | RegExp, count = 1) =>
  (page: Page) =>
    expect(card(page, words)).toHaveCount(count);
const drawn = (what: (now: Drawn, before: Drawn) => boolean) => (page: Page, before: Drawn) =>
  expect.poll(async () => what(await drawnOn(page), before)).toBe(true);
const gaps = ({ cards }: Drawn, side: "x" | "y") => {
  const places = Object.values(cards)
    .map((box) => box[side])
    .sort((a, b) => a - b);
  return places.slice(1).map((place, i) => Math.round(place - places[i]!));
};
const inLine = (side: "x" | "y") => drawn((now) => gaps(now, side).every((gap) => gap <= 1));
const moved = (x: number, y: number) =>
  drawn((now, { cards }) => {
    const [was, is] = [cards.Goodbye!, now.cards.Goodbye!];
    return Math.sign(Math.round(is.x - was.x)) === x && Math.sign(Math.round(is.y - was.y)) === y;
  });
const otherView = drawn((now, before) => now.view !== before.view);
const selected = (...words: string[]) => drawn((now) => now.selected.join() === words.join());
const dialog = (name: string | RegExp) => (page: Page) => expect(page.getByRole("dialog", { name })).toBeVisible();
const field = (name: string) => (page: Page) => expect(page.getByRole("combobox", { name })).toBeFocused();
const panel = (title: string) => async (page: Page) => {
  await expect(panelOf(page, title)).toBeVisible();
  await expect
    .poll(() => page.evaluate((title) => document.activeElement?.closest(`[aria-label="${title}"]`) !== null, title))
    .toBe(true);
};
const writesIn = (name: string) => (page: Page) =>
  expect(page.getByRole("textbox", { name, exact: true })).toBeFocused();
const goes = (path: RegExp) => (page: Page) => expect(page).toHaveURL(path);

export const COMMANDS: readonly Command[] = [
  { label: "Add: Message", done: writesIn("Text") },
  { label: "Add: Question", done: writesIn("Question") },
  { label: "Add: Ask for text", done: writesIn("Text") },
  { label: "Add: Hand over to a person", done: writesIn("Text") },
  { label: "Add what follows…", given: take("Goodbye"), done: field("What comes next") },
  { label: "Insert on this connection…", given: take("Hello"), done: field("What comes in between") },
  { label: "Lead to…", given: take("Goodbye"), done: field("Where this leads") },
  {
    label: "Add an answer",
    given: take("Which?"),
    done: (page) => expect(page.getByRole("textbox", { name: "Answer 3" })).toBeFocused(),
  },
  { label: "Add a note", done: there(/^Note by/) },
  { label: "Write as a script…", done: writesIn("Script") },

  { label: "Undo", given: then(take("Alone too"), take("Delete")), done: there(/Alone too/) },
  { label: "Redo", given: then(take("Alone too"), take("Delete"), take("Undo")), done: there(/Alone too/, 0) },
  { label: "Add a picture…", given: take("Goodbye"), brings: "filechooser" },
  { label: "Edit the text", given: take("Goodbye"), done: writesIn("Text on the card") },
  {
    label: "Copy",
    given: take("Goodbye"),
    done: async (page) => {
      await command(page, "Paste");
      await there(/: Goodbye/, 2)(page);
    },
  },
  {
    label: "Copy as a script",
    given: take("Goodbye"),
    done: (page) => expect(page.getByRole("status").filter({ hasText: "Copied as a script." })).toBeAttached(),
  },
  { label: "Cut", given: take("Alone too"), done: there(/Alone too/, 0) },
  { label: "Paste", given: then(take("Alone too"), take("Copy")), done: there(/Alone too/, 2) },
  { label: "Duplicate", given: take("Alone too"), done: there(/Alone too/, 2) },
  { label: "Delete", given: take("Alone too"), done: there(/Alone too/, 0) },
  { label: "Delete and lead past it", given: take("Which?"), done: there(/Hello.*then Goodbye/) },
  { label: "Remove the connection", given: take("Hello"), done: there(/Hello.*ends here/) },
  { label: "Start here", given: take("Alone too"), done: there(/Alone too, the conversation starts here/) },
  {
    label: "Select all",
    done: (page) => expect(page.getByRole("heading", { name: "5 steps selected" })).toBeVisible(),
  },

  { label: "Tidy up", done: drawn((now, before) => gaps(now, "y").join() !== gaps(before, "y").join()) },
  {
    label: "Tidy up the selection",
    given: all,
    done: drawn((now, before) => gaps(now, "y").join() !== gaps(before, "y").join()),
  },
  { label: "Align left", given: all, done: inLine("x") },
  { label: "Align centres", given: all, done: inLine("x") },
  { label: "Align right", given: all, done: inLine("x") },
  { label: "Align tops", given: all, done: inLine("y") },
  {
    label: "Align middles",
    given: all,
    done: drawn((now, before) => gaps(now, "y").join() !== gaps(before, "y").join()),
  },
  {
    label: "Align bottoms",
    given: all,
    done: drawn((now, before) => gaps(now, "y").join() !== gaps(before, "y").join()),
  },
  {
    label: "Space evenly across",
    given: all,
    done: drawn((now, before) => gaps(now, "x").join() !== gaps(before, "x").join()),
  },
  {
    label: "Space evenly down",
    given: all,
    done: drawn((now, before) => gaps(now, "y").join() !== gaps(before, "y").join()),
  },
  { label: "Move left", given: take("Goodbye"), done: moved(-1, 0) },
  { label: "Move right", given: take("Goodbye"), done: moved(1, 0) },
  { label: "Move up", given: take("Goodbye"), done: moved(0, -1) },
  { label: "Move down", given: take("Goodbye"), done: moved(0, 1) },
  { label: "Group", given: all, done: there(/^Group without a title, 5 steps/) },
  { label: "Ungroup", given: then(all, take("Group")), done: there(/^Group without a title/, 0) },
  { label: "Move up in the file", given: take("Which?"), done: there(/Which\?, the conversation starts here/) },
  { label: "Move down in the file", given: take("Hello"), done: there(/Which\?, the conversation starts here/) },

  { label: "See everything", given: take("Zoom in"), done: otherView },
  { label: "See the selection", given: then(take("Goodbye"), take("Zoom out")), done: otherView },
  { label: "Zoom to 100 %", given: take("Zoom in"), done: drawn((now) => now.view.includes("scale(1)")) },
  { label: "Zoom in", done: otherView },
  { label: "Zoom out", done: otherView },
  { label: "Steps or States", done: (page) => expect(page.locator("[data-view=states]")).toBeVisible() },
  ...["Add", "Outline", "Edit", "JSON", "Problems", "Earlier", "Preview", "Tests"].map((title) => ({
    label: `Open: ${title}`,
    done: panel(title),
  })),

  { label: "Go to the start", given: take("Goodbye"), done: selected("Hello") },
  { label: "Back", given: take("Goodbye"), done: selected() },
  { label: "Go to the next problem or hint", done: selected("Alone") },
  { label: "Go to the problem or hint before", done: selected("Alone too") },
  { label: "Find…", done: (page) => expect(page.getByRole("textbox", { name: "Find in this flow" })).toBeFocused() },
  { label: "Keys", done: dialog("Keys") },

  {
    label: "Preview from here",
    given: take("Goodbye"),
    done: (page) => expect(panelOf(page, "Preview")).toBeVisible(),
  },
  {
    label: "Start the preview over",
    given: take("Open: Preview"),
    done: (page) => expect(panelOf(page, "Preview")).toBeVisible(),
  },
  {
    label: "Name in the file",
    given: take("Goodbye"),
    done: (page) => expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeFocused(),
  },

  { label: "Export the flow", brings: "download" },
  { label: "Export everything", brings: "download" },
  { label: "Open a file here…", brings: "filechooser" },
  { label: "Publish…", done: dialog(/^Publish/) },
  { label: "Share draft…", done: dialog("Share draft") },
  { label: "Versions", done: panel("Earlier") },
  { label: "Show it on a site…", done: dialog(/site/) },
  { label: "Compare versions…", flow: "bot-assistant", done: dialog(/Compare/) },
  { label: "Take down…", flow: "bot-assistant", done: dialog(/Take down/) },
  { label: "Conversations", done: goes(/conversations/) },
  { label: "Answers", done: goes(/answers/) },
  { label: "Counts", done: goes(/counts/) },
];
