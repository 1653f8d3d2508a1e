import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { PERSON_WORDS, STATUS_WORDS } from "@parley/shared/api/conversations";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./Area.module.css";
import { type Filter, SPANS } from "./filter.js";
import type { useFilter } from "./use-filter.js";

type Choice = { readonly value: string; readonly label: string };
type FilterBarProps = {
  filter: Filter;
  change: ReturnType<typeof useFilter>[1];
  /** What there is to choose from; absent: that is not asked. */
  flows?: readonly Choice[];
  versions?: readonly number[];
  waits?: readonly Choice[];
  /** Only version and time. */
  short?: boolean;
};
/** Of what somebody types, the end is searched for; ms. */
const TYPED = 250;

/** What a list is narrowed to. */
export function FilterBar({ filter, change, flows, versions, waits, short = false }: FilterBarProps) {
  const choose = (name: keyof Filter) => (event: { currentTarget: HTMLSelectElement | HTMLInputElement }) =>
    change({ [name]: event.currentTarget.value || undefined });
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is not known to every browser
    <div role="search" aria-label="Which conversations" className={classes.filters}>
      {!short && <Words text={filter.text ?? ""} change={(text) => change({ text: text || undefined })} />}
      {flows && (
        <NativeSelect
          aria-label="Flow"
          value={filter.flow ?? ""}
          onChange={choose("flow")}
          data={[{ value: "", label: "All flows" }, ...flows]}
        />
      )}
      {versions && (
        <NativeSelect
          aria-label="Version"
          value={filter.version ?? ""}
          onChange={choose("version")}
          data={[
            { value: "", label: "All versions" },
            ...versions.map((version) => ({ value: String(version), label: `Version ${version}` })),
          ]}
        />
      )}
      {!short && (
        <NativeSelect
          aria-label="Status"
          value={filter.person === undefined ? (filter.status ?? "") : `${PERSON}${filter.person}`}
          onChange={(event) => change(standing(event.currentTarget.value))}
          data={[
            { value: "", label: "Any status" },
            ...Object.entries(STATUS_WORDS).map(([value, label]) => ({ value, label })),
            ...Object.entries(PERSON_WORDS).map(([value, label]) => ({ value: `${PERSON}${value}`, label })),
          ]}
        />
      )}
      {waits && (
        <NativeSelect
          aria-label="Where it waits"
          value={filter.waits ?? ""}
          onChange={choose("waits")}
          data={[{ value: "", label: "At any step" }, ...waits]}
        />
      )}
      <NativeSelect
        aria-label="When it began"
        value={filter.span}
        onChange={(event) => change({ span: event.currentTarget.value, from: undefined, to: undefined })}
        data={SPANS.map(({ value, label }) => ({ value, label }))}
      />
      {filter.span === "days" && (
        <>
          <TextInput type="date" aria-label="From" value={filter.from ?? ""} onChange={choose("from")} />
          <TextInput type="date" aria-label="To" value={filter.to ?? ""} onChange={choose("to")} />
        </>
      )}
    </div>
  );
}

const PERSON = "person ";
/** What was chosen of how far a conversation is, or with whom. */
const standing = (value: string) => ({
  status: value.startsWith(PERSON) || value === "" ? undefined : value,
  person: value.startsWith(PERSON) ? value.slice(PERSON.length) : undefined,
});

function Words({ text, change }: { text: string; change: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const later = useDebouncedCallback(change, TYPED);
  return (
    <TextInput
      className={classes.words ?? ""}
      type="search"
      aria-label="Search what was said"
      placeholder="Search what was said"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      maxLength={200}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        later(event.currentTarget.value.trim());
      }}
    />
  );
}
