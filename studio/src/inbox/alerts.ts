import { useLocalStorage } from "@mantine/hooks";
import { useCallback } from "react";
import type { Alert } from "./inbox.js";

/** How somebody wants to be told: off until he asks for it. */
export type Wanted = { readonly sound: boolean; readonly desktop: boolean };

/** What is wanted, how to want it, and what tells. A browser asks before it shows anything on the desktop. */
export function useAlerts(): {
  wanted: Wanted;
  want: (change: Partial<Wanted>) => Promise<void>;
  tell: (alerts: readonly Alert[]) => void;
} {
  const [wanted, setWanted] = useLocalStorage<Wanted>({
    key: "parley.alerts",
    defaultValue: { sound: false, desktop: false },
    getInitialValueInEffect: false,
  });
  const want = useCallback(
    async (change: Partial<Wanted>) => {
      if (change.sound) beep();
      if (change.desktop && (await askBrowser()) !== "granted") return;
      setWanted((before) => ({ ...before, ...change }));
    },
    [setWanted],
  );
  const tell = useCallback(
    (alerts: readonly Alert[]) => {
      if (alerts.length === 0) return;
      if (wanted.sound) beep();
      if (!wanted.desktop || !("Notification" in window) || document.visibilityState === "visible") return;
      for (const { kind, row } of alerts.slice(0, 3)) {
        const title = kind === "waits" ? "Somebody waits for a person" : "A visitor has written";
        try {
          const shown = new Notification(title, { body: row.said ?? row.title, tag: row.conversation });
          shown.onclick = () => window.focus();
        } catch {
          return; // Phones show none from a page.
        }
      }
    },
    [wanted],
  );
  return { wanted, want, tell };
}

const askBrowser = async (): Promise<NotificationPermission> =>
  "Notification" in window ? Notification.requestPermission() : "denied";

let sounds: AudioContext | undefined;

/** Two short soft tones. A browser that has not been touched yet plays nothing. */
function beep(): void {
  sounds ??= new AudioContext();
  const { currentTime: now, destination } = sounds;
  void sounds.resume().catch(() => undefined);
  for (const [i, pitch] of [660, 880].entries()) {
    const [tone, level] = [sounds.createOscillator(), sounds.createGain()];
    tone.frequency.value = pitch;
    level.gain.setValueAtTime(0.0001, now + i * 0.14);
    level.gain.exponentialRampToValueAtTime(0.12, now + i * 0.14 + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, now + i * 0.14 + 0.13);
    tone.connect(level).connect(destination);
    tone.start(now + i * 0.14);
    tone.stop(now + i * 0.14 + 0.14);
  }
}
