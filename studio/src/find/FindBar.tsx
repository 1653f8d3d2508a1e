import { ActionIcon, SegmentedControl, TextInput, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconSearch, IconX, type TablerIcon } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useBench, useDesk, useEditor } from "../app/editor/desk.js";
import { focusSteps } from "../app/editor/steps-focus.js";
import { useMarks } from "../app/editor/use-marks.js";
import { FIND_FIELD } from "./actions.js";
import classes from "./FindBar.module.css";
import { type Among, type Match, matchFrom, search } from "./search.js";

/** So long after what was typed last, in milliseconds, the others step back. */
const PAUSE_MS = 80;

/** The search, while it is open. */
export function FindBar() {
  const finding = useBench((bench) => bench.finding);
  return finding ? <Bar /> : null;
}

function Bar() {
  const { bench, editor, canvas } = useDesk();
  const [words, setWords] = useState("");
  const [among, setAmong] = useState<Among>("all");
  const field = useRef<HTMLInputElement>(null);
  const matches = useMatches(words, among);
  const { at, go } = useHere(matches, `${among} ${words}`);
  useEffect(() => field.current?.select(), []);
  const close = () => {
    bench.setState({ finding: false, found: undefined });
    focusSteps();
    const item = editor.getState().selection.at(-1);
    if (item !== undefined) canvas.current?.reveal(item);
  };
  const asked = words.trim() !== "" || among !== "all";
  return (
    <search className={classes.bar} aria-label="Find in this flow">
      <div className={classes.line}>
        <TextInput
          ref={field}
          id={FIND_FIELD}
          data-own-undo
          className={classes.field ?? ""}
          variant="unstyled"
          aria-label="Find in this flow"
          placeholder="Find words, names, IDs"
          autoComplete="off"
          spellCheck={false}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
            else if (event.key === "Escape") close();
            else return;
            event.preventDefault();
          }}
        />
        <span className={classes.count} role="status">
          {asked && countWords(at, matches.length)}
        </span>
        <Tool label="Previous" keys="Shift+Enter" icon={IconArrowUp} run={() => go(-1)} />
        <Tool label="Next" keys="Enter" icon={IconArrowDown} run={() => go(1)} />
        <Tool label="Close the search" keys="Esc" icon={IconX} run={close} />
      </div>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Among"
        value={among}
        onChange={(value) => setAmong(value as Among)}
        data={[
          { value: "all", label: "Everything" },
          { value: "problems", label: "With problems" },
          { value: "hints", label: "With hints" },
        ]}
      />
    </search>
  );
}

function countWords(at: number, count: number): string {
  if (count === 0) return "Nothing";
  return at < 0 ? `${count} found` : `${at + 1} of ${count}`;
}

/** What is found now; others step back on the drawing and in the outline. */
function useMatches(words: string, among: Among): readonly Match[] {
  const { bench } = useDesk();
  const graph = useEditor((state) => state.steps);
  const layout = useEditor((state) => state.draft.layout);
  const marks = useMarks(graph);
  const matches = useMemo(() => search({ graph, layout, marks, words, among }), [graph, layout, marks, words, among]);
  useEffect(() => {
    const sought = words.trim() !== "" || among !== "all";
    const found = sought ? new Set(matches.map(({ item }) => item)) : undefined;
    // All of the drawing changes with it: not with each key.
    const timer = setTimeout(() => bench.setState({ found }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [bench, matches, words, among]);
  return matches;
}

/** Which match is in hand, and the way to the others. Another question brings the next match, another draft does not. */
function useHere(matches: readonly Match[], question: string): { at: number; go: (by: -1 | 0 | 1) => void } {
  const { bench, canvas, editor } = useDesk();
  const item = useEditor(({ selection }) => selection.at(-1));
  const port = useBench((bench) => bench.port);
  const here: Match | undefined =
    item === undefined ? undefined : { item, ...(port?.step === item && { port: port.port }) };
  const at = matches.findIndex((match) => match.item === here?.item && match.port === here.port);
  const go = (by: -1 | 0 | 1) => {
    const order = new Map(editor.getState().steps.steps.map(({ id }, index) => [id, index]));
    const match = matches[matchFrom(matches, here, by, order)];
    if (match === undefined) return;
    editor.getState().select([match.item]);
    bench.setState({
      edge: undefined,
      port: match.port === undefined ? undefined : { step: match.item, port: match.port },
    });
    canvas.current?.reveal(match.item);
  };
  const goHere = useRef(go);
  goHere.current = go;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when something else is asked
  useEffect(() => goHere.current(0), [question]);
  return { at, go };
}

function Tool({ label, keys, icon: Icon, run }: { label: string; keys: string; icon: TablerIcon; run: () => void }) {
  return (
    <Tooltip label={`${label} (${keys})`}>
      <ActionIcon variant="subtle" color="gray" size={32} aria-label={label} onClick={run}>
        <Icon size={17} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
