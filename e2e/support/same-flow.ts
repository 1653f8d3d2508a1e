import type { FlowFile, FlowState } from "./flow-file.js";

/**
 * A flow with the names and ids of another one, each of its own changed to one of the other's. States, answers and chats
 * are paired by walking both flows from their starts. Whether they are the same flow is then whether they are equal: a
 * wrong pair cannot make them so, since no two names become one.
 * @throws when two names would become one, or a name would be two
 */
export function withNamesOf(flow: FlowFile, wanted: FlowFile): FlowFile {
  const pairs = new Pairs(flow, wanted);
  const { states, groups, items, chats } = pairs;
  const renamed = Object.entries(flow).map(([name, state]): [string, FlowState] => {
    const rename = <Part extends FlowState["sendRequest"] | FlowState["matchResponse"]>(part: Part): Part => {
      if (part === undefined) return part;
      const { groupId, sessionId } = part;
      return {
        ...part,
        ...(groupId !== undefined && { groupId: groups.get(groupId) }),
        ...(sessionId !== undefined && { sessionId: chats.get(sessionId) }),
        ...("itemId" in part && { itemId: items.get(`${groupId} ${part.itemId}`) }),
        ...("choices" in part && {
          choices: part.choices?.map((choice) => ({ ...choice, itemId: items.get(`${groupId} ${choice.itemId}`) })),
        }),
      };
    };
    const { sendRequest, matchResponse, next } = state;
    return [
      states.get(name) ?? name,
      {
        ...(sendRequest && { sendRequest: rename(sendRequest) }),
        ...(matchResponse && { matchResponse: rename(matchResponse) }),
        ...(next !== undefined && { next: states.get(next) ?? next }),
      },
    ];
  });
  return Object.fromEntries(renamed);
}

class Pairs {
  readonly states = new Map<string, string>();
  readonly groups = new Map<string, string>();
  readonly chats = new Map<string, string>();
  /** By the group's own id and the item's, with a space between. */
  readonly items = new Map<string, string>();
  readonly #flow: FlowFile;
  readonly #wanted: FlowFile;

  constructor(flow: FlowFile, wanted: FlowFile) {
    this.#flow = flow;
    this.#wanted = wanted;
    this.#walk(Object.keys(flow)[0], Object.keys(wanted)[0]);
    for (const map of [this.states, this.groups, this.chats])
      if (new Set(map.values()).size !== map.size) throw new Error(`two names become one: ${JSON.stringify([...map])}`);
  }

  #walk(name: string | undefined, wantedName: string | undefined): void {
    if (name === undefined || wantedName === undefined || !pair(this.states, name, wantedName)) return;
    const [state, wanted] = [this.#flow[name], this.#wanted[wantedName]];
    this.#walk(state?.next, wanted?.next);
    const [asks, wantedAsks] = [state?.sendRequest, wanted?.sendRequest];
    if (asks?.groupId !== undefined && wantedAsks?.groupId !== undefined) {
      pair(this.groups, asks.groupId, wantedAsks.groupId);
      asks.choices?.forEach(({ itemId }, index) => {
        const other = wantedAsks.choices?.[index]?.itemId;
        if (other === undefined) return;
        pair(this.items, `${asks.groupId} ${itemId}`, other);
        this.#walk(taker(this.#flow, asks.groupId, itemId), taker(this.#wanted, wantedAsks.groupId, other));
      });
    }
    if (asks?.sessionId !== undefined && wantedAsks?.sessionId !== undefined) {
      pair(this.chats, asks.sessionId, wantedAsks.sessionId);
      this.#walk(reader(this.#flow, asks.sessionId), reader(this.#wanted, wantedAsks.sessionId));
    }
  }
}

/** @returns whether they are a new pair */
function pair(map: Map<string, string>, name: string, wanted: string): boolean {
  const known = map.get(name);
  if (known !== undefined && known !== wanted) throw new Error(`‘${name}’ would be ‘${known}’ and ‘${wanted}’`);
  map.set(name, wanted);
  return known === undefined;
}

/** The state that takes an answer. */
const taker = (flow: FlowFile, group: string | undefined, item: string): string | undefined =>
  Object.keys(flow).find((name) => {
    const match = flow[name]?.matchResponse;
    return match?.groupId === group && match?.itemId === item;
  });

/** The state that takes any text of a chat. */
const reader = (flow: FlowFile, chat: string): string | undefined =>
  Object.keys(flow).find((name) => {
    const match = flow[name]?.matchResponse;
    return match?.sessionId === chat && match.content === undefined;
  });
