import type { Overlay } from "../app/editor/panels.js";
import { CompareDialog } from "./CompareDialog.js";
import { PublishDialog } from "./PublishDialog.js";
import { TakeDownDialog } from "./TakeDownDialog.js";

export const PUBLISH_OVERLAYS: readonly Overlay[] = [
  { id: "publish", Content: PublishDialog },
  { id: "compare", Content: CompareDialog },
  { id: "take-down", Content: TakeDownDialog },
];
