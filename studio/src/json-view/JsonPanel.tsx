import { Center, Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import classes from "./JsonPanel.module.css";

/** The editor is large, and few open it: it is loaded then. */
const JsonEditor = lazy(() => import("./JsonEditor.js").then((module) => ({ default: module.JsonEditor })));

/** The flow as the text of its file. */
export function JsonPanel() {
  return (
    <Suspense
      fallback={
        <Center className={classes.editor ?? ""}>
          <Loader aria-label="Opening the text" />
        </Center>
      }
    >
      <JsonEditor />
    </Suspense>
  );
}
