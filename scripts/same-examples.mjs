// Property tests draw the same examples in every run, so that a change fails for what it changed and for nothing else.
// `PARLEY_SEED=7 npx vitest run` looks for others; a failure prints what repeats it.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.PARLEY_SEED ?? 2026) });
