// The kinds of a piece of torture: which tests it runs, and how they are told to take their time.

/**
 * `line`: its figures become a line of the file. `env`: what makes the tests long, by the minutes wanted.
 * @typedef {{ tests: readonly string[], line: boolean, env: (minutes: number) => Record<string, string> }} Kind
 * @type {Readonly<Record<"faults" | "soak" | "storms" | "fuzz", Kind>>}
 */
export const KINDS = {
  faults: {
    tests: ["runtime/src/crash/torture.test.ts"],
    line: true,
    env: (minutes) => ({ TORTURE_MINUTES: String(minutes) }),
  },
  soak: {
    tests: ["runtime/src/crash/soak.test.ts"],
    line: true,
    env: (minutes) => ({ SOAK_MINUTES: String(minutes) }),
  },
  storms: {
    tests: [
      "runtime/src/crash/storms.test.ts",
      "runtime/src/crash/floods.test.ts",
      "runtime/src/crash/fsync.test.ts",
      "runtime/src/crash/drain.test.ts",
    ],
    line: false,
    env: () => ({ STORMS: "1", TORTURE_ACKS: "2000" }),
  },
  fuzz: {
    tests: ["runtime/src/crash/fuzz.test.ts"],
    line: false,
    env: (minutes) => ({ FUZZ_MINUTES: String(minutes) }),
  },
};
