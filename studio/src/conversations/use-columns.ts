import { useLocalStorage } from "@mantine/hooks";

/** The columns that somebody chose for a flow's answers, kept in this browser; undefined: the usual ones. */
export function useColumns(flow: string) {
  const [kept, setKept] = useLocalStorage<readonly string[] | null>({
    key: `parley.answers.${flow}`,
    defaultValue: null,
    getInitialValueInEffect: false,
    deserialize: (text) => readKeys(text),
  });
  const change = (keys: readonly string[] | undefined) => setKept(keys ?? null);
  return [kept ?? undefined, change] as const;
}

function readKeys(text: string | undefined): readonly string[] | null {
  try {
    const keys: unknown = JSON.parse(text ?? "null");
    return Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === "string") ? keys : null;
  } catch {
    return null;
  }
}
