import { useSyncExternalStore } from "react";

const BASE = "/studio";
/** Tells the editor that the flow was made just now: its first message is there to be written over. */
export const WRITE_FIRST = "write-first";
/** The same, and that it is written as a script. */
export const WRITE_SCRIPT = "write-script";

export type Route =
  | { readonly screen: "flows" }
  | { readonly screen: "login" }
  | { readonly screen: "inbox" }
  | { readonly screen: "editor"; readonly flow: string }
  /** Of one flow, or of all. */
  | { readonly screen: "conversations"; readonly flow?: string }
  | { readonly screen: "conversation"; readonly flow: string; readonly id: string }
  | { readonly screen: "answers" | "counts"; readonly flow: string }
  | { readonly screen: "settings"; readonly part: SettingsPart }
  | { readonly screen: "unknown" };

const SETTINGS = ["you", "replies", "people", "webhooks"] as const;
export type SettingsPart = (typeof SETTINGS)[number];

export const FLOWS_PATH = `${BASE}/`;
export const INBOX_PATH = `${BASE}/inbox`;
export const flowPath = (flow: string): string => `${BASE}/f/${encodeURIComponent(flow)}`;
export const conversationsPath = (flow?: string): string =>
  flow === undefined ? `${BASE}/conversations` : `${flowPath(flow)}/conversations`;
export const conversationPath = (flow: string, id: string): string => `${conversationsPath(flow)}/${id}`;
export const settingsPath = (part: SettingsPart): string => `${BASE}/settings/${part}`;
export const answersPath = (flow: string): string => `${flowPath(flow)}/answers`;
export const countsPath = (flow: string): string => `${flowPath(flow)}/counts`;

/** Which screen an address shows. Pure. */
export function readRoute(pathname: string): Route {
  const path = pathname.replace(/\/+$/, "");
  if (path === BASE) return { screen: "flows" };
  if (path === `${BASE}/login`) return { screen: "login" };
  if (path === INBOX_PATH) return { screen: "inbox" };
  if (path === conversationsPath()) return { screen: "conversations" };
  const part = SETTINGS.find((part) => path === settingsPath(part));
  if (part !== undefined) return { screen: "settings", part };
  const [, name, rest] = /^\/studio\/f\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
  const flow = name === undefined ? undefined : decoded(name);
  if (flow === undefined) return { screen: "unknown" };
  if (rest === undefined) return { screen: "editor", flow };
  if (rest === "conversations" || rest === "answers" || rest === "counts") return { screen: rest, flow };
  const id = /^conversations\/([0-9a-f]{40}(?:-\d+)?)$/.exec(rest)?.[1];
  return id === undefined ? { screen: "unknown" } : { screen: "conversation", flow, id };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
};

/**
 * Goes to another screen of the studio.
 * @param options.state what that screen is told, once: it finds it as `takeState()`
 */
export function navigate(path: string, { replace = false, state }: { replace?: boolean; state?: string } = {}): void {
  window.history[replace ? "replaceState" : "pushState"](state ?? null, "", path);
  for (const listener of listeners) listener();
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/** What the screen before has told this one; nothing after a reload. */
export function takeState(): string | undefined {
  const { state } = window.history;
  if (typeof state !== "string") return undefined;
  window.history.replaceState(null, "");
  return state;
}
