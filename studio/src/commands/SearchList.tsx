import { Text, TextInput } from "@mantine/core";
import { IconSearch, type TablerIcon } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import classes from "./SearchList.module.css";

export type ListOption = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon?: TablerIcon;
  /** Of its icon, by the name of a kind's colour. */
  readonly colour?: string;
  /** A key, as a label. */
  readonly keys?: string;
  /** Above the first of several that have the same. */
  readonly heading?: string;
};

type ListProps<Option extends ListOption> = {
  label: string;
  /** What fits the words that were typed. */
  options: readonly Option[];
  words: string;
  search: (words: string) => void;
  take: (option: Option) => void;
  /** Said when nothing fits. */
  empty: ReactNode;
  /** The field has the focus as soon as it is there. */
  focused?: boolean;
  /** Makes options draggable: puts what is dragged on the transfer. */
  drag?: (option: Option, transfer: DataTransfer) => void;
  height?: number;
};

/** A field and what fits it: one types to find, arrows choose, Enter takes. */
export function SearchList<Option extends ListOption>(props: ListProps<Option>) {
  const { label, options, words, search, take, empty, focused, drag, height } = props;
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const [current, setCurrent] = useState(0);
  useLayoutEffect(() => {
    if (focused) field.current?.focus();
  }, [focused]);
  const at = Math.min(current, options.length - 1);
  const go = (to: number) => setCurrent((to + options.length) % Math.max(1, options.length));
  const press = (key: string): boolean => {
    if (key === "ArrowDown") go(at + 1);
    else if (key === "ArrowUp") go(at - 1);
    else if (key !== "Enter") return false;
    else if (options[at] !== undefined) take(options[at]);
    return true;
  };
  return (
    <div className={classes.whole}>
      <TextInput
        ref={field}
        data-own-undo
        data-autofocus={focused || undefined}
        className={classes.field ?? ""}
        variant="unstyled"
        size="md"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={options[at] && optionId(list, options[at].id)}
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={words}
        onChange={(event) => {
          search(event.currentTarget.value);
          setCurrent(0);
        }}
        onKeyDown={(event) => {
          if (!event.nativeEvent.isComposing && press(event.key)) event.preventDefault();
        }}
      />
      <div role="listbox" id={list} aria-label={label} className={classes.list} style={{ maxHeight: height }}>
        {options.map((option, index) => (
          <Row
            key={option.id}
            id={optionId(list, option.id)}
            option={option}
            heading={option.heading === options[index - 1]?.heading ? undefined : option.heading}
            current={index === at}
            take={() => take(option)}
            point={() => setCurrent(index)}
            drag={drag && ((event) => drag(option, event.dataTransfer))}
          />
        ))}
      </div>
      {options.length === 0 && (
        <Text c="dimmed" size="sm" p="md" role="status">
          {empty}
        </Text>
      )}
    </div>
  );
}

const optionId = (list: string, option: string): string => `${list}-${option}`;

type RowProps = {
  id: string;
  option: ListOption;
  heading: string | undefined;
  current: boolean;
  take: () => void;
  point: () => void;
  drag: ((event: DragEvent) => void) | undefined;
};

function Row({ id, option, heading, current, take, point, drag }: RowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const { label, hint, icon: Icon, colour, keys } = option;
  return (
    <>
      {heading !== undefined && (
        <div className={classes.heading} role="presentation">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the field above has the focus */}
      <div
        ref={row}
        id={id}
        role="option"
        aria-selected={current}
        className={classes.option}
        data-colour={colour}
        draggable={drag !== undefined}
        onDragStart={drag}
        // The field keeps the focus.
        onMouseDown={drag === undefined ? (event) => event.preventDefault() : undefined}
        onClick={take}
        onPointerMove={point}
      >
        <span className={classes.icon}>{Icon !== undefined && <Icon size={16} stroke={1.8} aria-hidden />}</span>
        <span className={classes.words}>
          <span className={classes.label}>{label}</span>
          {hint !== undefined && <span className={classes.hint}>{hint}</span>}
        </span>
        {keys !== undefined && <kbd className={classes.keys}>{keys}</kbd>}
      </div>
    </>
  );
}
