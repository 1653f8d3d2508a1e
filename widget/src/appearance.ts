import { readColor } from "./color.js";
import type { Options } from "./options.js";

/** What the flow's settings and the page say about the look, checked. */
export type Look = {
  readonly title: string | undefined;
  /** `#rrggbb` */
  readonly color: string | undefined;
  readonly avatar: string | undefined;
  readonly greeting: string | undefined;
  readonly position: "left" | "right" | undefined;
  readonly launcher: "chat" | "question" | "avatar" | "none";
  readonly theme: "auto" | "light" | "dark";
  readonly pace: "off" | "natural" | "slow";
};
/** From the page: stronger than the flow's settings. */
export type LookOverrides = { readonly [Name in keyof Look]?: Options[Name] };
type Appearance = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === "string" && value.trim()) || undefined;

/** An https address or a path of the server. */
function picture(value: unknown, server: string): string | undefined {
  const address = text(value) ?? "";
  return /^https:\/\//i.test(address) ? address : /^\/[^/\\]/.test(address) ? server + address : undefined;
}

/** Reads an appearance; what it does not know or cannot use is left out. `server`: origin of its paths. */
export function readLook(appearance: Appearance, page: LookOverrides, server: string): Look {
  const first = <T>(name: keyof Look, read: (value: unknown) => T | undefined) =>
    read(page[name]) ?? read(appearance[name]);
  const one = <T extends string>(...names: T[]) => {
    return (value: unknown) => names.find((name) => name === value);
  };
  return {
    title: first("title", text),
    color: first("color", readColor),
    avatar: first("avatar", (value) => picture(value, server)),
    greeting: first("greeting", text),
    position: first("position", one("left", "right")),
    launcher: first("launcher", one("chat", "question", "avatar", "none")) ?? "chat",
    theme: first("theme", one("auto", "light", "dark")) ?? "auto",
    pace: first("pace", one("off", "natural", "slow")) ?? "natural",
  };
}
