import { Button, Group, Text } from "@mantine/core";
import type { RefusedOrigins } from "@parley/shared/api/versions";
import { useState } from "react";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { ago } from "../app/flows/ago.js";
import { useSession } from "../app/session.js";
import { setSetting } from "../document/commands/settings.js";
import { MOST } from "../inspector/setting-rules.js";
import classes from "./Snippet.module.css";

/** The sites that wanted to show this flow of late and may not. Only the owner allows one, and is asked once more. */
export function RefusedSites({ sites }: { sites: RefusedOrigins["origins"] }) {
  const { editor } = useDesk();
  const { me } = useSession();
  const readOnly = useReadOnly();
  const allowed = useEditor((state) => state.draft.settings.origins) ?? [];
  const [asking, setAsking] = useState<string>();
  const isOwner = me.rights.includes("access:manage");
  const full = allowed.length >= MOST.origins;
  const shown = sites.filter(({ origin }) => !allowed.includes(origin));
  const allow = (origin: string) => {
    const { draft, run } = editor.getState();
    const value = [...(draft.settings.origins ?? []), origin];
    run(setSetting(draft, { key: "origins", value }), "Allow a site");
    setAsking(undefined);
  };
  if (shown.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No other site has tried of late.
      </Text>
    );
  }
  return (
    <ul className={classes.sites} aria-label="Sites that were refused">
      {shown.map(({ origin, count, at }) => (
        <li key={origin} className={classes.site}>
          <span className={classes.origin}>
            {asking === origin && full ? (
              <>
                {MOST.origins} sites are allowed already, the most there can be. Remove one, then allow <b>{origin}</b>.
              </>
            ) : asking === origin ? (
              <>
                Allow <b>{origin}</b> to show this flow? It is a change of the draft, and holds once that is published.
              </>
            ) : (
              <>
                <b>{origin}</b> tried to load this bot {since(at, Date.now())}
                {count > 1 && `, ${count} times in all`}
              </>
            )}
          </span>
          {isOwner &&
            (asking === origin ? (
              <Group gap={6} wrap="nowrap">
                <Button size="compact-sm" variant="default" onClick={() => setAsking(undefined)}>
                  Cancel
                </Button>
                {!full && (
                  <Button size="compact-sm" onClick={() => allow(origin)}>
                    Allow this site
                  </Button>
                )}
              </Group>
            ) : (
              <Button
                size="compact-sm"
                variant="light"
                aria-label={`Allow ${origin}`}
                aria-disabled={readOnly}
                onClick={() => !readOnly && setAsking(origin)}
              >
                Allow
              </Button>
            ))}
        </li>
      ))}
    </ul>
  );
}

/** As `ago`, and to the second where it has just been tried. */
function since(at: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(at)) / 1000);
  return seconds >= 1 && seconds < 60 ? `${seconds} s ago` : ago(at, now);
}
