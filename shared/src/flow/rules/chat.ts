import { type Graph, stepsOf } from "../graph.js";
import type { Chat, Model, ModelState } from "../model.js";
import { describe, named } from "../wording.js";
import { type Checked, inFlow, inState } from "./rule.js";

/** So many steps for each state the search may take in all. */
const STEPS_PER_STATE = 20;

/**
 * `chat-never-closed` and `close-without-open`: one search from each `StartChatSession`, which stops where that session
 * is closed. Hostile flows make such searches quadratic, so past a number of steps they stop and say so.
 */
export function chatSessions({ model, graph, report }: Checked): void {
  const search = new Search(model, graph);
  for (const chat of model.chats.values()) {
    const open = chat.starts.filter((start) => search.from(start, chat));
    for (const start of open) {
      report.add("chat-never-closed", inState(start), () => ({
        message: `State ${named(start.name)}: a conversation can come to its end without an EndChatSession for ${named(chat.id)}.`,
        plain: `${describe(start)} can stay open after everything is said. End it on every path.`,
      }));
    }
    if (search.stopped) break;
    for (const end of chat.ends) {
      if (search.passed(end)) continue;
      report.add("close-without-open", inState(end, "sendRequest"), () => ({
        message: `State ${named(end.name)}: no path to it opens chat session ${named(chat.id)}.`,
        plain: `${describe(end)} comes where it was not begun.`,
      }));
    }
  }
  if (search.stopped) {
    report.add("chat-never-closed", inFlow, () => ({
      message: `The search for chat sessions that are never closed, or closed without being open, was stopped after ${search.steps} steps; there may be more of them.`,
      plain: "There are too many text questions that stay open to follow them all. End some of them first.",
    }));
  }
}

class Search {
  readonly #model: Model;
  readonly #graph: Graph;
  readonly #limit: number;
  /** The number of the search that saw a node last. */
  readonly #seen: Int32Array;
  readonly #passed: Uint8Array;
  #number = 0;
  steps = 0;
  stopped = false;

  constructor(model: Model, graph: Graph) {
    this.#model = model;
    this.#graph = graph;
    this.#limit = STEPS_PER_STATE * model.states.length;
    this.#seen = new Int32Array(graph.size);
    this.#passed = new Uint8Array(model.states.length);
  }

  /** Whether the end was reached while its session was open. */
  passed(end: ModelState): boolean {
    return this.#passed[end.index] === 1;
  }

  /** Whether a state where the conversation rests with nothing more to open can be reached with `chat` open. */
  from(start: ModelState, chat: Chat): boolean {
    const { offsets, edges } = this.#graph;
    const number = ++this.#number;
    const todo = [start.index];
    this.#seen[start.index] = number;
    let endsLeft = chat.ends.length;
    let found = false;
    while (todo.length > 0 && !(found && endsLeft === 0)) {
      if (this.steps >= this.#limit) {
        this.stopped = true;
        return found;
      }
      const node = todo.pop()!;
      this.steps += stepsOf(this.#graph, node, this.#model.states.length);
      const state = this.#model.states[node];
      if (state?.ends === chat) {
        this.#passed[node] = 1;
        endsLeft -= 1;
        continue;
      }
      found ||= state !== undefined && isLast(state);
      for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
        const to = edges[edge]!;
        if (this.#seen[to] === number) continue;
        this.#seen[to] = number;
        todo.push(to);
      }
    }
    return found;
  }
}

const isLast = (state: ModelState): boolean =>
  !state.goesOn && !state.broken && !state.group && !state.starts && !state.handOff;
