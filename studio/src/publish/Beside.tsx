import { Skeleton, Text } from "@mantine/core";
import type { WhatIfTranscript } from "@parley/shared/api/what-if";
import { Fragment } from "react";
import { useDesk } from "../app/editor/desk.js";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import classes from "./WhatIf.module.css";

type Said = WhatIfTranscript["rows"][number]["before"];

/** One conversation as it was, and beside it as it would have been on the draft. */
export function Beside({ conversation }: { conversation: string }) {
  const { api } = useSession();
  const { flowId } = useDesk().editor.drawn.getState();
  const { load, retry } = useLoad(async (signal) => {
    const path = { flow: flowId, conversation };
    return (await api("GET /api/flows/{flow}/what-if/{conversation}", { path, signal })).value;
  }, conversation);
  return (
    <Loaded load={load} retry={retry} what="The conversation" loading={<Skeleton height={120} my={8} />}>
      {({ rows, why }) => (
        <>
          <div className={classes.columns}>
            <span className={classes.columnHead}>As it was</span>
            <span className={classes.columnHead}>On the draft</span>
            {rows.map(({ before, after, differs }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what was said does not move
              <Fragment key={i}>
                <Bubble said={before} differs={differs} />
                <Bubble said={after} differs={differs} />
              </Fragment>
            ))}
          </div>
          {why !== undefined && WHYS[why] !== undefined && (
            <Text size="sm" pb={6}>
              {WHYS[why]}
            </Text>
          )}
        </>
      )}
    </Loaded>
  );
}

const WHYS: Readonly<Record<string, string>> = {
  "state-gone": "The step that asked is gone.",
  "not-asked": "The visitor would not have been asked this.",
  "answer-gone": "The answer is not offered any more.",
  "leads-nowhere": "The answer is offered and leads nowhere.",
  "text-unexpected": "The text is not among those expected.",
  failed: "The conversation would have come to something broken.",
  "dead-end": "The conversation would have ended, though it went on.",
};

function Bubble({ said, differs }: { said: Said; differs: boolean }) {
  if (said === undefined || said.text === "") return <span />;
  return (
    <span className={classes.said} data-by={said.by} data-differs={differs || undefined}>
      {said.text}
    </span>
  );
}
