import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "./random.js";
import type { Tab, Visitor } from "./visitor.js";

/** Connects every tab to any of the addresses there are, again after every loss, until the signal aborts. */
export async function stayConnected(
  visitor: Visitor,
  chats: () => readonly string[],
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  // Spread, as browsers do it.
  const pause = () => delay(50 + 200 * random.next());
  while (visitor.token === undefined && !signal.aborted) {
    await visitor.tabs[0]!.connect(random.pick(chats()));
    if (visitor.token === undefined) await pause();
  }
  await Promise.all(
    visitor.tabs.map(async (tab) => {
      while (!signal.aborted) {
        if (tab.open) {
          await tab.whenClosed();
          await pause();
        }
        if (signal.aborted) return;
        await tab.connect(random.pick(chats()));
        if (!tab.open) await pause();
      }
    }),
  );
}

/** Says something, again and again, until it sees the answer to any of it: of several that it has missed, the last is told. */
export async function answered(tab: Tab): Promise<void> {
  const asked = new Set<string>();
  const answer = tab.until(() => asked.has(tab.lastTurn?.of ?? "")).then(() => true);
  for (let seen = false; !seen; ) {
    asked.add(tab.setNothing());
    seen = await Promise.race([answer, delay(1_000, false)]);
  }
}
