import type { WhatIfTranscript } from "@parley/shared/api/what-if";
import { type Rename, renameMessage, renameState } from "@parley/shared/flow/rename";
import type { Recording, Sent } from "@parley/shared/session/recording";
import type { WhatIfRun } from "@parley/shared/session/what-if";
import { wordsOf } from "@parley/shared/session/words";

type Row = WhatIfTranscript["rows"][number];
type Said = NonNullable<Row["before"]>;

/** A conversation as it was beside what it would have been, run by run. */
export function besides({ runs }: Recording, { what, rerun }: WhatIfRun, renames: readonly Rename[]): WhatIfTranscript {
  const rows: Row[] = [];
  const put = (before: Said | undefined, after: Said | undefined, differs: boolean) => {
    if ((before?.text ?? "") === "" && (after?.text ?? "") === "") return;
    rows.push({ ...(before && { before }), ...(after && { after }), differs });
  };
  for (const [i, run] of runs.entries()) {
    const now = rerun.runs[i];
    const answered = run.input?.kind === "answer" ? said("visitor", wordsOf(run.input.message)) : undefined;
    const again = now?.input?.kind === "answer" ? said("visitor", wordsOf(now.input.message)) : undefined;
    if (answered || again) put(answered, again, now === undefined || answered?.text !== again?.text);
    const count = Math.max(run.sent.length, now?.sent.length ?? 0);
    for (let k = 0; k < count; k++) {
      const [old, came] = [run.sent[k], now?.sent[k]];
      put(old && bot(old), came && bot(came), !isSame(old, came, renames));
    }
  }
  const { outcome } = what;
  if (outcome === "same") return { outcome, rows };
  const { state, why } = what;
  return { outcome, ...(state !== undefined && { state }), ...(why !== undefined && { why }), rows };
}

const said = (by: Said["by"], text: string): Said => ({ by, text });
const bot = ({ state, message }: Sent): Said => ({ by: "bot", text: wordsOf(message), state });

const isSame = (old: Sent | undefined, came: Sent | undefined, renames: readonly Rename[]): boolean =>
  old !== undefined &&
  came !== undefined &&
  renameState(old.state, renames) === came.state &&
  JSON.stringify(renameMessage(old.message, renames)) === JSON.stringify(came.message);
