import { Skeleton, Stack } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { useTouch } from "../app/use-touch.js";
import { placeOfText } from "../document/commands/text.js";
import type { Wordless } from "../document/same-step.js";
import { StepFindings } from "../findings/StepFindings.js";
import { showsPictures } from "../pictures/add-pictures.js";
import { StepPictures } from "../pictures/StepPictures.js";
import { usePictureTarget } from "../pictures/use-picture-target.js";
import { AnswerList } from "./AnswerList.js";
import { AskInstead } from "./AskInstead.js";
import { firstAnswer } from "./answer-gestures.js";
import { Details } from "./Details.js";
import { goToText, openNext } from "./gestures.js";
import { LeadsTo } from "./LeadsTo.js";
import { StepHead } from "./StepHead.js";
import { StepNotes } from "./StepNotes.js";
import { StepText } from "./StepText.js";
import { UnreadableStep } from "./UnreadableStep.js";

const HandOffFields = lazy(() => import("./HandOffFields.js").then((module) => ({ default: module.HandOffFields })));

/** Everything of one step that can be edited. */
export function StepPanel({ step }: { step: Wordless }) {
  const then = step.ports.find(({ kind }) => kind === "then");
  const hasList = step.kind === "question" || step.kind === "text";
  return (
    <Stack gap="lg" {...usePictureTarget(step)}>
      <StepHead kind={step.kind} start={step.start} />
      <Stack gap="xs">
        <MainTexts step={step} />
        {showsPictures(step) && <StepPictures step={step.id} />}
      </Stack>
      {hasList && <AnswerList step={step} />}
      {step.kind === "hand-off" && (
        <Suspense fallback={<Skeleton height={260} />}>
          <HandOffFields step={step} />
        </Suspense>
      )}
      {step.kind === "message" && <AskInstead step={step.id} />}
      {then !== undefined && <LeadsTo from={{ step: step.id, port: then.id }} label="Then" />}
      <StepFindings step={step.id} />
      <StepNotes step={step.id} />
      <Details step={step.id} />
    </Stack>
  );
}

function MainTexts({ step }: { step: Wordless }) {
  const desk = useDesk();
  const breaks = useTouch();
  const hasText = useEditor(({ draft }) => placeOfText(draft, { step: step.id, field: "text" }) !== undefined);
  const at = { step: step.id, field: "text" } as const;
  const port = step.ports[0];
  const other = step.ports.find(({ kind }) => kind === "other-text");
  switch (step.kind) {
    case "message":
      return (
        <StepText
          at={at}
          label="Text"
          rich="text"
          placeholder="What the bot says"
          rows={3}
          breaks={breaks}
          description={breaks ? "" : "Enter goes on to the next message."}
          onEnter={() => port && openNext(desk, { step: step.id, port: port.id })}
        />
      );
    case "question":
      return (
        <StepText
          at={at}
          label="Question"
          rich="text"
          placeholder="What the bot asks"
          rows={2}
          breaks={breaks}
          onEnter={() => firstAnswer(desk, step)}
        />
      );
    case "text":
      return (
        <>
          <StepText
            at={at}
            label="Text"
            rich="text"
            placeholder="What the bot says first"
            rows={2}
            breaks={breaks}
            onEnter={() => goToText(desk, { step: step.id, field: "prompt" })}
          />
          <StepText
            at={{ step: step.id, field: "prompt" }}
            label="Placeholder"
            description="In the empty field that the visitor types in."
            placeholder="Type your answer here…"
            onEnter={() => other && openNext(desk, { step: step.id, port: other.id })}
          />
        </>
      );
    case "hand-off":
      return (
        <StepText
          at={at}
          label="Text"
          rich="text"
          placeholder="What the visitor reads while he waits"
          rows={2}
          breaks={breaks}
          onEnter={() => port && openNext(desk, { step: step.id, port: port.id })}
        />
      );
    case "answer":
      return !hasText ? null : (
        <StepText
          at={at}
          label={step.takes === "text" ? "Expected text" : "Answer"}
          {...(step.takes === "answer" && { rich: "choice" })}
          onEnter={() => port && openNext(desk, { step: step.id, port: port.id })}
        />
      );
    case "end-text":
      return null;
    case "unknown":
      return <UnreadableStep />;
  }
}
