import type { JsonObject } from "../../flow/json.js";
import type { Layout } from "../../flow/layout.js";
import type { Flow } from "../../flow/schema.js";
import type { Settings } from "../../flow/settings.js";
import type { ScriptStep } from "../../script/script.js";

/** What a Typebot export becomes. */
export type TypebotImport = {
  readonly flow: Flow & JsonObject;
  /** The steps in their groups, about where these stood, and the notes. */
  readonly layout: Layout;
  /** Title, picture and colour, as far as the export has them. */
  readonly settings: Settings;
  readonly report: TypebotReport;
};

/** What became of everything in the export, in its order. */
export type TypebotReport = {
  readonly steps: readonly ImportedStep[];
  readonly notes: readonly ImportedNote[];
  /** What is neither, one sentence each: settings that were not taken along, what had no room. */
  readonly left: readonly string[];
};
export type ImportedStep = {
  /** The title of its group. */
  readonly group: string;
  /** What Typebot calls it, as "Buttons". */
  readonly was: string;
  readonly became: ScriptStep["kind"];
  /** Its first words. */
  readonly words: string;
  /** The state that it became. */
  readonly state: string;
  /** What is otherwise than it was, one sentence each. */
  readonly remarks: readonly string[];
};
export type ImportedNote = {
  readonly group: string;
  readonly was: string;
  /** The note's text; its first line says what it was. */
  readonly text: string;
};

/** Why a file cannot be imported: `code` is stable, `message` one sentence that says what to do. */
export type ImportRefusal = { readonly code: RefusalCode; readonly message: string };
export type RefusalCode = "not-typebot" | "other-version" | "too-deep" | "too-large" | "nothing-to-import";

/** The names of Typebot's blocks, as its users know them. */
export const BLOCK_NAMES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  text: "Text",
  image: "Image",
  video: "Video",
  embed: "Embed",
  audio: "Audio",
  "text input": "Text input",
  "number input": "Number input",
  "email input": "Email input",
  "url input": "Website input",
  "date input": "Date input",
  "time input": "Time input",
  "phone number input": "Phone input",
  "choice input": "Buttons",
  "picture choice input": "Picture choice",
  "payment input": "Payment",
  "rating input": "Rating",
  "file input": "File upload",
  cards: "Cards",
  // The export's own word: what it is called on the screen is one of our file's.
  Webhook: "Webhook",
  webhook: "Webhook listener",
  Code: "Script",
  Email: "Send email",
};
