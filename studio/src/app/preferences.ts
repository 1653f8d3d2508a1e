import { useLocalStorage } from "@mantine/hooks";

/** What one keeps for oneself, on this machine. */
export type Preferences = {
  /** With a mouse the wheel zooms and a drag pans; else the wheel pans and a drag selects. */
  readonly mouse: boolean;
  readonly minimap: boolean;
};

const DEFAULTS: Preferences = { mouse: false, minimap: true };

export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  const [preferences, setPreferences] = useLocalStorage<Preferences>({
    key: "parley-studio-preferences",
    defaultValue: DEFAULTS,
    getInitialValueInEffect: false,
    deserialize: read,
  });
  return [preferences, (change) => setPreferences((before) => ({ ...before, ...change }))];
}

function read(text: string | undefined): Preferences {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value !== "object" || value === null) return DEFAULTS;
    const { mouse, minimap } = value as Partial<Record<keyof Preferences, unknown>>;
    return { mouse: mouse === true, minimap: minimap !== false };
  } catch {
    return DEFAULTS;
  }
}
