import { Center, Loader } from "@mantine/core";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import classes from "./JsonPanel.module.css";

/** The editor is large, and few open it: it is loaded then. */
const editor = lazyScript(() => import("./JsonEditor.js").then((module) => module.JsonEditor));

/** The flow as the text of its file. */
export function JsonPanel() {
  const loading = (
    <Center className={classes.editor ?? ""}>
      <Loader aria-label="Opening the text" />
    </Center>
  );
  return (
    <LazyPart script={editor} what="The text" loading={loading}>
      {(JsonEditor) => <JsonEditor />}
    </LazyPart>
  );
}
