import { ActionIcon, Combobox, InputBase, Tooltip, useCombobox } from "@mantine/core";
import { IconArrowRight, IconFlagOff, IconPlus } from "@tabler/icons-react";
import { type KeyboardEvent, memo, useEffect, useId, useMemo, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { useTouch } from "../app/use-touch.js";
import { KINDS } from "../canvas/kinds.js";
import type { PortRef } from "../document/commands/command.js";
import { FieldConflict } from "./FieldConflict.js";
import { goTo, lead } from "./gestures.js";
import classes from "./LeadsTo.module.css";
import { type Lead, type LeadOption, leadOf, leadOptions } from "./leads.js";
import { useField } from "./use-field.js";

type LeadsToProps = {
  from: PortRef;
  /** Whose way out it is, for whoever hears it; what is seen beside it is "Then". */
  label: string;
};

/** Where a way out leads: a list of all steps by their words, to be searched; of new ones; and the end. */
export const LeadsTo = memo(function LeadsTo({ from, label }: LeadsToProps) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const touch = useTouch();
  const field = useField<HTMLButtonElement>({ step: from.step, field: "lead", port: from.port });
  const words = useId();
  const [search, setSearch] = useState("");
  const combobox = useCombobox({
    // A finger chooses from the list: the keyboard would cover it, and comes when the search is touched.
    onDropdownOpen: () => !touch && combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch("");
    },
  });
  const found = useEditor(useShallow(({ steps }) => leadOf(steps, from)));
  // All steps are looked at only while the list is open.
  const graph = useEditor(({ steps }) => (combobox.dropdownOpened ? steps : undefined));
  const { options, more } = useMemo(
    () => (graph ? leadOptions(graph, search) : { options: [], more: false }),
    [graph, search],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: with other options, another is in hand
  useEffect(() => {
    if (!combobox.dropdownOpened) return;
    // Where it leads now, until one seeks something else.
    if (search !== "" || combobox.selectActiveOption() === null) combobox.selectFirstOption();
  }, [search, combobox.dropdownOpened]);
  if (found === undefined) return null;
  const take = (id: string) => {
    const option = options.find((option) => option.id === id);
    combobox.closeDropdown();
    // The keyboard goes on to what is new, and else stays here.
    if (option?.kind !== "new") {
      combobox.focusTarget();
      // What is done next is about the answer that was led.
      desk.bench.setState({ edge: undefined, port: from });
    }
    if (option !== undefined) lead(desk, from, option);
  };
  const typeAhead = (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, nativeEvent } = event;
    if (key.length !== 1 || key === " " || ctrlKey || metaKey || altKey || nativeEvent.isComposing || readOnly) return;
    event.preventDefault();
    setSearch(key);
    combobox.openDropdown();
    combobox.focusSearchInput();
  };
  const says = leadWords(found);
  return (
    <>
      <div className={classes.lead}>
        <Combobox
          store={combobox}
          onOptionSubmit={take}
          width={300}
          position={touch ? "bottom-start" : "bottom-end"}
          readOnly={readOnly}
        >
          <Combobox.Target targetType="button">
            <InputBase
              ref={field}
              component="button"
              type="button"
              className={classes.target ?? ""}
              classNames={{ input: classes.input ?? "" }}
              aria-label={`${label}: ${says}`}
              aria-disabled={readOnly || undefined}
              leftSection={<span className={classes.then}>Then</span>}
              leftSectionWidth={52}
              rightSection={<Combobox.Chevron />}
              rightSectionPointerEvents="none"
              onClick={() => !readOnly && combobox.toggleDropdown()}
              onKeyDown={typeAhead}
            >
              <span className={classes.words} title={says} data-state={stateOf(found)}>
                {says}
              </span>
            </InputBase>
          </Combobox.Target>
          <Combobox.Dropdown>
            <Combobox.Search
              data-own-undo
              role="combobox"
              aria-expanded
              aria-controls={combobox.listId ?? undefined}
              aria-label={`${label}: find a step`}
              placeholder="Find a step by its words"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <Combobox.Options mah={280} className={classes.options ?? ""} aria-label={`${label}: steps`}>
              {options.map((option) => (
                <Combobox.Option
                  key={option.id}
                  value={option.id}
                  active={isTaken(option, found)}
                  className={classes.option ?? ""}
                >
                  <OptionRow option={option} />
                </Combobox.Option>
              ))}
              {options.length === 0 && <Combobox.Empty>Nothing is called that.</Combobox.Empty>}
            </Combobox.Options>
            {more && (
              <Combobox.Footer id={words} className={classes.more ?? ""}>
                Type to find the others.
              </Combobox.Footer>
            )}
          </Combobox.Dropdown>
        </Combobox>
        <Tooltip
          label={found.to === undefined ? "It leads nowhere yet" : `Go to ‘${found.to.title}’`}
          multiline
          maw={260}
        >
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            className={classes.go ?? ""}
            aria-label={found.to === undefined ? "It leads nowhere yet" : `Go to ‘${found.to.title}’`}
            aria-disabled={found.to === undefined}
            onClick={() => found.to !== undefined && goTo(desk, found.to.id)}
          >
            <IconArrowRight size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      <FieldConflict field={{ step: from.step, field: "lead", port: from.port }} />
    </>
  );
}, isSameLead);

/** What is typed into its step does not concern it. */
function isSameLead(a: LeadsToProps, b: LeadsToProps): boolean {
  return a.label === b.label && a.from.step === b.from.step && a.from.port === b.from.port;
}

const stateOf = ({ to, missing }: Lead) => (missing !== undefined ? "missing" : to === undefined ? "none" : undefined);

function leadWords({ to, missing, ends }: Lead): string {
  if (to !== undefined) return to.title;
  if (missing !== undefined) return "A step that is not there";
  return ends ? "Nowhere: it ends here" : "Nowhere yet";
}

const isTaken = (option: LeadOption, { to, missing }: Lead): boolean =>
  option.kind === "step"
    ? option.step.id === to?.id
    : option.kind === "end" && to === undefined && missing === undefined;

function OptionRow({ option }: { option: LeadOption }) {
  const colour = option.kind === "step" ? KINDS[option.step.kind].colour : undefined;
  const Icon = option.kind === "new" ? IconPlus : option.kind === "end" ? IconFlagOff : KINDS[option.step.kind].icon;
  return (
    <>
      <span className={classes.icon} data-colour={colour}>
        <Icon size={16} stroke={1.8} aria-hidden />
      </span>
      <span className={classes.label} title={option.label}>
        {option.label}
      </span>
      {option.kind !== "new" && (
        <span className={option.kind === "step" ? "parley-unseen" : classes.hint}>{option.hint}</span>
      )}
    </>
  );
}
