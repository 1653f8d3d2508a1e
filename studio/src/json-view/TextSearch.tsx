import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  replaceAll,
  replaceNext,
  SearchQuery,
  setSearchQuery,
} from "@codemirror/search";
import type { EditorView } from "@codemirror/view";
import { ActionIcon, Button, TextInput, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconLetterCase, IconX, type TablerIcon } from "@tabler/icons-react";
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { isMac, matches } from "../app/editor/keys.js";
import classes from "./TextSearch.module.css";

/** Find and replace in the text. */
export function TextSearch({ view, readOnly }: { view: EditorView; readOnly: boolean }) {
  const [query, setQuery] = useState(() => getSearchQuery(view.state));
  const mac = isMac();
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), []);
  const ask = (change: { search?: string; replace?: string; caseSensitive?: boolean }) => {
    const { search, replace, caseSensitive } = query;
    const next = new SearchQuery({ search, replace, caseSensitive, literal: true, ...change });
    setQuery(next);
    view.dispatch({ effects: setSearchQuery.of(next) });
  };
  const close = () => {
    closeSearchPanel(view);
    view.focus();
  };
  const keys = (onEnter: (back: boolean) => void) => (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") onEnter(event.shiftKey);
    else if (event.key === "Escape") close();
    else if (matches("mod+f", event.nativeEvent, mac)) field.current?.select();
    else return;
    event.preventDefault();
  };
  return (
    <search className={classes.search} aria-label="Find in the text">
      <div className={classes.line}>
        <TextInput
          ref={field}
          data-own-undo
          size="xs"
          className={classes.field ?? ""}
          aria-label="Find in the text"
          placeholder="Find"
          value={query.search}
          onChange={(event) => ask({ search: event.currentTarget.value })}
          onKeyDown={keys((back) => (back ? findPrevious : findNext)(view))}
        />
        <Tool
          label="Match the case"
          icon={IconLetterCase}
          pressed={query.caseSensitive}
          run={() => ask({ caseSensitive: !query.caseSensitive })}
        />
        <Tool label="Previous (Shift+Enter)" icon={IconArrowUp} run={() => findPrevious(view)} />
        <Tool label="Next (Enter)" icon={IconArrowDown} run={() => findNext(view)} />
        <Tool label="Close the search (Esc)" icon={IconX} run={close} />
      </div>
      {!readOnly && (
        <div className={classes.line}>
          <TextInput
            data-own-undo
            size="xs"
            className={classes.field ?? ""}
            aria-label="Replace with"
            placeholder="Replace with"
            value={query.replace}
            onChange={(event) => ask({ replace: event.currentTarget.value })}
            onKeyDown={keys(() => replaceNext(view))}
          />
          <Button size="compact-sm" variant="default" onClick={() => replaceNext(view)}>
            Replace
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => replaceAll(view)}>
            All
          </Button>
        </div>
      )}
    </search>
  );
}

type ToolProps = { label: string; icon: TablerIcon; pressed?: boolean; run: () => void };

function Tool({ label, icon: Icon, pressed, run }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={pressed ? "light" : "subtle"}
        color={pressed ? "iris" : "gray"}
        size={28}
        aria-label={label}
        aria-pressed={pressed}
        onClick={run}
      >
        <Icon size={16} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
