import { FINDING_CODES, type Finding, type FindingCode, type Fix } from "./finding.js";
import { type Path, toPointer } from "./pointer.js";

/** At most so many findings; the last of them then says that there are more. */
export const MAX_FINDINGS = 1000;

export type Words = { readonly message: string; readonly plain: string; readonly fix?: Fix | undefined };
/** Where a finding is: the state (its place in the file and its name) and the path inside it. */
export type Place = {
  readonly state: { readonly index: number; readonly name: string } | undefined;
  readonly path: Path;
};

/** Collects findings up to the limit. The words of one are made only when it is kept. */
export class Report {
  readonly #found: { readonly order: number; readonly finding: Finding }[] = [];
  #more: Finding | undefined;

  /** Nothing more will be kept: a rule may stop. */
  get full(): boolean {
    return this.#more !== undefined;
  }

  add(code: FindingCode, { state, path }: Place, words: () => Words): void {
    if (this.#more) return;
    if (this.#found.length === MAX_FINDINGS) {
      this.#more = moreFindings(code);
      return;
    }
    const { fix, ...texts } = words();
    const finding: Finding = {
      code,
      severity: FINDING_CODES[code],
      ...(state && { state: state.name }),
      pointer: toPointer(state ? [state.name, ...path] : path),
      ...texts,
      ...(fix && { fix }),
    };
    this.#found.push({ order: state ? state.index : -1, finding });
  }

  /** In the order of the file; what concerns the whole flow comes first. */
  findings(): Finding[] {
    const kept = this.#more ? this.#found.slice(0, MAX_FINDINGS - 1) : this.#found;
    const sorted = kept.toSorted((a, b) => a.order - b.order).map((found) => found.finding);
    return this.#more ? [...sorted, this.#more] : sorted;
  }
}

/** Joins the findings of two passes within the limit; those of the first come first. */
export function joinFindings(first: readonly Finding[], second: readonly Finding[]): Finding[] {
  const all = [...first, ...second];
  if (all.length <= MAX_FINDINGS) return all;
  const left = all[MAX_FINDINGS - 1]!;
  return [...all.slice(0, MAX_FINDINGS - 1), moreFindings(left.code)];
}

/** The last finding of a list that was cut: it has the code of the first that was left out. */
function moreFindings(code: FindingCode): Finding {
  return {
    code,
    severity: FINDING_CODES[code],
    pointer: "",
    message: `There are more than ${MAX_FINDINGS - 1} findings; the rest are not listed. Correct some and check again.`,
    plain: "There is more to correct than can be listed here. Correct some of it first.",
  };
}
