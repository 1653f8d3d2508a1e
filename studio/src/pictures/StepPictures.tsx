import { useEditor } from "../app/editor/desk.js";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import { readText } from "../document/commands/text.js";

const list = lazyScript(() => import("./PictureList.js").then((module) => module.PictureList));

/** The pictures in the text of a step, if there are any. */
export function StepPictures({ step }: { step: string }) {
  const has = useEditor(({ draft }) => /<img\s/i.test(readText(draft, { step, field: "text" })));
  if (!has) return null;
  return (
    <LazyPart script={list} what="The pictures" loading={null}>
      {(List) => <List step={step} />}
    </LazyPart>
  );
}
