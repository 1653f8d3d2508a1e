import { Collapse, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { memo, useState } from "react";
import { useStore } from "zustand";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { renameChat, renameGroup, renameItem, renameState } from "../document/commands/rename.js";
import { type Port, type Step, waits } from "../document/steps.js";
import { caretOf } from "./caret.js";
import classes from "./Details.module.css";
import { NameField } from "./NameField.js";
import { useField } from "./use-field.js";

/** How a step and its parts are called in the file: names make themselves, and one may set them by hand. */
export const Details = memo(function Details({ step }: { step: string }) {
  const [open, setOpen] = useState(readOpen);
  const { editor } = useDesk();
  const wanted = useStore(caretOf(editor), (caret) => caret.wanted?.field === "name" && caret.wanted.step === step);
  if (wanted && !open) setOpen(true);
  const toggle = () => {
    setOpen(!open);
    keepOpen(!open);
  };
  return (
    <section className={classes.details} aria-label="Details">
      <UnstyledButton className={classes.toggle} aria-expanded={open} onClick={toggle}>
        <IconChevronRight size={16} className={classes.chevron} data-open={open || undefined} aria-hidden />
        Details
      </UnstyledButton>
      <Collapse expanded={open} keepMounted={false} transitionDuration={120}>
        <Names id={step} />
      </Collapse>
    </section>
  );
});

/** Whoever works by names wants them at every step: open stays open while the page does. */
let isOpen = false;
const readOpen = () => isOpen;
const keepOpen = (open: boolean) => {
  isOpen = open;
};

function Names({ id }: { id: string }) {
  const step = useEditor(({ steps }) => steps.byId.get(id));
  const field = useField<HTMLInputElement>({ step: id, field: "name" });
  if (step === undefined) return null;
  const hasRef = step.ref !== undefined && waits(step.kind);
  const rows = step.ports.filter(({ item, state }) => item !== undefined || state !== undefined);
  return (
    <Stack gap="sm" pt="xs">
      {step.why !== undefined && (
        <Text size="xs" c="dimmed">
          {step.why}
        </Text>
      )}
      <NameField
        field={field}
        label="Name"
        value={step.id}
        undo="Rename"
        rename={(draft, to) => renameState(draft, { state: step.id, to })}
      />
      {hasRef && (
        <NameField
          label="ID in the file"
          value={step.ref!}
          undo="Change an ID"
          rename={(draft, to) => (step.kind === "question" ? renameGroup : renameChat)(draft, { step: step.id, to })}
        />
      )}
      {rows.map((port, index) => (
        // An ID is edited here: it cannot tell the fields apart.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <PortNames key={index} step={step} port={port} number={index + 1} />
      ))}
    </Stack>
  );
}

function PortNames({ step, port, number }: { step: Step; port: Port; number: number }) {
  const { item, state, end, kind } = port;
  const words = kind === "other-text" ? "Anything else" : port.label === "" ? `Answer ${number}` : `‘${port.label}’`;
  const shared = end !== undefined && step.ports.find((other) => other.end === end) !== port;
  return (
    <fieldset className={classes.port}>
      <legend className={classes.legend}>{words}</legend>
      <Stack gap="xs">
        {state !== undefined && (
          <NameField
            label="Name"
            value={state}
            undo="Rename"
            rename={(draft, to) => renameState(draft, { state, to })}
          />
        )}
        {item !== undefined && (
          <NameField
            label="ID in the file"
            value={item}
            undo="Change an ID"
            rename={(draft, to) => renameItem(draft, { step: step.id, port: port.id, to })}
          />
        )}
        {end !== undefined && !shared && (
          <NameField
            label="Name of its end"
            value={end}
            undo="Rename"
            rename={(draft, to) => renameState(draft, { state: end, to })}
          />
        )}
      </Stack>
    </fieldset>
  );
}
