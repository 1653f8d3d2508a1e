import { NativeSelect, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { Settings } from "@parley/shared/flow/settings";
import { IconAdjustments } from "@tabler/icons-react";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { setSetting } from "../document/commands/settings.js";
import { AllowedSites } from "./AllowedSites.js";
import { AvatarField } from "./AvatarField.js";
import { ColourField } from "./ColourField.js";
import classes from "./FlowSettings.module.css";
import { Limits } from "./Limits.js";
import { languagesFor } from "./languages.js";
import { PanelHead } from "./PanelHead.js";
import { RoomForPictures } from "./RoomForPictures.js";
import { SettingList } from "./SettingList.js";
import { MOST, readVariable, withAppearance } from "./setting-rules.js";

type Appearance = NonNullable<Settings["appearance"]>;

/** What holds for the whole flow: how it is called, how it looks, where it may be shown. */
export function FlowSettings() {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const settings = useEditor((state) => state.draft.settings);
  const set = <Key extends keyof Settings>(key: Key, value: Settings[Key], label: string) => {
    const { draft, run } = editor.getState();
    run(setSetting(draft, { key, ...(value !== undefined && { value }) }), label, `setting ${key} ${label}`);
  };
  const look = settings.appearance;
  const setLook = <Key extends keyof Appearance>(key: Key, value: Appearance[Key], label: string) =>
    set("appearance", withAppearance(editor.getState().draft.settings.appearance, key, value), label);
  return (
    <Stack gap="lg">
      <PanelHead icon={IconAdjustments} colour="select" title="Settings of the flow" />
      <TextInput
        label="Title"
        description="Visitors read it above the conversation."
        maxLength={100}
        readOnly={readOnly}
        value={settings.title ?? ""}
        onChange={(event) => set("title", event.currentTarget.value || undefined, "Change the title")}
      />
      <Textarea
        label="Greeting"
        description="Beside the closed button, until it is opened."
        autosize
        minRows={1}
        maxRows={6}
        maxLength={200}
        readOnly={readOnly}
        value={look?.greeting ?? ""}
        onChange={(event) => setLook("greeting", event.currentTarget.value || undefined, "Change the greeting")}
      />
      <ColourField
        value={look?.color}
        readOnly={readOnly}
        change={(colour) => setLook("color", colour, "Change the colour")}
      />
      <AvatarField
        value={look?.avatar ?? ""}
        change={(address) => setLook("avatar", address || undefined, "Change the picture")}
      />
      <Choice
        label="Where the button is"
        value={look?.position ?? "right"}
        options={{ left: "Left", right: "Right" }}
        change={(position) => setLook("position", position === "right" ? undefined : position, "Move the button")}
      />
      <Choice
        label="Drawing on the button"
        value={look?.launcher ?? "chat"}
        options={{ chat: "Bubble", question: "?", avatar: "Picture", none: "No button" }}
        change={(launcher) => setLook("launcher", launcher === "chat" ? undefined : launcher, "Change the button")}
      />
      <Choice
        label="Light or dark"
        value={look?.theme ?? "auto"}
        options={{ auto: "Automatic", light: "Light", dark: "Dark" }}
        change={(theme) => setLook("theme", theme === "auto" ? undefined : theme, "Change light or dark")}
      />
      <NativeSelect
        label="Language"
        description="Of the widget's own words, such as “Start over”."
        disabled={readOnly}
        value={look?.locale ?? ""}
        data={languagesFor(look?.locale)}
        onChange={(event) => setLook("locale", event.currentTarget.value || undefined, "Change the language")}
      />
      <Choice
        label="How fast messages appear"
        value={look?.pace ?? "natural"}
        options={{ off: "At once", natural: "Natural", slow: "Slow" }}
        change={(pace) => setLook("pace", pace === "natural" ? undefined : pace, "Change the pace")}
      />
      <AllowedSites />
      <Limits />
      <SettingList
        label="Names the page may set"
        description="The page around it can fill them in; messages use them as {{name}}."
        placeholder="name"
        empty="None yet."
        add="Add a name"
        values={settings.variables ?? []}
        most={MOST.variables}
        read={(name) => readVariable(name, editor.getState().draft)}
        change={(names) => set("variables", names.length > 0 ? names : undefined, "Change the names")}
      />
      <RoomForPictures />
    </Stack>
  );
}

type ChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  options: Readonly<Record<Value, string>>;
  change: (value: Value) => void;
};

function Choice<Value extends string>({ label, value, options, change }: ChoiceProps<Value>) {
  const readOnly = useReadOnly();
  return (
    <div>
      <Text size="sm" fw="var(--mantine-font-weight-medium)" mb={4} aria-hidden>
        {label}
      </Text>
      <SegmentedControl
        fullWidth
        aria-label={label}
        className={classes.choice ?? ""}
        disabled={readOnly}
        value={value}
        onChange={(chosen) => change(chosen as Value)}
        data={Object.entries<string>(options).map(([value, label]) => ({ value, label }))}
      />
    </div>
  );
}
