import { Group, TextInput } from "@mantine/core";
import type { Settings } from "@parley/shared/flow/settings";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { setSetting } from "../document/commands/settings.js";

type LimitKey = keyof NonNullable<Settings["limits"]>;
const MOST: Readonly<Record<LimitKey, number>> = { text: 4096, messages: 100_000 };

/** What visitors may; the server's own limits hold as well. */
export function Limits() {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const limits = useEditor((state) => state.draft.settings.limits);
  const change = (key: LimitKey, typed: string) => {
    const { draft, run } = editor.getState();
    const { [key]: _, ...rest } = draft.settings.limits ?? {};
    const typedNumber = Number(typed.replace(/\D/g, ""));
    const number = typedNumber >= 1 ? Math.min(typedNumber, MOST[key]) : undefined;
    const value = number === undefined ? rest : { ...rest, [key]: number };
    const label = "Change the limits";
    run(setSetting(draft, { key: "limits", ...(Object.keys(value).length > 0 && { value }) }), label, `limits ${key}`);
  };
  const field = (key: LimitKey, label: string) => (
    <TextInput
      label={label}
      placeholder="No limit"
      inputMode="numeric"
      readOnly={readOnly}
      value={limits?.[key] ?? ""}
      onChange={({ currentTarget }) => change(key, currentTarget.value)}
    />
  );
  return (
    <Group grow gap="sm" align="flex-end">
      {field("text", "Longest text, in characters")}
      {field("messages", "Most messages of a visitor")}
    </Group>
  );
}
