import type { TablerIcon } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { COMMAND_ACTIONS } from "../../commands/actions.js";
import { openPanel } from "../../commands/open-panel.js";
import { COMMAND_OVERLAYS } from "../../commands/overlays.js";
import { CONVERSATION_ACTIONS } from "../../conversations/actions.js";
import { EMBED_ACTIONS } from "../../embed/actions.js";
import { EMBED, EmbedDialog } from "../../embed/EmbedDialog.js";
import { FIND_ACTIONS } from "../../find/actions.js";
import { FindBar } from "../../find/FindBar.js";
import { FINDING_ACTIONS, FINDINGS_PANEL } from "../../findings/panel.js";
import { HISTORY_PANEL } from "../../history/panel.js";
import { INSPECTOR_PANEL } from "../../inspector/panel.js";
import { JSON_PANEL } from "../../json-view/panel.js";
import { MOVE_ACTIONS } from "../../outline/move-actions.js";
import { OUTLINE_PANEL } from "../../outline/panel.js";
import { PALETTE_PANEL } from "../../palette/panel.js";
import { PICTURE_ACTIONS } from "../../pictures/actions.js";
import { PREVIEW_ACTIONS } from "../../preview/actions.js";
import { PREVIEW_PANEL } from "../../preview/panel.js";
import { PUBLISH_ACTIONS } from "../../publish/actions.js";
import { PUBLISH_OVERLAYS } from "../../publish/overlays.js";
import { SCRIPT_ACTIONS } from "../../script/actions.js";
import { SCRIPT } from "../../script/pending.js";
import { ScriptDialog } from "../../script/ScriptDialog.js";
import { SHARE_ACTIONS } from "../../share/actions.js";
import { SHARE, ShareDialog } from "../../share/ShareDialog.js";
import { TESTS_PANEL } from "../../tests/panel.js";
import { FRAME } from "../../theme/theme.js";
import type { Action } from "./action.js";
import type { Bench } from "./bench.js";

/**
 * A panel of the editor. Its folder exports one of these, and it is named in `PANELS` below; the frame gives it a tab, a
 * place and a size, and on a narrow screen a tab of its own. It finds the open flow by `useDesk` and `useEditor`.
 */
export type Panel = {
  readonly id: string;
  readonly title: string;
  readonly icon: TablerIcon;
  readonly place: keyof Bench["panels"];
  readonly Content: ComponentType;
  /** Open when a flow is opened on a wide screen. */
  readonly open?: boolean;
  /** No tab on a narrow screen: what it does is done elsewhere there. */
  readonly wideOnly?: boolean;
  /** On a narrow screen it is in the menu behind the tabs: there is room for six. */
  readonly rare?: boolean;
  /** At the side it needs more room than others. */
  readonly wide?: boolean;
  /** Beside its title: a count. */
  readonly Badge?: ComponentType;
};

/** Something over the editor that shows itself: a command palette, a search. Always there, drawing nothing while closed. */
export type Overlay = { readonly id: string; readonly Content: ComponentType };

export const PANELS: readonly Panel[] = [
  PALETTE_PANEL,
  OUTLINE_PANEL,
  INSPECTOR_PANEL,
  JSON_PANEL,
  FINDINGS_PANEL,
  TESTS_PANEL,
  PREVIEW_PANEL,
  HISTORY_PANEL,
];
export const OVERLAYS: readonly Overlay[] = [
  { id: "find", Content: FindBar },
  ...COMMAND_OVERLAYS,
  ...PUBLISH_OVERLAYS,
  { id: SHARE, Content: ShareDialog },
  { id: EMBED, Content: EmbedDialog },
  { id: SCRIPT, Content: ScriptDialog },
];
/** What panels add to keys, menus and command palette. */
export const PANEL_ACTIONS: readonly Action[] = [
  ...FINDING_ACTIONS,
  ...FIND_ACTIONS,
  ...MOVE_ACTIONS,
  ...PICTURE_ACTIONS,
  ...COMMAND_ACTIONS,
  ...PREVIEW_ACTIONS,
  ...PUBLISH_ACTIONS,
  ...SHARE_ACTIONS,
  ...EMBED_ACTIONS,
  ...SCRIPT_ACTIONS,
  ...CONVERSATION_ACTIONS,
  ...PANELS.map(openPanel),
];

/**
 * Which panels a flow is opened with: the preview beside the drawing, and on the sides what there is room for. On a
 * narrow screen, or where they would lie over the canvas: none.
 */
export function firstPanels(width: number): Bench["panels"] {
  const first = (place: keyof Bench["panels"], from: number) =>
    width < from ? undefined : PANELS.find((panel) => panel.place === place && panel.open)?.id;
  const { medium, roomy } = FRAME;
  return {
    left: first("left", roomy),
    right: first("right", medium),
    bottom: first("bottom", medium),
    preview: first("preview", medium),
  };
}
