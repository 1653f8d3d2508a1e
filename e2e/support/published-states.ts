import type { Page } from "@playwright/test";
import {
  alerts,
  broken,
  cut,
  drawn,
  editor,
  loaded,
  never,
  on,
  type ScreenState,
  says,
  skeleton,
  waits,
} from "./screen-state.js";
import { command } from "./screens.js";

/** The page of a draft link, by a right that nobody has; by another one it opens anew. */
const shared = (right: string) => () => `/shared#${right}`;
const SHARED = /\/api\/shared$/;
/** The name of a conversation that nobody had. */
const NOBODY = "0".repeat(40);
const ask = (label: string) => async (page: Page) => {
  await drawn(page);
  await command(page, label);
};
/** Of a dialog whose script comes when it is first opened. */
const dialog = (screen: string, label: string, script: string, what: string, url: RegExp): ScreenState[] => [
  {
    screen,
    state: "loading",
    at: editor,
    server: on(`**/assets/${script}-*.js`, never),
    open: ask(label),
    shows: skeleton,
  },
  {
    screen,
    state: "offline",
    at: editor,
    server: on(`**/assets/${script}-*.js`, cut),
    open: ask(label),
    shows: alerts(`${what} could not be loaded`, "Try again"),
  },
  {
    screen,
    state: "error",
    at: editor,
    server: on(url, broken),
    open: ask(label),
    shows: alerts(/could not be loaded/, "Try again"),
  },
];

/** The screens and dialogs about what is live, and about those who talked with it. */
export const PUBLISHED_STATES: readonly ScreenState[] = [
  ...dialog("publish", "Publish…", "Publishing", "What is live", /\/running$/),
  ...dialog("share draft", "Share draft…", "Share", "What to share", /\/links$/),
  {
    screen: "a shared draft",
    state: "loading",
    at: shared("waits"),
    server: on(SHARED, never, "POST"),
    shows: waits("Opening"),
  },
  {
    screen: "a shared draft",
    state: "offline",
    at: shared("offline"),
    server: on(SHARED, cut, "POST"),
    shows: alerts("The server cannot be reached", "Try again"),
  },
  { screen: "a shared draft", state: "error", at: shared("over"), shows: alerts("This link is over") },
  ...dialog("show it on a site", "Show it on a site…", "Embed", "What to put on the site", /\/refused-origins$/),
  { screen: "conversations", state: "empty", at: () => "/studio/conversations", shows: says("Nobody has talked yet") },
  ...loaded("conversations", "The conversations", /\/api\/conversations(\?.*)?$/, () => "/studio/conversations"),
  {
    screen: "answers",
    state: "empty",
    at: (given) => `${editor(given)}/answers`,
    shows: says("Nobody has answered yet"),
  },
  ...loaded("answers", "The answers", /\/api\/flows\/[^/]+\/answers(\?.*)?$/, (given) => `${editor(given)}/answers`),
  { screen: "counts", state: "empty", at: (given) => `${editor(given)}/counts`, shows: says("Nothing to count") },
  ...loaded("counts", "The counts", /\/api\/flows\/[^/]+\/counts(\?.*)?$/, (given) => `${editor(given)}/counts`),
  ...loaded(
    "a conversation",
    "This conversation",
    /\/api\/flows\/[^/]+\/conversations\/[^/]+$/,
    (given) => `${editor(given)}/conversations/${NOBODY}`,
  ),
];
