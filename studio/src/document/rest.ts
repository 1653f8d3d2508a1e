import type { PortRef } from "./commands/command.js";
import type { Step } from "./steps.js";

/**
 * The answer where the others of its question are led that lead nowhere yet: the one in hand, else the last that leads
 * somewhere. Undefined: none leads anywhere, or all do.
 */
export function restOf(step: Pick<Step, "id" | "ports"> | undefined, inHand?: PortRef): PortRef | undefined {
  const ways = step?.ports.filter(({ kind }) => kind !== "then") ?? [];
  if (step === undefined || !ways.some((way) => leadsNowhere(way))) return undefined;
  const leading = ways.filter(({ to }) => to !== undefined);
  const held = inHand?.step === step.id ? leading.find(({ id }) => id === inHand.port) : undefined;
  const from = held ?? leading.at(-1);
  return from && { step: step.id, port: from.id };
}

const leadsNowhere = ({ to, missing }: Step["ports"][number]): boolean => to === undefined && missing === undefined;
