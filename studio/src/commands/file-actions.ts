import { IconFileExport, IconFileImport, IconPackageExport } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { exportAll, exportFlow } from "./export.js";
import { chooseFile } from "./open-file.js";

export const FILE_ACTIONS: readonly Action[] = [
  {
    id: "open-file",
    label: "Open a file here…",
    group: "File",
    icon: IconFileImport,
    where: "everywhere",
    words: "import load replace json",
    enabled: ({ mayWrite }) => mayWrite,
    run: chooseFile,
  },
  {
    id: "export-flow",
    label: "Export the flow",
    group: "File",
    icon: IconFileExport,
    where: "everywhere",
    words: "download save json",
    run: (desk) => void exportFlow(desk),
  },
  {
    id: "export-all",
    label: "Export everything",
    group: "File",
    icon: IconPackageExport,
    where: "everywhere",
    words: "download save json drawing layout settings tests bundle",
    run: (desk) => void exportAll(desk),
  },
];
