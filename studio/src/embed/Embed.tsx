import { Anchor, Button, SegmentedControl, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { Fragment, type ReactNode, useEffect, useId, useState } from "react";
import { useDesk } from "../app/editor/desk.js";
import { Loaded } from "../app/Loaded.js";
import { OnlyHere } from "../app/OnlyHere.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { AllowedSites } from "../inspector/AllowedSites.js";
import { DialogSkeleton } from "../publish/DialogSkeleton.js";
import { overlayName } from "../publish/overlay-name.js";
import { useChanged, useLive } from "../publish/use-live.js";
import { BuilderLinks, BuilderSteps } from "./BuilderSteps.js";
import type { Builder } from "./builders.js";
import { PublicPage } from "./PublicPage.js";
import { RefusedSites } from "./RefusedSites.js";
import { Snippet } from "./Snippet.js";
import classes from "./Snippet.module.css";
import { moduleOf, policyOf, tagOf, testPageOf } from "./snippets.js";

/** What is in the dialog: it is loaded when it is first opened. */
export function Embed() {
  const { api } = useSession();
  const { editor } = useDesk();
  const { flowId } = editor.drawn.getState();
  const [builder, setBuilder] = useState<Builder>();
  const [left, setLeft] = useState<string>();
  const { load, retry, reload } = useLoad(async (signal) => {
    const [visitors, refused] = await Promise.all([
      api("GET /api/visitors", { signal }),
      api("GET /api/flows/{flow}/refused-origins", { path: { flow: flowId }, signal }),
    ]);
    return { ...visitors.value, refused: refused.value.origins };
  }, flowId);
  // Back from the site, where it was tried: whether it was refused.
  useEffect(() => {
    window.addEventListener("focus", reload);
    return () => window.removeEventListener("focus", reload);
  }, [reload]);
  const back = () => {
    setLeft(builder?.id);
    setBuilder(undefined);
  };
  return (
    <Loaded load={load} retry={retry} what="The address of this server" loading={<DialogSkeleton />}>
      {({ url, loopback, refused }) => (
        // Steps are a page of their own: nothing on it is what moved from another place.
        <Fragment key={builder?.id}>
          {builder ? (
            <BuilderSteps builder={builder} server={url} flow={flowId} back={back} />
          ) : (
            <>
              <NotYet />
              <Code server={url} flow={flowId} />
              {loopback && <OnlyHere address={url} />}
              <Section title="Step by step">
                <BuilderLinks left={left} open={setBuilder} />
              </Section>
              <Section title="Its own page">
                <PublicPage server={url} loopback={loopback} />
              </Section>
              <Section title="Try it">
                <Anchor href={testPageOf(url, flowId)} target="_blank" rel="noopener" size="sm">
                  Open a page with nothing but the widget <IconExternalLink size={14} aria-hidden />
                </Anchor>
              </Section>
              <Section title="A site with a content security policy">
                <Text size="sm" mb={8}>
                  Besides what it has, it needs this, and nothing inline:
                </Text>
                <Snippet label="Content security policy" text={policyOf(url)} />
              </Section>
            </>
          )}
          <div className={classes.section}>
            <AllowedSites />
          </div>
          <Section title="Refused of late">
            <RefusedSites sites={refused} />
          </Section>
        </Fragment>
      )}
    </Loaded>
  );
}

/** What is shown on a site is what is live. */
function NotYet() {
  const { bench } = useDesk();
  const { version } = useLive();
  const changed = useChanged();
  if (version && !changed) return null;
  return (
    <Text size="sm" mb="md">
      {version
        ? "Sites show what is live, without your unpublished changes."
        : "Nothing is live yet: sites show nothing."}{" "}
      <Button size="compact-sm" variant="light" onClick={() => bench.setState({ over: overlayName("publish") })}>
        Publish…
      </Button>
    </Text>
  );
}

function Code({ server, flow }: { server: string; flow: string }) {
  const [kind, setKind] = useState("tag");
  return (
    <>
      <SegmentedControl
        size="sm"
        mb="sm"
        aria-label="What the site is made with"
        value={kind}
        onChange={setKind}
        data={[
          { value: "tag", label: "Any site" },
          { value: "module", label: "A site with a build" },
        ]}
      />
      {kind === "tag" ? (
        <>
          <Text size="sm" mb={8}>
            Put this line before the end of the page's body:
          </Text>
          <Snippet label="Tag" text={tagOf(server, flow)} />
        </>
      ) : (
        <>
          <Text size="sm" mb={8}>
            A module with types, which does nothing until it is asked to:
          </Text>
          <Snippet label="Module" text={moduleOf(server, flow)} />
        </>
      )}
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
