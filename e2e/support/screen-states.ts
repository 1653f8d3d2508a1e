import type { Page } from "@playwright/test";
import { PUBLISHED_STATES } from "./published-states.js";
import {
  alerts,
  bare,
  broken,
  cut,
  DRAFT,
  drawn,
  editor,
  flows,
  gives,
  loaded,
  never,
  on,
  opens,
  own,
  type ScreenState,
  says,
  waits,
} from "./screen-state.js";
import { command } from "./screens.js";
import { expect } from "./studio.js";

const FLOWS = /\/api\/flows(\?.*)?$/;
const PLAYED = /\/api\/templates\/[^/]+\/previews$/;
const examples = async (page: Page) => {
  await page.getByRole("button", { name: "New flow", exact: true }).click();
  await page.getByRole("menuitem", { name: "Start from an example" }).click();
};
/** Writes another text in the last message. */
const writes = async (page: Page) => {
  await drawn(page);
  await command(page, "Thank you");
  await command(page, "Open: Edit");
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("Thank you. I wrote this.");
};

export const STATES: readonly ScreenState[] = [
  { screen: "sign in", state: "loading", at: flows, server: on("**/api/session", never), shows: waits("Opening") },
  {
    screen: "sign in",
    state: "offline",
    at: flows,
    server: on("**/api/session", cut),
    shows: alerts("The server cannot be reached", "Try again"),
  },
  {
    screen: "sign in",
    state: "error",
    at: flows,
    signedOut: true,
    open: async (page) => {
      await page.getByLabel("Name").fill("ada");
      await page.getByRole("textbox", { name: "Password" }).fill("not her password");
      await page.getByRole("button", { name: "Sign in" }).click();
    },
    shows: alerts(/name or password|password is wrong|not right/i),
  },

  {
    screen: "flows",
    state: "empty",
    at: flows,
    server: on(FLOWS, gives({ flows: [] })),
    shows: says("Write", "Start from an example", "Open a file"),
  },
  ...loaded("flows", "The flows", FLOWS, flows),
  {
    screen: "flows that are sought",
    state: "empty",
    at: flows,
    open: (page) => page.getByRole("textbox", { name: "Find a flow" }).fill("zebra"),
    shows: says("No flow is called that"),
  },
  {
    screen: "archived flows",
    state: "empty",
    at: flows,
    server: on(/\/api\/flows\?archived=yes$/, gives({ flows: [] })),
    open: (page) => page.getByText("Archived", { exact: true }).click(),
    shows: says("Nothing is archived"),
  },
  {
    screen: "examples",
    state: "empty",
    at: flows,
    server: on("**/api/templates", gives({ templates: [] })),
    open: examples,
    shows: says("There are no examples here"),
  },
  ...loaded("examples", "The examples", "**/api/templates", flows, examples),
  {
    screen: "the script of the examples",
    state: "offline",
    at: flows,
    server: on("**/assets/Examples-*.js", cut),
    open: examples,
    shows: alerts("The examples could not be loaded", "Try again"),
  },
  {
    screen: "an example",
    state: "loading",
    at: flows,
    server: on(PLAYED, never, "POST"),
    open: examples,
    shows: waits("The example begins"),
  },
  {
    screen: "an example",
    state: "offline",
    at: flows,
    server: on(PLAYED, cut, "POST"),
    open: examples,
    shows: alerts("The server cannot be reached", "Try again"),
  },
  {
    screen: "an example",
    state: "error",
    at: flows,
    server: on(PLAYED, broken, "POST"),
    open: examples,
    shows: alerts("The example could not be loaded", "Try again"),
  },

  { screen: "editor", state: "empty", at: bare, shows: says("There are no steps yet") },
  { screen: "editor", state: "loading", at: editor, server: on(DRAFT, never), shows: waits("Opening") },
  {
    screen: "editor",
    state: "offline",
    at: editor,
    server: on(DRAFT, cut),
    shows: alerts("The server cannot be reached", "Try again"),
  },
  {
    screen: "editor",
    state: "error",
    at: editor,
    server: on(DRAFT, broken),
    shows: alerts("The flow could not be loaded", "Try again"),
  },
  {
    screen: "a flow that is not there",
    state: "error",
    at: () => "/studio/f/nowhere",
    shows: alerts("The flow is not there"),
  },
  {
    screen: "the script of the editor",
    state: "offline",
    at: editor,
    server: on("**/assets/EditorScreen-*.js", cut),
    shows: alerts("The editor could not be loaded", "Try again"),
  },
  {
    screen: "drawing",
    state: "loading",
    at: editor,
    server: on("**/assets/lay-out-*.js", never),
    shows: waits("Laying out"),
  },
  {
    screen: "drawing",
    state: "offline",
    at: editor,
    server: on("**/assets/lay-out-*.js", cut),
    shows: says("Hello! I answer questions about parcels."),
  },
  {
    screen: "Add",
    state: "empty",
    at: editor,
    open: async (page) => {
      await opens("Add")(page);
      await page.getByRole("combobox", { name: "Find what to add" }).fill("zebra");
    },
    shows: says("Nothing is called that."),
  },
  { screen: "Outline", state: "empty", at: bare, open: opens("Outline"), shows: says("Add the first one below.") },
  {
    screen: "Problems",
    state: "empty",
    at: () => "/studio/f/bot-assistant",
    open: opens("Problems"),
    shows: says("No problems"),
  },
  {
    screen: "JSON",
    state: "loading",
    at: editor,
    server: on("**/assets/JsonEditor-*.js", never),
    open: opens("JSON"),
    shows: waits("Opening the text"),
  },
  {
    screen: "JSON",
    state: "offline",
    at: editor,
    server: on("**/assets/JsonEditor-*.js", cut),
    open: opens("JSON"),
    shows: alerts("The text could not be loaded", "Try again"),
  },
  {
    screen: "JSON",
    state: "error",
    at: own("spoiled"),
    open: async (page) => {
      await opens("JSON")(page);
      await page.locator(".cm-content").focus();
      await page.keyboard.press("Control+Home");
      await page.keyboard.type("not JSON ");
    },
    shows: says(/The text of the file cannot be read as it is/, "Go to the text"),
  },
  {
    screen: "Earlier",
    state: "empty",
    at: ({ blank }) => `/studio/f/${blank}`,
    open: opens("Earlier"),
    shows: says("Nothing earlier yet"),
  },
  ...loaded("Earlier", "The saved drafts", /\/draft\/states$/, editor, opens("Earlier")),
  { screen: "Versions", state: "empty", at: editor, open: opens("Earlier", "Versions"), shows: says("No version yet") },
  ...loaded("Versions", "The versions", /\/versions$/, editor, opens("Earlier", "Versions")),
  {
    screen: "Preview",
    state: "loading",
    at: editor,
    server: on("**/assets/PreviewPane-*.js", never),
    open: drawn,
    shows: waits("Opening the preview"),
  },
  {
    screen: "Preview",
    state: "offline",
    at: editor,
    server: on("**/assets/PreviewPane-*.js", cut),
    open: drawn,
    shows: alerts("The preview could not be loaded", "Try again"),
  },
  { screen: "Tests", state: "empty", at: editor, open: opens("Tests"), shows: says("No tests yet") },
  {
    screen: "Tests",
    state: "loading",
    at: editor,
    server: on(/\/tests$/, never),
    open: opens("Tests"),
    shows: waits("Reading the tests"),
  },
  {
    screen: "Tests",
    state: "offline",
    at: editor,
    server: on(/\/tests$/, cut),
    open: opens("Tests"),
    shows: alerts("The tests cannot be read", "Try again"),
  },
  {
    screen: "Tests",
    state: "error",
    at: editor,
    server: on(/\/tests$/, broken),
    open: opens("Tests"),
    shows: alerts("The tests cannot be read", "Try again"),
  },
  {
    screen: "find",
    state: "empty",
    at: editor,
    open: async (page) => {
      await drawn(page);
      await page.keyboard.press("Control+f");
      await page.getByRole("textbox", { name: "Find in this flow" }).fill("zebra");
    },
    shows: (page) => expect(page.getByRole("search").getByRole("status")).toHaveText(/no|0/i),
  },
  {
    screen: "commands",
    state: "empty",
    at: editor,
    open: async (page) => {
      await drawn(page);
      await page.keyboard.press("Control+k");
      await page.keyboard.type("zebra");
    },
    shows: says("Nothing is called that."),
  },
  ...PUBLISHED_STATES,
  {
    screen: "saving",
    state: "loading",
    at: own("held"),
    server: on(DRAFT, never, "PUT"),
    open: writes,
    shows: says("Saving…"),
  },
  {
    screen: "saving",
    state: "offline",
    at: own("cut-off"),
    server: on(DRAFT, cut, "PUT"),
    open: writes,
    shows: says("Offline, kept here"),
  },
  {
    screen: "saving",
    state: "error",
    at: own("refused"),
    server: on(DRAFT, broken, "PUT"),
    open: writes,
    shows: alerts("The server does not take your changes", "Try again"),
  },
  {
    screen: "a conflict",
    state: "error",
    at: own("shared"),
    open: async (page) => {
      let release = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      await on(
        DRAFT,
        async (route) => {
          await released;
          await route.continue();
        },
        "PUT",
      )(page);
      await writes(page);
      const path = "/api/flows/shared/draft";
      const now = await page.request.get(path);
      const draft = await now.json();
      draft.flow.qxzBye.sendRequest.content = "Thank you. Somebody else wrote this.";
      const headers = { Origin: new URL(page.url()).origin, "If-Match": now.headers().etag ?? "" };
      const saved = await page.request.put(path, { headers, data: draft });
      expect(saved.status()).toBe(200);
      release();
    },
    shows: says(/Somebody else changed the same as you/, "Take mine", "Keep theirs"),
  },
  {
    screen: "a session that is over",
    state: "error",
    at: own("left"),
    open: async (page) => {
      await drawn(page);
      await page.context().clearCookies();
      await writes(page);
    },
    shows: (page) => expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible(),
  },
];
