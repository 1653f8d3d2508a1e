/** An error that ends the process with one sentence for the user: what, where, what to do. */
export class UserError extends Error {
  override readonly name = "UserError";
  constructor(
    /** Stable, for scripts. */
    readonly code: string,
    message: string,
    options?: { cause?: unknown; exitCode?: number },
  ) {
    super(message, options);
    this.exitCode = options?.exitCode ?? 1;
  }
  readonly exitCode: number;
}

/** What went wrong, as text, whatever was thrown. */
export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
