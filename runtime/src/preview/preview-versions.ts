import type { Program } from "@parley/shared/flow/compile";
import type { Settings } from "@parley/shared/flow/settings";
import type { Beginning } from "@parley/shared/record";
import type { Version } from "../registry/registry.js";

type Draft = { readonly program: Program; readonly version: Version };

/**
 * The drafts of previews, as proxy and workflow ask for versions: a preview is the flow, each draft of it a version.
 * A draft goes when no session is on it any more.
 */
export class PreviewVersions {
  readonly #drafts = new Map<string, Map<number, Draft>>();

  /** Makes a draft the newest of its preview. `start`: where conversations begin, instead of its first state. */
  add(preview: string, version: number, draft: { program: Program; settings: Settings; start?: string }): void {
    const { program, settings, start } = draft;
    const drafts = this.#drafts.get(preview) ?? new Map<number, Draft>();
    drafts.set(version, {
      program: start === undefined ? program : { ...program, start },
      version: { flow: preview, version, digest: "", settings, by: "", note: "", at: "" },
    });
    this.#drafts.set(preview, drafts);
  }

  /** Forgets the drafts of a preview that are older than this one; without a number all. */
  drop(preview: string, below = Number.POSITIVE_INFINITY): void {
    const drafts = this.#drafts.get(preview);
    for (const version of drafts?.keys() ?? []) if (version < below) drafts!.delete(version);
    if (drafts?.size === 0) this.#drafts.delete(preview);
  }

  last(preview: string): Version | undefined {
    return [...(this.#drafts.get(preview)?.values() ?? [])].at(-1)?.version;
  }

  live(preview: string): Version | undefined {
    return this.last(preview);
  }

  beginning(preview: string): Beginning | undefined {
    const last = [...(this.#drafts.get(preview)?.values() ?? [])].at(-1);
    return last && { flow: preview, version: last.version.version, step: last.program.step };
  }

  program({ flow, version }: Pick<Beginning, "flow" | "version">): Program | undefined {
    return this.#drafts.get(flow)?.get(version)?.program;
  }

  /** Nobody waits: a draft is there before a session begins on it. */
  onPublished(): () => void {
    return () => undefined;
  }
}
