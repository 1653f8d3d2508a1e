import { PROBLEMS, type Problem, type ProblemCode } from "@parley/shared/api/problem";

/** What a request is answered with when it is not granted: a stable code and one sentence. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  constructor(
    readonly code: ProblemCode,
    title: string,
    readonly extra: Pick<Problem, "errors" | "etag" | "findings" | "live" | "retryAfter"> = {},
  ) {
    super(title);
    this.status = PROBLEMS[code];
  }
}
