/** Calls back at a time, ms since 1970, or soon after; what it gives takes that back. */
export type Alarm = (time: number, wake: () => void) => () => void;

/** By the machine's timers. */
export const timerAlarm =
  (now: () => number): Alarm =>
  (time, wake) => {
    const timer = setTimeout(wake, Math.max(0, time - now()));
    return () => clearTimeout(timer);
  };
