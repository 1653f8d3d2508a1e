/** Every word the widget says itself, in English. A flow's settings or the page replace any of them. */
export const STRINGS = {
  title: "Chat",
  open: "Open chat",
  close: "Close chat",
  startOver: "Start over",
  send: "Send",
  log: "Conversation",
  bot: "Bot",
  you: "You",
  choose: "Choose an option",
  write: "Write a message…",
  typing: "is typing",
  connecting: "Connecting…",
  connected: "Online",
  offline: "Offline. Trying again…",
  closed: "Not available",
  refused: "Not allowed on this site",
  sending: "Sending…",
  failed: "Not sent",
  retry: "Try again",
  tooLong: "This message is too long. Please shorten it.",
  noMatch: "Please choose one of these",
  stale: "The conversation has moved on",
  paused: "Please wait a moment",
  joined: "{name} has joined",
  left: "{name} has left",
  inert: "This question is no longer open",
  earlier: "An earlier moment",
  newMessages: "New messages",
  ended: "This conversation has ended",
  again: "Start again",
  newTab: "opens in a new tab",
} as const;

export type Strings = { readonly [name in keyof typeof STRINGS]: string };

/** The words of a language, with those of each of `overrides` that are known and text. */
export function stringsFrom(language: Strings, ...overrides: readonly unknown[]): Strings {
  const strings: Record<string, string> = { ...language };
  for (const some of overrides) {
    if (typeof some !== "object" || some === null) continue;
    for (const [name, text] of Object.entries(some)) {
      if (Object.hasOwn(STRINGS, name) && typeof text === "string" && text) strings[name] = text;
    }
  }
  return strings as Strings;
}
