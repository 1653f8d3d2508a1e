import type { Page, Route } from "@playwright/test";
import type { OWN_FLOWS } from "./fill-server.js";
import { command, type Given, panelOf } from "./screens.js";
import { expect } from "./studio.js";

/** What a table of screens in their states is written with. */

/** A screen that has nothing to show, has it not yet, or cannot have it. */
export type ScreenState = {
  readonly screen: string;
  readonly state: "empty" | "loading" | "offline" | "error";
  readonly at: (given: Given) => string;
  /** What the server does: before the page is there. */
  readonly server?: (page: Page) => Promise<void>;
  readonly open?: (page: Page, given: Given) => Promise<void>;
  readonly shows: (page: Page) => Promise<void>;
  readonly signedOut?: boolean;
};

type Answer = (route: Route) => Promise<void>;
/** No answer comes while somebody looks. */
export const never: Answer = () => new Promise(() => {});
export const cut: Answer = (route) => route.abort("internetdisconnected");
const refused =
  (status: number, code: string, title: string): Answer =>
  (route) =>
    route.fulfill({ status, contentType: "application/problem+json", json: { status, code, title } });
export const broken = refused(500, "internal", "The server failed to answer. It is in the log.");
export const gives =
  (json: unknown): Answer =>
  (route) =>
    route.fulfill({ json });

export const on =
  (url: string | RegExp, answer: Answer, method = "GET") =>
  async (page: Page): Promise<void> => {
    await page.route(url, (route) => (route.request().method() === method ? answer(route) : route.fallback()));
  };
export const DRAFT = /\/draft$/;

export const flows = () => "/studio/";
export const editor = ({ flow }: Given) => `/studio/f/${flow}`;
export const own = (flow: (typeof OWN_FLOWS)[number]) => () => `/studio/f/${flow}`;
export const bare = ({ bare }: Given) => `/studio/f/${bare}`;

export const says =
  (...words: (string | RegExp)[]) =>
  async (page: Page) => {
    for (const text of words) await expect(page.getByText(text).first()).toBeVisible();
  };
export const alerts = (title: string | RegExp, action?: string) => async (page: Page) => {
  const alert = page.getByRole("alert").filter({ hasText: title });
  await expect(alert).toBeVisible();
  if (action !== undefined) await expect(alert.getByRole("button", { name: action })).toBeVisible();
};
export const waits = (name: string) => (page: Page) => expect(page.getByLabel(name)).toBeVisible();
export const skeleton = (page: Page) => expect(page.locator(".mantine-Skeleton-root").first()).toBeVisible();
export const drawn = async (page: Page) => {
  await expect(page.locator(".react-flow__node").or(page.getByText("There are no steps yet")).first()).toBeVisible();
  await expect(page.getByLabel("Laying out")).toBeHidden();
};
export const opens = (title: string, then?: string) => async (page: Page) => {
  await expect(page.getByRole("application")).toBeVisible();
  await command(page, `Open: ${title}`);
  if (then !== undefined) await panelOf(page, title).getByText(then, { exact: true }).click();
};
/** The same four for what is loaded from one address. */
export const loaded = (
  screen: string,
  what: string,
  url: string | RegExp,
  at: ScreenState["at"],
  open?: ScreenState["open"],
): ScreenState[] => [
  { screen, state: "loading", at, server: on(url, never), ...(open && { open }), shows: skeleton },
  {
    screen,
    state: "offline",
    at,
    server: on(url, cut),
    ...(open && { open }),
    shows: alerts("The server cannot be reached", "Try again"),
  },
  {
    screen,
    state: "error",
    at,
    server: on(url, broken),
    ...(open && { open }),
    shows: alerts(`${what} could not be loaded`, "Try again"),
  },
];
