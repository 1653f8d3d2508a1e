import { IconFlag, IconFocus2, IconMaximize, IconTopologyStar3, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import type { Desk } from "../app/editor/desk.js";

const hasCanvas = ({ canvas }: Desk) => canvas.current !== undefined;

export const VIEW_ACTIONS: readonly Action[] = [
  {
    id: "fit",
    label: "See everything",
    group: "View",
    icon: IconMaximize,
    keys: ["1"],
    where: "steps",
    words: "fit zoom all overview",
    enabled: hasCanvas,
    run: ({ canvas }) => canvas.current?.fit(),
  },
  {
    id: "fit-selection",
    label: "See the selection",
    group: "View",
    icon: IconFocus2,
    keys: ["2"],
    where: "steps",
    words: "fit zoom",
    enabled: (desk) => hasCanvas(desk) && desk.editor.getState().selection.length > 0,
    run: ({ canvas, editor }) => canvas.current?.fit(editor.getState().selection),
  },
  {
    id: "zoom-100",
    label: "Zoom to 100 %",
    group: "View",
    keys: ["0"],
    where: "steps",
    enabled: hasCanvas,
    run: ({ canvas }) => canvas.current?.zoom(1),
  },
  {
    id: "zoom-in",
    label: "Zoom in",
    group: "View",
    icon: IconZoomIn,
    keys: ["+", "="],
    where: "steps",
    enabled: hasCanvas,
    run: ({ canvas }) => canvas.current?.zoom("in"),
  },
  {
    id: "zoom-out",
    label: "Zoom out",
    group: "View",
    icon: IconZoomOut,
    keys: ["-"],
    where: "steps",
    enabled: hasCanvas,
    run: ({ canvas }) => canvas.current?.zoom("out"),
  },
  {
    id: "switch-view",
    label: "Steps or States",
    group: "View",
    icon: IconTopologyStar3,
    keys: ["v"],
    where: "steps",
    words: "switch view format",
    run: ({ editor }) => {
      const { view, setView } = editor.getState();
      setView(view === "steps" ? "states" : "steps");
    },
  },
  {
    id: "go-start",
    label: "Go to the start",
    group: "Go",
    icon: IconFlag,
    keys: ["home"],
    where: "steps",
    words: "first flag",
    enabled: ({ editor }) => editor.getState().steps.start !== undefined,
    run: ({ editor, canvas }) => {
      const { steps, select } = editor.getState();
      select([steps.start!]);
      canvas.current?.reveal(steps.start!);
    },
  },
  {
    id: "back",
    label: "Back",
    group: "Go",
    keys: ["escape"],
    where: "steps",
    words: "unselect deselect nothing",
    run: ({ bench, editor }) => {
      const { port, edge } = bench.getState();
      if (port !== undefined || edge !== undefined) bench.setState({ port: undefined, edge: undefined });
      else editor.getState().select([]);
    },
  },
];
