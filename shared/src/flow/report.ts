import { FINDING_CODES, type Finding, type FindingCode, type Fix } from "./finding.js";
import { type Path, toPointer } from "./pointer.js";

/** At most so many findings; the last of them then says that there are more. */
export const MAX_FINDINGS = 1000;
/** And their pointers together so many characters: a name of a million may stand in each. */
const MAX_POINTERS = 1_000_000;

export type Words = {
  readonly message: string;
  readonly plain: string;
  readonly fix?: Fix | undefined;
  readonly variable?: string;
};
/** Where a finding is: the state (its place in the file and its name) and the path inside it. */
export type Place = {
  readonly state: { readonly index: number; readonly name: string } | undefined;
  readonly path: Path;
};

/** Collects findings up to the limit. The words of one are made only when it is kept. */
export class Report {
  readonly #found: { readonly order: number; readonly finding: Finding }[] = [];
  #more: Finding | undefined;
  #pointers = 0;

  /** Nothing more will be kept: a rule may stop. */
  get full(): boolean {
    return this.#more !== undefined;
  }

  add(code: FindingCode, { state, path }: Place, words: () => Words): void {
    if (this.#more) return;
    const pointer = toPointer(state ? [state.name, ...path] : path);
    this.#pointers += pointer.length;
    if (this.#found.length === MAX_FINDINGS || (this.#pointers > MAX_POINTERS && this.#found.length > 0)) {
      this.#found.length = Math.min(this.#found.length, MAX_FINDINGS - 1);
      this.#more = moreFindings(code, this.#found.length);
      return;
    }
    const { fix, ...texts } = words();
    const finding: Finding = {
      code,
      severity: FINDING_CODES[code],
      ...(state && { state: state.name }),
      pointer,
      ...texts,
      ...(fix && { fix }),
    };
    this.#found.push({ order: state ? state.index : -1, finding });
  }

  /** In the order of the file; what concerns the whole flow comes first. */
  findings(): Finding[] {
    const sorted = this.#found.toSorted((a, b) => a.order - b.order).map((found) => found.finding);
    return this.#more ? [...sorted, this.#more] : sorted;
  }
}

/** Joins the findings of two passes within the limit; those of the first come first. */
export function joinFindings(first: readonly Finding[], second: readonly Finding[]): Finding[] {
  const all = [...first, ...second];
  if (all.length <= MAX_FINDINGS) return all;
  const left = all[MAX_FINDINGS - 1]!;
  return [...all.slice(0, MAX_FINDINGS - 1), moreFindings(left.code, MAX_FINDINGS - 1)];
}

/** The last finding of a list that was cut: it has the code of the first that was left out. */
function moreFindings(code: FindingCode, listed: number): Finding {
  return {
    code,
    severity: FINDING_CODES[code],
    pointer: "",
    message: `There are more findings than the ${listed} listed. Correct some and check again.`,
    plain: "There is more to correct than can be listed here. Correct some of it first.",
  };
}
