import type { Point } from "@parley/shared/flow/layout";
import ELK from "elkjs/lib/elk-api.js";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import { layOutColumns, weightOf } from "./layout-columns.js";
import { elkGraph, type LayoutTask, positionsOf } from "./layout-graph.js";

/** What ELK has to work on grows with the columns that edges cross: beyond this it would take many seconds. */
const TOO_HEAVY = 20_000;

let elk: InstanceType<typeof ELK> | undefined;

/**
 * Lays steps out from left to right, in a worker. This file is loaded when something is first laid out.
 * @returns positions by step, the first step at the origin
 */
export async function layOut(task: LayoutTask): Promise<Map<string, Point>> {
  if (weightOf(task) > TOO_HEAVY) return layOutColumns(task);
  elk ??= new ELK({ workerFactory: () => new Worker(workerUrl) });
  return positionsOf(task, await elk.layout(elkGraph(task)));
}
