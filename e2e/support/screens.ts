import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import "./layout-shift.js";
import { SAMPLE_TITLE } from "./sample-flow.js";
import { expect } from "./studio.js";

/** Flows of the server: with everything in it, archived, of one message that is not written yet, without steps. */
export type Given = Readonly<Record<"flow" | "archived" | "blank" | "bare", string>>;

export type Screen = {
  readonly name: string;
  readonly at: (given: Given) => string;
  /** What one does there. Ends when what is to be seen is there. */
  readonly open?: (page: Page) => Promise<void>;
  /** Here the words and names of the file may be read. */
  readonly showsFile?: boolean;
  readonly signedOut?: boolean;
  /** It is reached by a pointer only, or is not there on a narrow screen. */
  readonly wideOnly?: boolean;
};

/** Goes to a screen as a link of the studio does, from another one, with nothing left of what was done before. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.evaluate(async (path) => {
    localStorage.clear();
    const go = async (to: string) => {
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    };
    await go("/studio/between");
    if ("parleyShifts" in window) window.parleyShifts.length = 0;
    await go(path);
  }, path);
}

/** A command, or a step to go to, by the list of commands: the first that fits the words. */
export async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "What would you like to do?" });
  await field.fill(words);
  await expect(page.getByRole("dialog", { name: "Commands" }).getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(field).toBeHidden();
}

/** A panel, and what is in it. */
const panel = async (page: Page, title: string): Promise<void> => {
  await command(page, `Open: ${title}`);
  await expect(panelOf(page, title)).toBeVisible();
};
export const panelOf = (page: Page, title: string) => page.locator(`:is(aside, section)[aria-label="${title}"]`);

/** The titles of all panels, as the list of commands has them. */
export async function panelsListed(page: Page): Promise<string[]> {
  await page.keyboard.press("Control+k");
  const options = page.getByRole("dialog", { name: "Commands" }).getByText(/^Open: /);
  await expect(options.first()).toBeVisible();
  return (await options.allTextContents()).map((label) => label.replace("Open: ", ""));
}

/** Whether an address is that of an editor. */
export const isEditor = (path: string): boolean => /^\/studio\/f\/(?!nowhere)[^/]+$/.test(path);

/** Takes a step in hand by its words, and shows it in the panel where it is edited. */
const step = async (page: Page, words: string): Promise<void> => {
  await command(page, words);
  await panel(page, "Edit");
};

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const press =
  (...keys: string[]) =>
  async (page: Page) => {
    for (const key of keys) await page.keyboard.press(key);
  };
/** An export of Typebot, written for the tests. */
export const TYPEBOT = fileURLToPath(new URL("../../flows/typebot/workshop-6.1.json", import.meta.url));
const flows = () => "/studio/";
/** A flow that is live. */
const served = () => "/studio/f/bot-assistant";
const editor = ({ flow }: Given) => `/studio/f/${flow}`;

/** In the States view, where answers are steps of their own. */
const states = async (page: Page): Promise<void> => {
  await command(page, "Steps or States");
  await expect(page.locator("[data-view=states]")).toBeVisible();
};
const menuOf = async (page: Page, name: string | RegExp) => {
  await button(page, name).click();
  await expect(page.getByRole("menu")).toBeVisible();
};
const dialog = (page: Page, name: string | RegExp) => expect(page.getByRole("dialog", { name })).toBeVisible();

