import { Button, Text, Textarea } from "@mantine/core";
import { MAX_NOTE } from "@parley/shared/api/versions";
import { check } from "@parley/shared/flow/check";
import { changedSettings, noteOf } from "@parley/shared/flow/compare-words";
import { type ReactNode, useId, useMemo, useState } from "react";
import { ApiError } from "../api.js";
import { useDesk, useEditor } from "../app/editor/desk.js";
import type { PlacedFinding } from "../app/editor/shown-findings.js";
import { ago } from "../app/flows/ago.js";
import { useSession } from "../app/session.js";
import { placeOfFinding, readSteps } from "../document/steps.js";
import { FindingList } from "../findings/FindingList.js";
import { DiffList } from "./DiffList.js";
import { differs } from "./live.js";
import classes from "./PublishDialog.module.css";
import { publish } from "./publish.js";
import { RunningList } from "./RunningList.js";
import type { Publishing } from "./read-publishing.js";
import { diffSteps } from "./step-diff.js";
import { TestsFare } from "./TestsFare.js";
import { WhatIf } from "./WhatIf.js";

type PublishFormProps = {
  publishing: Publishing;
  back: string | undefined;
  /** Why it was refused, in a sentence. */
  why: string | undefined;
  setWhy: (why: string | undefined) => void;
  /** Somebody else was first: reads everything again. */
  again: (why: string) => void;
  done: (version: number) => void;
  close: () => void;
};

/** What would be published, over what, and whom it concerns. */
export function PublishForm({ publishing, back, why, setWhy, again, done, close }: PublishFormProps) {
  const desk = useDesk();
  const { me } = useSession();
  const draft = useEditor((state) => state.draft);
  const unread = useEditor((state) => state.text !== undefined);
  const { live, source, running, so, versions } = publishing;
  const next = source ?? draft;
  const over = live.version;
  const about = useMemo(() => {
    const diff = over && diffSteps(over.flow, next.flow);
    const settings = over ? changedSettings(over.settings, next.settings) : [];
    return { diff, settings };
  }, [over, next]);
  const { problems, hints } = useMemo(() => findingsOf(next), [next]);
  const auto = autoNote(publishing, back, next, about);
  const [typed, setTyped] = useState<string>();
  const [busy, setBusy] = useState(false);
  const note = typed ?? auto;
  const whyNot = !desk.mayWrite
    ? "You can look at this flow and not publish it."
    : back === undefined && unread
      ? "Nothing can be published while the text of the file cannot be read."
      : back === undefined && problems.length > 0
        ? `${problems.length === 1 ? "A problem keeps" : `${problems.length} problems keep`} this flow from being published.`
        : over && !differs(next, over)
          ? `Version ${over.version} is live and says the same.`
          : undefined;
  const submit = async () => {
    setBusy(true);
    setWhy(undefined);
    try {
      done(await publish(desk, { back, over: over?.version ?? 0, note: note.trim() }));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const raced = error instanceof ApiError && (error.code === "other-version" || error.code === "changed");
      if (raced) again(message);
      else setWhy(message);
    } finally {
      setBusy(false);
    }
  };
  const go = (step: string) => {
    close();
    desk.editor.getState().select([step]);
    desk.canvas.current?.reveal(step, true);
  };
  return (
    <>
      <Text size="sm" mb="md">
        {overWords(publishing, back)}
      </Text>
      {back === undefined && problems.length > 0 && (
        <Section title="Problems">
          <div className={classes.findings}>
            <FindingList label="Problems" shown={problems} small />
          </div>
        </Section>
      )}
      {about.diff && (
        <Section title="What differs">
          <DiffList diff={about.diff} settings={about.settings} {...(back === undefined && { go })} />
        </Section>
      )}
      {publishing.missing > 0 && (
        <Section title="Pictures">
          <Text size="sm" c="var(--parley-problem)">
            {publishing.missing === 1
              ? "A picture that it shows is"
              : `${publishing.missing} pictures that it shows are`}{" "}
            not on this server: visitors read the alternative text instead. Add what is missing again, or take it out.
          </Text>
        </Section>
      )}
      {back === undefined && hints.length > 0 && (
        <Section title={`Hints (${hints.length})`}>
          <div className={classes.findings}>
            <FindingList label="Hints" shown={hints.slice(0, 20)} small />
          </div>
        </Section>
      )}
      {back === undefined && (
        <Section title="Tests">
          <TestsFare />
        </Section>
      )}
      {back === undefined && over && me.rights.includes("conversations:read") && (
        <Section title="What would have happened">
          <WhatIf />
        </Section>
      )}
      <Section title="Conversations under way">
        <RunningList running={running} so={so} versions={versions} />
      </Section>
      <div className={classes.section}>
        <Textarea
          label="Note"
          description="What this version is about, for whoever looks at the list later."
          autosize
          minRows={2}
          maxRows={6}
          maxLength={MAX_NOTE}
          data-own-undo
          classNames={{ input: classes.note ?? "" }}
          value={note}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <div className={classes.foot}>
        <span className={classes.why} role="alert">
          {why ?? whyNot}
        </span>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button
          aria-disabled={whyNot !== undefined || busy}
          data-disabled={whyNot !== undefined}
          onClick={() => whyNot === undefined && !busy && void submit()}
        >
          {back === undefined ? "Publish" : "Make it live"}
        </Button>
      </div>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h3 id={id} className={classes.heading}>
        {title}
      </h3>
      {children}
    </section>
  );
}

type Next = Pick<NonNullable<Publishing["source"]>, "flow" | "settings">;

function findingsOf({ flow, settings }: Next): { problems: PlacedFinding[]; hints: PlacedFinding[] } {
  const graph = readSteps({ flow, layout: {}, settings: {} });
  const placed = check(flow, settings.variables ? { variables: settings.variables } : {}).map((finding) => ({
    finding,
    place: placeOfFinding(graph, finding),
  }));
  return {
    problems: placed.filter(({ finding }) => finding.severity === "error"),
    hints: placed.filter(({ finding }) => finding.severity !== "error"),
  };
}

function overWords({ live: { version, down } }: Publishing, back: string | undefined): string {
  const one = back === undefined ? "This" : `Version ${back}`;
  if (version) {
    return `${one} takes the place of version ${version.version}, live since ${ago(version.at, Date.now())}, by ${version.by}.`;
  }
  if (down)
    return `${one} is live again: version ${down.version} was taken down ${ago(down.at, Date.now())} by ${down.by}.`;
  return "This is the first version: from then on visitors can talk to it.";
}

function autoNote(
  { live }: Publishing,
  back: string | undefined,
  next: Next,
  { diff, settings }: { diff: ReturnType<typeof diffSteps> | undefined; settings: readonly string[] },
): string {
  if (back !== undefined) return `Back to version ${back}`;
  if (!live.version) return live.down ? "Live again" : "First version";
  return diff ? noteOf(diff.comparison, { from: live.version.flow, to: next.flow }, settings.length > 0) : "";
}
