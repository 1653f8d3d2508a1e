import { Button, Checkbox, NativeSelect, SegmentedControl, Text } from "@mantine/core";
import { LINK_DAYS, type MadeLink } from "@parley/shared/api/links";
import { IconLink } from "@tabler/icons-react";
import { useState } from "react";
import { useDesk } from "../app/editor/desk.js";
import { OnlyHere } from "../app/OnlyHere.js";
import { Snippet } from "../embed/Snippet.js";
import { QrCode } from "../qr/QrCode.js";
import classes from "./Share.module.css";

const DAYS = [1, LINK_DAYS.usual, LINK_DAYS.most];

/** Makes a link, and shows it: this once. */
export function NewLink({ made }: { made: () => void }) {
  const { api, editor } = useDesk();
  const [shows, setShows] = useState("follows");
  const [drawing, setDrawing] = useState(true);
  const [days, setDays] = useState<number>(LINK_DAYS.usual);
  const [link, setLink] = useState<MadeLink>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const make = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      // What is on the screen is what is meant.
      await editor.getState().flush();
      const body = { follows: shows === "follows", drawing, days };
      setLink((await api("POST /api/flows/{flow}/links", { path: { flow: editor.getState().flowId }, body })).value);
      made();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Text size="sm" mb="sm">
        Whoever has the link can try the draft and comment on it, without an account, and can do nothing else.
      </Text>
      <div className={classes.form}>
        <SegmentedControl
          size="sm"
          aria-label="Which draft it shows"
          value={shows}
          onChange={setShows}
          data={[
            { value: "follows", label: "As it is edited" },
            { value: "now", label: "As it is now" },
          ]}
        />
        <NativeSelect
          size="sm"
          aria-label="How long it is good"
          value={String(days)}
          onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}
          data={DAYS.map((days) => ({ value: String(days), label: days === 1 ? "For a day" : `For ${days} days` }))}
        />
        <Checkbox
          size="sm"
          label="With the drawing beside it"
          checked={drawing}
          onChange={({ currentTarget }) => setDrawing(currentTarget.checked)}
        />
        <Button
          size="sm"
          className={classes.make ?? ""}
          leftSection={<IconLink size={16} aria-hidden />}
          aria-disabled={busy}
          onClick={() => void make()}
        >
          {link === undefined ? "Make a link" : "Make another link"}
        </Button>
      </div>
      {problem !== undefined && (
        <Text size="sm" c="var(--parley-problem)" role="alert">
          {problem}
        </Text>
      )}
      {link !== undefined && <Made link={link} />}
    </>
  );
}

function Made({ link: { url, loopback } }: { link: MadeLink }) {
  return (
    <section className={classes.made} aria-label="The new link">
      <div className={classes.address}>
        <Snippet label="Link" text={url} />
        <Text size="sm" mt={8}>
          Copy it now: it is shown this once.
        </Text>
        {loopback && <OnlyHere address={new URL("/", url).href} />}
      </div>
      {!loopback && <QrCode text={url} label="QR code of the link, for a phone" />}
    </section>
  );
}
