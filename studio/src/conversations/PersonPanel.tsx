import { Button, Group, Text } from "@mantine/core";
import { IconArrowBackUp, IconHandStop } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useSession } from "../app/session.js";
import { Composer } from "./Composer.js";
import { MendMenu, type StepInHand } from "./MendMenu.js";
import classes from "./PersonPanel.module.css";
import { useDeeds } from "./use-deeds.js";
import { useOwnTyping, useVisitorTyping } from "./use-typing.js";
import type { Watched } from "./use-watched.js";

type PanelProps = {
  flow: string;
  id: string;
  watched: Watched;
  step: StepInHand | undefined;
  /** Beside what mends it. */
  doctor: ReactNode;
};

/** Who has the conversation, and what somebody may do about that: take it over, write to the visitor, give it back. */
export function PersonPanel({ flow, id, watched, step, doctor }: PanelProps) {
  const { me } = useSession();
  const { act: last, holder } = watched;
  const deeds = useDeeds(flow, id, watched);
  const { busy, problem } = deeds;
  const visitorTypes = useVisitorTyping(id, watched.events);
  const types = useOwnTyping();
  const mine = holder?.by === `person:${me.name}`;
  const mend = (
    <>
      {doctor}
      <MendMenu deeds={deeds} watched={watched} step={step} />
    </>
  );
  const takeOver = () =>
    void deeds.act({ kind: "Takeover", name: me.shown ?? me.name, ...(last !== undefined && { after: last }) });
  return (
    <section className={classes.panel} aria-label="Who answers">
      <Text size="xs" c="dimmed" className={classes.typing ?? ""} aria-live="polite">
        {visitorTypes && "The visitor is typing…"}
      </Text>
      {mine && last !== undefined ? (
        <Composer flow={flow} busy={busy} types={types} say={(text) => deeds.act({ kind: "Say", act: last, text })}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconArrowBackUp size={15} aria-hidden />}
            disabled={busy}
            onClick={() => void deeds.act({ kind: "GiveBack", after: last })}
          >
            Give back to the bot
          </Button>
          {mend}
        </Composer>
      ) : (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" c="dimmed">
            {holder === undefined
              ? "The bot answers this visitor."
              : holder.by === undefined
                ? "Nobody answers: this visitor waits for a person."
                : `${holder.name ?? "Somebody"} answers this visitor.`}
          </Text>
          <Group gap="xs" wrap="nowrap" style={{ flex: "none" }}>
            {mend}
            <Button
              size="xs"
              variant={holder?.by === undefined ? "filled" : "default"}
              leftSection={<IconHandStop size={15} aria-hidden />}
              loading={busy}
              onClick={takeOver}
            >
              {holder?.by === undefined ? "Take over" : `Take it from ${holder.name ?? "them"}`}
            </Button>
          </Group>
        </Group>
      )}
      {problem !== undefined && (
        <Text size="sm" c="var(--parley-problem)" role="alert" mt="xs">
          {problem}
        </Text>
      )}
    </section>
  );
}
