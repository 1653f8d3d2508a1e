import { Modal } from "@mantine/core";
import { useEffect } from "react";
import { useStore } from "zustand";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import { DialogSkeleton } from "../publish/DialogSkeleton.js";
import { offers } from "./take-typebot.js";

const report = lazyScript(() => import("./TypebotReport.js").then((module) => module.TypebotReport));

/** What a file from Typebot would become, before it is taken. Closed, it is not. */
export function TypebotDialog() {
  const offer = useStore(offers, (state) => state.offer);
  // Who goes elsewhere does not take it.
  useEffect(() => () => offers.getState().offer?.answer(false), []);
  return (
    <Modal
      opened={offer !== undefined}
      onClose={() => offer?.answer(false)}
      size={640}
      title="From Typebot"
      // Keys are not those of the drawing behind it.
      onKeyDown={(event) => event.stopPropagation()}
    >
      {offer && (
        <LazyPart script={report} what="What became of it" loading={<DialogSkeleton />}>
          {(TypebotReport) => <TypebotReport offer={offer} />}
        </LazyPart>
      )}
    </Modal>
  );
}