/** Every screen, panel and dialog of the studio. A panel that is missing here fails a test. */
export const SCREENS: readonly Screen[] = [
  { name: "sign in", at: flows, signedOut: true },
  { name: "a link that was used", at: () => "/studio/login#spent", signedOut: true },
  { name: "flows", at: flows },
  { name: "a new flow", at: flows, open: (page) => menuOf(page, /^New flow$/) },
  { name: "what is done with a flow", at: flows, open: (page) => menuOf(page, `More for ${SAMPLE_TITLE}`) },
  {
    name: "rename",
    at: flows,
    open: async (page) => {
      await menuOf(page, `More for ${SAMPLE_TITLE}`);
      await page.getByRole("menuitem", { name: "Rename" }).click();
      await dialog(page, "Rename");
    },
  },
  {
    name: "a file from Typebot",
    at: flows,
    open: async (page) => {
      await page.locator("input[type=file]").first().setInputFiles(TYPEBOT);
      await expect(page.getByRole("list", { name: /^Steps/ })).toBeVisible();
    },
  },
  {
    name: "examples",
    at: flows,
    open: async (page) => {
      await menuOf(page, /^New flow$/);
      await page.getByRole("menuitem", { name: "Start from an example" }).click();
      await dialog(page, "Start from an example");
      await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
    },
  },
  {
    name: "an example that is played",
    at: flows,
    open: async (page) => {
      await menuOf(page, /^New flow$/);
      await page.getByRole("menuitem", { name: "Start from an example" }).click();
      await page.getByRole("button", { name: "Answer common questions" }).click();
      await expect(page.frameLocator("iframe").getByRole("button", { name: "Opening hours" })).toBeVisible();
    },
  },
  { name: "account", at: flows, open: (page) => menuOf(page, /^Account/) },
  {
    name: "archived flows",
    at: flows,
    open: async (page) => {
      await page.getByText("Archived", { exact: true }).click();
      await expect(page.getByRole("link", { name: "Put away" })).toBeVisible();
    },
  },
  { name: "no such address", at: () => "/studio/nowhere" },
  { name: "no such flow", at: () => "/studio/f/nowhere" },

  { name: "editor", at: editor },
  { name: "editor: a blank flow", at: ({ blank }) => `/studio/f/${blank}` },
  { name: "editor: an archived flow", at: ({ archived }) => `/studio/f/${archived}` },
  { name: "editor: States", at: editor, open: states, showsFile: true },
  { name: "Add", at: editor, open: (page) => panel(page, "Add"), wideOnly: true },
  { name: "Outline", at: editor, open: (page) => panel(page, "Outline") },
  {
    name: "Outline in the order of the file",
    at: editor,
    open: async (page) => {
      await panel(page, "Outline");
      await panelOf(page, "Outline").getByText("File", { exact: true }).click();
    },
  },
  { name: "Edit: the flow", at: editor, open: (page) => panel(page, "Edit") },
  { name: "Edit: a message", at: editor, open: (page) => step(page, "Thank you") },
  { name: "Edit: a question", at: editor, open: (page) => step(page, "Which of these") },
  { name: "Edit: a text question", at: editor, open: (page) => step(page, "What is its number") },
  { name: "Edit: an answer alone", at: editor, open: (page) => step(page, "Answer Yes") },
  { name: "Edit: a step that cannot be read", at: editor, open: (page) => step(page, "qxzBroken") },
  { name: "Edit: a message without words", at: editor, open: (page) => step(page, "qxzAlone") },
  { name: "Edit: a question without words", at: editor, open: (page) => step(page, "qxzSilent") },
  { name: "Edit: the end of no text", at: editor, open: (page) => step(page, "qxzShut") },
  {
    name: "Edit: several",
    at: editor,
    open: async (page) => {
      await command(page, "Select all");
      await panel(page, "Edit");
    },
  },
  {
    name: "Edit: a note",
    at: editor,
    open: async (page) => {
      await command(page, "Add a note");
      await panel(page, "Edit");
    },
  },
  {
    name: "Edit: a group",
    at: editor,
    open: async (page) => {
      await page.getByText("The parcel", { exact: true }).click();
      await panel(page, "Edit");
      await expect(page.getByLabel("Title", { exact: true })).toHaveValue("The parcel");
    },
    wideOnly: true,
  },
  {
    name: "Edit: where an answer leads",
    at: editor,
    open: async (page) => {
      await step(page, "Which of these");
      await button(page, /It is late’ leads to/).click();
      await expect(page.getByRole("combobox", { name: /find a step/ })).toBeVisible();
    },
  },
  {
    name: "Problems",
    at: editor,
    open: async (page) => {
      await panel(page, "Problems");
      await expect(page.getByRole("list", { name: "Problems and hints" })).toBeVisible();
    },
  },
  {
    name: "JSON",
    at: editor,
    open: async (page) => {
      await panel(page, "JSON");
      await expect(page.locator(".cm-content")).toBeVisible();
    },
    showsFile: true,
  },
  {
    name: "JSON: find",
    at: editor,
    open: async (page) => {
      await panel(page, "JSON");
      await page.locator(".cm-content").focus();
      await page.keyboard.press("Control+f");
      await expect(page.getByRole("textbox", { name: "Find in the text" })).toBeVisible();
    },
    showsFile: true,
  },
  {
    name: "Earlier",
    at: editor,
    open: async (page) => {
      await panel(page, "Earlier");
      await expect(
        panelOf(page, "Earlier").getByRole("listitem").or(page.getByText("Nothing earlier yet")).first(),
      ).toBeVisible();
    },
  },
  {
    name: "Earlier: versions",
    at: editor,
    open: async (page) => {
      await panel(page, "Earlier");
      await panelOf(page, "Earlier").getByText("Versions", { exact: true }).click();
      await expect(page.getByText("No version yet")).toBeVisible();
    },
  },
  { name: "find", at: editor, open: press("Control+f") },
  {
    name: "find: among the problems",
    at: editor,
    open: async (page) => {
      await page.keyboard.press("Control+f");
      await page.keyboard.type("e");
    },
  },
  { name: "commands", at: editor, open: (page) => page.keyboard.press("Control+k") },
  {
    name: "keys",
    at: editor,
    open: async (page) => {
      await page.keyboard.press("?");
      await dialog(page, "Keys");
    },
  },
  {
    name: "script",
    at: editor,
    open: async (page) => {
      await command(page, "Write as a script");
      await dialog(page, "Write as a script");
      await page.getByRole("textbox", { name: "Script" }).fill("Hello\nShall we?\n- Yes\n-No");
      await expect(page.getByText("Line 4.")).toBeVisible();
    },
  },
  {
    name: "a text on its card",
    wideOnly: true,
    at: editor,
    open: async (page) => {
      await command(page, "Thank you");
      await command(page, "Edit the text");
      await expect(page.getByRole("textbox", { name: "Text on the card" })).toBeFocused();
    },
  },
  {
    name: "flow menu",
    at: editor,
    open: async (page) => {
      await page.getByRole("banner").getByRole("button", { name: "More", exact: true }).click();
      await expect(page.getByRole("menu")).toBeVisible();
    },
  },
  { name: "account in the editor", at: editor, open: (page) => menuOf(page, /^Account/) },
  {
    name: "the menu of a step",
    at: editor,
    open: async (page) => {
      await command(page, "Hello! I answer");
      await page.keyboard.press("Shift+F10");
      await expect(page.getByRole("menu")).toBeVisible();
    },
  },
  {
    name: "the menu of the drawing",
    at: editor,
    open: async (page) => {
      await page.getByRole("application").focus();
      await page.keyboard.press("Shift+F10");
      await expect(page.getByRole("menu")).toBeVisible();
    },
  },
  ...(
    [
      ["Add what follows", "What comes next"],
      ["Lead to", "Where this leads"],
      ["Insert on this connection", "What comes in between"],
    ] as const
  ).map(([label, title]) => ({
    name: label,
    at: editor,
    open: async (page: Page) => {
      await command(page, "Hello! I answer");
      await command(page, label);
      await expect(page.getByRole("combobox", { name: title })).toBeVisible();
    },
  })),
  { name: "Preview", at: editor, open: (page) => panel(page, "Preview") },
  { name: "Tests", at: editor, open: (page) => panel(page, "Tests") },
  ...(
    [
      ["Publish…", /^Publish/],
      ["Share draft…", /^Share draft/],
      ["Show it on a site…", /site/],
      ["Compare versions…", /Compare/],
      ["Take down…", /Take down/],
    ] as const
  ).map(([label, title]) => ({
    name: label,
    at: served,
    open: async (page: Page) => {
      await command(page, label);
      await dialog(page, title);
    },
  })),
  {
    name: "Show it on a site: steps",
    at: served,
    open: async (page) => {
      await command(page, "Show it on a site…");
      await button(page, "Google Tag Manager").click();
      await expect(page.getByRole("list", { name: "Steps in Google Tag Manager" })).toBeVisible();
    },
  },
  { name: "conversations", at: () => "/studio/conversations" },
  { name: "conversations of a flow", at: () => "/studio/f/bot-assistant/conversations" },
  { name: "answers", at: () => "/studio/f/bot-assistant/answers" },
  { name: "counts", at: () => "/studio/f/bot-assistant/counts" },
  // They stay open for the steps that follow.
  {
    name: "Edit: Details",
    at: editor,
    open: async (page) => {
      await step(page, "Which of these");
      await button(page, "Details").click();
      await expect(page.getByLabel("ID in the file").first()).toBeVisible();
    },
    showsFile: true,
  },
];
