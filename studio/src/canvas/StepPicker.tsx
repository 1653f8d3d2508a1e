import { Popover, Text, TextInput } from "@mantine/core";
import { IconCornerDownRight, IconFlagOff, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Picker } from "../app/editor/bench.js";
import { useBench, useDesk, useEditor } from "../app/editor/desk.js";
import { focusSteps } from "../app/editor/steps-focus.js";
import { useTouch } from "../app/use-touch.js";
import { Anchor } from "./Anchor.js";
import { KINDS } from "./kinds.js";
import { type Option, pick, pickerOptions } from "./picker-options.js";
import classes from "./StepPicker.module.css";

/** The list of what can come next: opened by a plus, a dropped edge, or a key. One types to find, Enter takes. */
export function StepPicker() {
  const picker = useBench((bench) => bench.picker);
  const { bench } = useDesk();
  const close = () => {
    bench.setState({ picker: undefined });
    focusSteps();
  };
  return (
    <Popover
      opened={picker !== undefined}
      onChange={(opened) => !opened && close()}
      position="right-start"
      width={344}
      trapFocus
      // By itself it would put the focus back in its own field.
      closeOnEscape={false}
      returnFocus={false}
      // It is there at once: what is typed next is for it.
      transitionProps={{ duration: 0 }}
      shadow="lg"
    >
      <Popover.Target>
        <Anchor at={picker?.anchor} room={ROOM} />
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={picker ? TITLES[picker.purpose] : undefined}>
        {picker !== undefined && <Options picker={picker} close={close} />}
      </Popover.Dropdown>
    </Popover>
  );
}

/** The list at its highest, with the gap beside the anchor. */
const ROOM = { width: 364, height: 372 };
const TITLES = { add: "What comes next", connect: "Where this leads", insert: "What comes in between" } as const;

function Options({ picker, close }: { picker: Picker; close: () => void }) {
  const { editor, canvas } = useDesk();
  const graph = useEditor((state) => state.steps);
  const [words, setWords] = useState("");
  const [current, setCurrent] = useState(0);
  const touch = useTouch();
  const field = useRef<HTMLInputElement>(null);
  const listed = useRef<HTMLDivElement>(null);
  // A finger chooses from the list: the keyboard would cover it, and comes when the search is touched.
  useLayoutEffect(() => (touch ? listed : field).current?.focus({ preventScroll: true }), [touch]);
  const list = useId();
  const options = useMemo(() => pickerOptions(picker, graph, words), [picker, graph, words]);
  const take = (option: Option | undefined) => {
    if (option === undefined) return;
    const { draft, run } = editor.getState();
    const place = (kind: Parameters<NonNullable<typeof canvas.current>["place"]>[0]) =>
      canvas.current?.place(kind, picker.from);
    const picked = pick(draft, picker, option, place);
    close();
    if (picked === undefined) return;
    const { result, label, edge } = picked;
    const placed =
      edge === undefined ? canvas.current?.settled(result) : canvas.current?.between(result, edge, undefined);
    run(placed ?? result, label);
  };
  const go = (to: number) => setCurrent((to + options.length) % Math.max(1, options.length));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") go(current + 1);
    else if (event.key === "ArrowUp") go(current - 1);
    else if (event.key === "Enter") take(options[current]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        ref={field}
        data-autofocus={!touch || undefined}
        data-own-undo
        className={classes.field ?? ""}
        variant="unstyled"
        size="md"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={options[current] && `${list}-${options[current].id}`}
        aria-label={TITLES[picker.purpose]}
        placeholder={TITLES[picker.purpose]}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setCurrent(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        ref={listed}
        role="listbox"
        id={list}
        tabIndex={-1}
        data-autofocus={touch || undefined}
        aria-label={TITLES[picker.purpose]}
        className={classes.list}
        onKeyDown={onKeyDown}
      >
        {options.map((option, index) => (
          <OptionRow
            key={option.id}
            id={`${list}-${option.id}`}
            option={option}
            heading={headingOf(options, index)}
            current={index === current}
            take={() => take(option)}
            point={() => setCurrent(index)}
          />
        ))}
      </div>
      {options.length === 0 && (
        <Text c="dimmed" size="sm" p="md">
          Nothing is called that.
        </Text>
      )}
    </>
  );
}

function headingOf(options: readonly Option[], index: number): string | undefined {
  const { kind } = options[index]!;
  if (kind === options[index - 1]?.kind) return undefined;
  if (kind === "step" && options[0]!.kind === "new") return "Or lead to";
  return undefined;
}

type RowProps = {
  id: string;
  option: Option;
  heading: string | undefined;
  current: boolean;
  take: () => void;
  point: () => void;
};

function OptionRow({ id, option, heading, current, take, point }: RowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const kind = option.kind === "new" ? option.make : option.kind === "step" ? option.step.kind : undefined;
  const Icon = option.kind === "end" ? IconFlagOff : option.kind === "step" ? IconCornerDownRight : KINDS[kind!].icon;
  return (
    <>
      {heading !== undefined && <div className={classes.heading}>{heading}</div>}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the field above has the focus */}
      <div
        ref={row}
        id={id}
        role="option"
        aria-selected={current}
        className={classes.option}
        data-kind={option.kind}
        data-colour={kind && KINDS[kind].colour}
        onClick={take}
        onPointerMove={point}
      >
        <span className={classes.icon}>
          <Icon size={16} stroke={1.8} aria-hidden />
        </span>
        <span className={classes.label} title={option.label}>
          {option.label}
        </span>
        <span className={classes.hint}>{option.hint}</span>
      </div>
    </>
  );
}
