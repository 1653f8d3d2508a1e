import { Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { MAX_WAIT_SECONDS } from "@parley/shared/message";
import { useState } from "react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import { setQueue, setWait } from "../document/commands/hand-off.js";
import type { Wordless } from "../document/same-step.js";
import classes from "./AnswerList.module.css";
import { useChecked } from "./CheckedField.js";
import { LeadsTo } from "./LeadsTo.js";
import type { Read } from "./setting-rules.js";

/** Whose work a hand-over is, how long the visitor waits, and what follows each way in which it may end. */
export function HandOffFields({ step }: { step: Wordless }) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const queue = (value: string) => {
    const { draft, run } = editor.getState();
    run(setQueue(draft, { step: step.id, queue: value }), "Change the queue", `queue ${step.id}`);
  };
  const { text, type, leave } = useChecked(step.queue ?? "", (typed) => ({ value: typed.trim() }), queue);
  return (
    <>
      <Stack gap="sm">
        <TextInput
          label="Queue"
          description="Whose work it is."
          placeholder="General"
          maxLength={100}
          readOnly={readOnly}
          value={text}
          onChange={({ currentTarget }) => type(currentTarget.value)}
          onBlur={leave}
        />
        <Wait step={step} />
      </Stack>
      <Outcomes step={step} />
    </>
  );
}

const UNITS = { seconds: 1, minutes: 60, hours: 3600 } as const;
type Unit = keyof typeof UNITS;
/** The largest unit that a time is a whole number of. */
const unitOf = (seconds: number | undefined): Unit =>
  seconds === undefined || (seconds % 60 === 0 && seconds % 3600 !== 0)
    ? "minutes"
    : seconds % 3600 === 0
      ? "hours"
      : "seconds";

function Wait({ step: { id, timeout } }: { step: Wordless }) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  // The unit that was chosen holds as long as the time is a whole number of it.
  const [chosen, setChosen] = useState<Unit>();
  const fits = chosen !== undefined && (timeout === undefined || timeout % UNITS[chosen] === 0);
  const unit = fits ? chosen : unitOf(timeout);
  const set = (seconds: number | undefined) => {
    const { draft, run } = editor.getState();
    run(setWait(draft, { step: id, seconds }), "Change the waiting time", `wait ${id}`);
  };
  const shown = timeout === undefined ? "" : String(timeout / UNITS[unit]);
  const change = (value: string) => set(value === "" ? undefined : Number(value) * UNITS[unit]);
  const { text, why, type, leave } = useChecked(shown, (typed) => readWait(typed, unit), change);
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <TextInput
        label="Waits at most"
        description="Empty: until somebody comes."
        placeholder="No limit"
        inputMode="numeric"
        readOnly={readOnly}
        value={text}
        error={why}
        style={{ flex: 1 }}
        onChange={({ currentTarget }) => type(currentTarget.value)}
        onBlur={leave}
      />
      <NativeSelect
        aria-label="Unit of the waiting time"
        mt={45}
        disabled={readOnly}
        value={unit}
        data={Object.keys(UNITS)}
        onChange={({ currentTarget }) => {
          const next = currentTarget.value as Unit;
          setChosen(next);
          // The number stays: five minutes become five hours.
          if (timeout !== undefined) {
            set(Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.round((timeout / UNITS[unit]) * UNITS[next]))));
          }
        }}
      />
    </Group>
  );
}

function readWait(typed: string, unit: Unit): Read {
  const text = typed.trim();
  if (text === "") return { value: "" };
  const most = Math.floor(MAX_WAIT_SECONDS / UNITS[unit]);
  const fits = /^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= most;
  return fits ? { value: String(Number(text)) } : { why: `A whole number from 1 to ${most}.` };
}

function Outcomes({ step }: { step: Wordless }) {
  return (
    <section aria-label="How it ends">
      <Stack gap="sm">
        {step.ports.map((port) => (
          <div key={port.id}>
            <h3 className={classes.title}>{port.label}</h3>
            <LeadsTo from={{ step: step.id, port: port.id }} label={`${port.label} it leads to`} />
          </div>
        ))}
      </Stack>
    </section>
  );
}
