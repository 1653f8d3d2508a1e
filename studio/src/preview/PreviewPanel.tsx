import { Center, Loader } from "@mantine/core";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import classes from "./Preview.module.css";

/** It comes after the drawing: one sees the flow first. */
const pane = lazyScript(() => import("./PreviewPane.js").then((module) => module.PreviewPane));

/** The conversation beside the drawing. */
export function PreviewPanel() {
  const loading = (
    <Center className={classes.pane ?? ""}>
      <Loader aria-label="Opening the preview" />
    </Center>
  );
  return (
    <LazyPart script={pane} what="The preview" loading={loading}>
      {(PreviewPane) => <PreviewPane />}
    </LazyPart>
  );
}
