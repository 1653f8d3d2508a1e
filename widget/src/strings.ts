/** Every word the widget says itself. A flow's settings or the page replace any of them. */
const STRINGS = {
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
  sending: "Sending…",
  failed: "Not sent",
  retry: "Try again",
  tooLong: "This message is too long. Please shorten it.",
  noMatch: "Please choose one of these",
  stale: "The conversation has moved on",
  paused: "Please wait a moment",
  inert: "This question is no longer open",
  newMessages: "New messages",
  ended: "This conversation has ended",
  again: "Start again",
  newTab: "opens in a new tab",
} as const;

export type Strings = { readonly [name in keyof typeof STRINGS]: string };

/** The words with those of `overrides` that are known and text. */
export function stringsFrom(overrides: unknown): Strings {
  const strings: Record<string, string> = { ...STRINGS };
  if (typeof overrides === "object" && overrides !== null) {
    for (const [name, text] of Object.entries(overrides)) {
      if (Object.hasOwn(STRINGS, name) && typeof text === "string" && text) strings[name] = text;
    }
  }
  return strings as Strings;
}
