import type { Overlay } from "../app/editor/panels.js";
import { CommandPalette } from "./CommandPalette.js";
import { FileDrop } from "./FileDrop.js";
import { KeysDialog } from "./KeysDialog.js";

export const COMMAND_OVERLAYS: readonly Overlay[] = [
  { id: "commands", Content: CommandPalette },
  { id: "keys", Content: KeysDialog },
  { id: "file-drop", Content: FileDrop },
];
