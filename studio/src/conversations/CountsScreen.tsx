import { Skeleton, Text, UnstyledButton } from "@mantine/core";
import type { FlowCounts } from "@parley/shared/api/conversations";
import { IconChartBar } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { Notice } from "../app/Notice.js";
import { Page } from "../app/Page.js";
import { useSession } from "../app/session.js";
import { share } from "../canvas/overlay-paint.js";
import { type AboutFlow, AreaHead } from "./AreaHead.js";
import { CatchingUp } from "./CatchingUp.js";
import classes from "./CountsScreen.module.css";
import { FilterBar } from "./FilterBar.js";
import { filterQuery } from "./filter.js";
import { useFilter } from "./use-filter.js";
import { useKeptLoad } from "./use-kept-load.js";
import { VersionCanvas } from "./VersionCanvas.js";

const MOST_STOPS = 8;
/** Of what happens in a burst, one reading is enough; ms. */
const AGAIN_AFTER = 1_000;

/** How many conversations came by each step and each answer, and where they stopped. */
export function CountsScreen({ flow }: { flow: AboutFlow }) {
  const { api, socket } = useSession();
  const [filter, change] = useFilter();
  const query = useMemo(() => {
    const { version, from, to } = filterQuery(filter, new Date());
    return { ...(version && { version }), ...(from && { from }), ...(to && { to }) };
  }, [filter]);
  const { load, retry, reload } = useKeptLoad(
    async (signal) => (await api("GET /api/flows/{flow}/counts", { path: { flow: flow.id }, query, signal })).value,
    JSON.stringify(query),
  );
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = socket.listen((news) => {
      if (news.kind !== "Opened" && (news.kind !== "ConversationsChanged" || news.flow !== flow.id)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, AGAIN_AFTER);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [socket, flow.id, reload]);
  const so = load.state === "ready" ? load.value.catchingUp : undefined;
  const versions = load.state === "ready" ? load.value.versions.map(({ version }) => version).reverse() : [];
  // All versions together are painted on the newest.
  const version = filter.version === undefined ? (flow.live ?? versions[0]) : Number(filter.version);
  return (
    <Page filled>
      <div className={classes.screen}>
        <div className={classes.head}>
          <AreaHead flow={flow} here="counts" />
          <FilterBar short filter={filter} change={change} versions={versions} />
          <CatchingUp so={so} reload={reload} />
        </div>
        <Loaded
          load={load}
          retry={retry}
          what="The counts"
          loading={<Skeleton className={classes.both ?? ""} radius={0} />}
        >
          {(counts) =>
            counts.conversations === 0 || version === undefined ? (
              so === undefined && (
                <Notice icon={IconChartBar} title="Nothing to count">
                  Nobody has talked in this version and time.
                </Notice>
              )
            ) : (
              <Both flow={flow.id} version={version} counts={counts} />
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

function Both({ flow, version, counts }: { flow: string; version: number; counts: FlowCounts }) {
  const [shown, setShown] = useState<string>();
  const overlay = useMemo(
    () => ({
      counts: new Map(
        counts.states.map(({ state, conversations, stopped }) => [state, { came: conversations, stopped }] as const),
      ),
    }),
    [counts],
  );
  return (
    <div className={classes.both}>
      <aside className={classes.side} aria-label="In short">
        <Short counts={counts} show={setShown} />
      </aside>
      <VersionCanvas flow={flow} version={version} layer="counts" overlay={overlay} reveal={shown} />
    </div>
  );
}

type ShortProps = { counts: FlowCounts; show: (state: string) => void };

function Short({ counts: { conversations, ended, waiting, states }, show }: ShortProps) {
  const stops = states
    .filter(({ stopped }) => stopped > 0)
    .sort((a, b) => b.stopped - a.stopped)
    .slice(0, MOST_STOPS);
  return (
    <>
      <dl className={classes.numbers}>
        <Figure words="Conversations" number={conversations.toLocaleString("en")} />
        <Figure words="Ended" number={`${ended.toLocaleString("en")} (${share(ended, conversations)})`} />
        <Figure words="Waiting" number={waiting.toLocaleString("en")} />
      </dl>
      {stops.length > 0 && (
        <>
          <Text component="h2" fw={600} size="sm" mt="md" mb={4}>
            Where most stop
          </Text>
          <ol className={classes.stops}>
            {stops.map(({ state, words, conversations: came, stopped }) => (
              <li key={state}>
                <UnstyledButton className={classes.step ?? ""} onClick={() => show(state)}>
                  {words ?? state}
                </UnstyledButton>
                <span className={classes.of}>
                  {stopped} of {came}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function Figure({ words, number }: { words: string; number: string }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{number}</dd>
    </div>
  );
}
