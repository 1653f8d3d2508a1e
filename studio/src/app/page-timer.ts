/** Runs something so many ms from now, in the page. @returns takes it back */
export const pageTimer = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
