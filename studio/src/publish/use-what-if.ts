import type { Problem } from "@parley/shared/api/problem";
import type { WhatIfLine, WhatIfReport } from "@parley/shared/api/what-if";
import { useEffect, useRef, useState } from "react";
import { useDesk } from "../app/editor/desk.js";

export type WhatIfState =
  | { readonly state: "none" }
  | { readonly state: "running"; readonly done: number; readonly total: number }
  | { readonly state: "ready"; readonly report: WhatIfReport }
  | { readonly state: "failed"; readonly why: string };

const LOST = "The server cannot be reached. Try again.";

/** Plays recorded conversations on the draft, on the server; it stops with the dialog. */
export function useWhatIf() {
  const { editor } = useDesk();
  const [state, setState] = useState<WhatIfState>({ state: "none" });
  const running = useRef<AbortController>(undefined);
  const cancel = () => {
    running.current?.abort();
    running.current = undefined;
    setState({ state: "none" });
  };
  useEffect(() => () => running.current?.abort(), []);
  const run = async (days: number) => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setState({ state: "running", done: 0, total: 0 });
    const tell = (line: WhatIfLine) => {
      if (abort.signal.aborted) return;
      if (line.kind === "progress") setState({ state: "running", done: line.done, total: line.total });
      else if (line.kind === "report") setState({ state: "ready", report: line.report });
      else setState({ state: "failed", why: line.title });
    };
    try {
      await editor.getState().flush();
      const response = await fetch(`/api/flows/${encodeURIComponent(editor.getState().flowId)}/what-if`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ days }),
        signal: abort.signal,
      });
      if (!response.ok || !response.body) {
        const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
        return tell({ kind: "failed", title: problem?.title ?? LOST });
      }
      const last = await readLines(response.body, tell);
      if (last?.kind === "progress") tell({ kind: "failed", title: LOST });
    } catch {
      tell({ kind: "failed", title: LOST });
    }
  };
  return { state, run, cancel };
}

/** @returns the last line */
async function readLines(
  body: ReadableStream<Uint8Array>,
  tell: (line: WhatIfLine) => void,
): Promise<WhatIfLine | undefined> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
    .getReader();
  let rest = "";
  let last: WhatIfLine | undefined;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return last;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      last = JSON.parse(line) as WhatIfLine;
      tell(last);
    }
  }
}
