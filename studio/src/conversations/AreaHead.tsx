import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { answersPath, conversationsPath, countsPath, flowPath } from "../app/router.js";
import { StudioLink } from "../app/StudioLink.js";
import { mayReadConversations, useSession } from "../app/session.js";
import classes from "./Area.module.css";

/** A flow as the screens about its conversations know it. `title` is empty until it is loaded. */
export type AboutFlow = { readonly id: string; readonly title: string; readonly live: number | undefined };
type Here = "conversations" | "answers" | "counts";

/** The title of a screen, the ways to the other screens of the flow, and what can be done. */
export function AreaHead({ flow, here, children }: { flow?: AboutFlow; here: Here; children?: ReactNode }) {
  return (
    <div className={classes.head}>
      <div className={classes.names}>
        <Title order={1}>{flow ? flow.title || "\u00a0" : "Conversations"}</Title>
        {flow && <FlowLinks flow={flow.id} here={here} />}
      </div>
      <div className={classes.tools}>{children}</div>
    </div>
  );
}

function FlowLinks({ flow, here }: { flow: string; here: Here }) {
  const { me } = useSession();
  const reads = mayReadConversations(me);
  const links = [
    { to: flowPath(flow), label: "Drawing", at: undefined },
    ...(reads ? [{ to: conversationsPath(flow), label: "Conversations", at: "conversations" }] : []),
    ...(reads ? [{ to: answersPath(flow), label: "Answers", at: "answers" }] : []),
    { to: countsPath(flow), label: "Counts", at: "counts" },
  ];
  return (
    <nav aria-label="About this flow" className={classes.links}>
      {links.map(({ to, label, at }) => (
        <StudioLink key={to} to={to} underline="never" className={classes.link ?? ""} current={at === here}>
          {label}
        </StudioLink>
      ))}
    </nav>
  );
}
