import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { BUILDERS, type Builder } from "./builders.js";
import { Snippet } from "./Snippet.js";
import classes from "./Snippet.module.css";

type LinksProps = {
  /** The one that was left just now: it gets the keyboard back. */
  left: string | undefined;
  open: (builder: Builder) => void;
};

/** The tools whose steps are known. */
export function BuilderLinks({ left, open }: LinksProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = BUILDERS.findIndex(({ id }) => id === left);
    if (place >= 0) list.current?.querySelectorAll("button")[place]?.focus();
  }, [left]);
  return (
    <Group ref={list} gap={8}>
      {BUILDERS.map((builder) => (
        <Button key={builder.id} variant="default" size="compact-sm" onClick={() => open(builder)}>
          {builder.name}
        </Button>
      ))}
    </Group>
  );
}

type StepsProps = { builder: Builder; server: string; flow: string; back: () => void };

/** What to do in a tool that makes sites, one step after the other. */
export function BuilderSteps({ builder, server, flow, back }: StepsProps) {
  const { name, needs, steps, snippet, sites } = builder;
  const leave = useRef<HTMLButtonElement>(null);
  useEffect(() => leave.current?.focus(), []);
  return (
    <>
      <Group gap={6} mb={4}>
        <ActionIcon ref={leave} variant="subtle" color="gray" size={36} aria-label="Back" onClick={back}>
          <IconArrowLeft size={19} aria-hidden />
        </ActionIcon>
        <h3 className={classes.builder}>{name}</h3>
      </Group>
      {needs !== undefined && (
        <Text size="sm" c="dimmed" mb={4}>
          It takes: {needs}
        </Text>
      )}
      <ol className={classes.steps} aria-label={`Steps in ${name}`}>
        {steps.map((step) => (
          <li key={step.text}>
            {worded(step.text)}
            {step.snippet && <Snippet label={`For ${name}`} text={snippet(server, flow)} />}
          </li>
        ))}
        <li>Allow the site below, as it stands in the browser's address: {sites}.</li>
      </ol>
    </>
  );
}

/** Words of the tool's own screen are set apart. */
const worded = (text: string) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text do not move
  text.split("*").map((part, i) => (i % 2 === 1 ? <b key={i}>{part}</b> : part));
