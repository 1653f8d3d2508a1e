import { useDesk, useEditor } from "../app/editor/desk.js";
import { setSetting } from "../document/commands/settings.js";
import { SettingList } from "./SettingList.js";
import { MOST, readOrigin } from "./setting-rules.js";

/** The sites whose pages may show the flow. */
export function AllowedSites() {
  const { editor } = useDesk();
  const sites = useEditor((state) => state.draft.settings.origins);
  const change = (values: string[]) => {
    const { draft, run } = editor.getState();
    const value = values.length > 0 ? { value: values } : {};
    run(setSetting(draft, { key: "origins", ...value }), "Change the allowed sites");
  };
  return (
    <SettingList
      label="Allowed sites"
      description="Only pages of these sites may show this flow."
      placeholder="https://example.org"
      empty="None yet: besides this server, no site may show it."
      add="Add a site"
      values={sites ?? []}
      most={MOST.origins}
      read={readOrigin}
      change={change}
    />
  );
}
