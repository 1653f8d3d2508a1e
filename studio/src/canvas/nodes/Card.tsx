import type { Severity } from "@parley/shared/flow/finding";
import { picturesOfText } from "@parley/shared/flow/text-pictures";
import { IconInfoCircle } from "@tabler/icons-react";
import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useEditor } from "../../app/editor/desk.js";
import { hasPicture, isOwnPicture } from "../../document/picture-text.js";
import type { Step, StepGraph } from "../../document/steps.js";
import { answersIn } from "../../writing/answers.js";
import { OnCard, useWritingOn } from "../../writing/OnCard.js";
import { useCanvas } from "../canvas-context.js";
import { KINDS } from "../kinds.js";
import { paintWords, type StepPaint } from "../overlay-paint.js";
import type { StepData } from "../project.js";
import { entryY, portY, rowsOf } from "../size.js";
import { handOffWords, stepText, stepWords } from "../step-words.js";
import { useAside } from "../use-aside.js";
import { useFar } from "../use-far.js";
import { useStepPaint } from "../use-paint.js";
import { useTargets } from "../use-targets.js";
import classes from "./Card.module.css";
import { Entry } from "./Entry.js";
import { Exit } from "./Exit.js";
import { MarksBadge } from "./MarksBadge.js";
import { PaintChips } from "./PaintChips.js";
import { PortRow } from "./PortRow.js";
import { Stub } from "./Stub.js";

/** About as many characters as three lines hold: a longer text is shown whole by the pointer on it. */
const LONG = 84;

/** A step: its kind, its text, and its ways out. */
export const Card = memo(function Card({ data, selected, dragging }: NodeProps<Node<StepData>>) {
  const far = useFar();
  const { graph, elementId } = useCanvas();
  const { step, marks } = data;
  const aside = useAside(step.id);
  useTargets(step, far);
  const paint = useStepPaint(step.id);
  const { label, icon: Icon, colour } = KINDS[step.kind];
  const text = stepText(step);
  const picture = firstPicture(step);
  const writing = useWritingOn({ step: step.id, field: "text" });
  return (
    <div
      id={elementId(step.id)}
      role="group"
      aria-roledescription="step"
      aria-label={[stepWords(step, marks, graph()), ...(paint ? paintWords(paint) : [])].join(", ")}
      className={classes.card}
      data-colour={colour}
      data-far={far || undefined}
      data-aside={aside || undefined}
      data-selected={selected || undefined}
      data-dragging={dragging || undefined}
      data-broken={(marks?.problems ?? 0) > 0 || undefined}
      data-waiting={paint?.waiting || undefined}
      data-path={paint?.onPath || undefined}
      data-tested={paint?.tested === undefined ? undefined : paint.tested ? "yes" : "no"}
    >
      {paint !== undefined && <PaintChips paint={paint} />}
      <Entry step={step} far={far} />
      <div className={classes.head}>
        <span className={classes.icon}>
          <Icon size={16} stroke={1.8} aria-hidden />
        </span>
        <span className={classes.kind}>{label}</span>
        {picture !== undefined && !far && (
          <img className={classes.picture} src={picture} alt="" loading="lazy" referrerPolicy="no-referrer" />
        )}
        {step.why !== undefined && (
          <span className={classes.why} title={step.why}>
            <IconInfoCircle size={16} stroke={1.7} aria-hidden />
          </span>
        )}
        {marks !== undefined && <MarksBadge marks={marks} />}
      </div>
      <div
        className={classes.text}
        title={!far && text.length > LONG ? wordedText(text, graph()) : undefined}
        data-empty={text === "" || undefined}
        data-lines={LINES[step.kind]}
        data-written={writing !== undefined || undefined}
      >
        <OnCard step={step} at={writing}>
          {text ? <ReadText text={text} /> : emptyText(step)}
        </OnCard>
      </div>
      {step.kind === "text" && !far && <Placeholder step={step} />}
      {step.kind === "hand-off" && !far && <div className={classes.placeholder}>{handOffWords(step)}</div>}
      <WaysOut step={step} marks={marks?.ports} paint={paint} far={far} />
    </div>
  );
});

/** Of how many lines the text of a card is, where not of three. */
const LINES: Partial<Record<Step["kind"], "one" | "two">> = {
  "end-text": "one",
  text: "two",
  "hand-off": "two",
};

/** What stands in the empty field that the visitor types in. */
function Placeholder({ step }: { step: Step }) {
  const writing = useWritingOn({ step: step.id, field: "prompt" });
  const { prompt = "" } = step;
  return (
    <div
      className={classes.placeholder}
      title={prompt.length > 28 ? prompt : undefined}
      data-prompt
      data-empty={prompt === "" || undefined}
      data-written={writing !== undefined || undefined}
    >
      <OnCard step={step} at={writing}>
        {prompt || "No placeholder"}
      </OnCard>
    </div>
  );
}

/** A text as it is read: an answer in it stands as the words of its question, whatever its id is. */
function ReadText({ text }: { text: string }) {
  const words = useEditor(({ steps }) => (text.includes("{{") ? JSON.stringify(answersIn(text, steps)) : undefined));
  if (words === undefined) return text;
  const parts: ReturnType<typeof answersIn> = JSON.parse(words);
  return parts.map(({ text, isAnswer }, at) => {
    if (!isAnswer) return text;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
      <span key={at} className={classes.answer}>
        {text}
      </span>
    );
  });
}

type WaysProps = {
  step: Step;
  marks: ReadonlyMap<string, Severity> | undefined;
  paint: StepPaint | undefined;
  far: boolean;
};

function WaysOut({ step, marks, paint, far }: WaysProps) {
  const rows = rowsOf(step);
  if (rows.length > 0)
    return rows.map((port) => {
      const y = portY(step, port.id);
      if (far) return <Exit key={port.id} port={port.id} y={y} far />;
      return (
        <PortRow
          key={port.id}
          step={step}
          port={port}
          y={y}
          mark={marks?.get(port.id)}
          paint={paint?.ports.get(port.id)}
        />
      );
    });
  const lone = step.ports[0];
  // A request in the States view: what it opens begins here.
  if (lone === undefined) return <Exit port="open" y={entryY(step)} far={far} implied />;
  return (
    <>
      <Exit port={lone.id} y={entryY(step)} far={far} />
      {!far && lone.to === undefined && <Stub step={step} port={lone} y={entryY(step)} />}
    </>
  );
}

/** The same as one line of text. */
const wordedText = (text: string, graph: StepGraph): string =>
  answersIn(text, graph)
    .map(({ text }) => text)
    .join("");

const firstPicture = ({ text }: Step): string | undefined =>
  hasPicture(text) ? picturesOfText(text).find(isOwnPicture)?.src : undefined;

/** Of a text question that has a placeholder only, nothing of what the bot says is written. */
const emptyText = (step: Step): string => (step.blank || hasPicture(step.text) ? step.title : "Nothing written yet");
