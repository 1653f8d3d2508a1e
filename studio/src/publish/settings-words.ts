/** How each setting is called on the screen, by its key. */
const NAMES: Readonly<Record<string, string>> = {
  title: "Title",
  origins: "Allowed sites",
  variables: "Names the page may set",
  limits: "Limits",
  "appearance.color": "Colour",
  "appearance.avatar": "Picture of the bot",
  "appearance.greeting": "Greeting",
  "appearance.position": "Where the button is",
  "appearance.launcher": "Drawing on the button",
  "appearance.theme": "Light or dark",
  "appearance.locale": "Language",
  "appearance.pace": "How fast messages appear",
  "appearance.strings": "Words of the widget",
};

/** Settings that differ, in words: "Title, Colour". */
export const settingNames = (keys: readonly string[]): string =>
  keys.map((key) => NAMES[key] ?? "Another setting").join(", ");
