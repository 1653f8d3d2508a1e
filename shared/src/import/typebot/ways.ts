import { own } from "../../flow/json.js";
import { type Block, type Export, objects, type Target, text } from "./read-export.js";
import { saysNothing } from "./words.js";

/** What a block is here. `part`: the words of the input behind it; `jump` and `empty`: a way on and nothing else. */
export type Role = "message" | "question" | "text" | "note" | "part" | "jump" | "empty";

const ROLES: Readonly<Record<string, Role>> = {
  __proto__: null as never,
  ...{ "text input": "text", "number input": "text", "email input": "text", "url input": "text" },
  ...{ "phone number input": "text", "date input": "text", "time input": "text" },
  ...{ Jump: "jump", start: "empty" },
};

/** @param picture whether the picture of an image bubble may stand in a text of ours */
export function rolesOf({ blocks, edges }: Export, picture: (block: Block) => boolean): Role[] {
  const roles = blocks.map((block): Role => {
    const { type, content, items, options } = block;
    if (type === "text") return saysNothing(content) ? "empty" : "message";
    if (type === "image") return picture(block) ? "message" : "note";
    if (type === "choice input" || type === "picture choice input") {
      // Buttons that are made of a variable's value are not known here.
      const made = own(options, "dynamicVariableId") ?? own(objectOf(block, "dynamicItems"), "isEnabled");
      return items.length === 0 || (made !== undefined && made !== false && made !== "") ? "note" : "question";
    }
    if (type === "rating input") return "question";
    return ROLES[type] ?? "note";
  });
  // What is said directly before an input is what the input asks.
  return roles.map((role, place) => {
    const next = roles[place + 1];
    const [block, input] = [blocks[place]!, blocks[place + 1]];
    const asks =
      (next === "question" || next === "text") &&
      input?.group === block.group &&
      edges.of(block.edge, block.id) === undefined;
    return role === "message" && block.type === "text" && asks ? "part" : role;
  });
}

const objectOf = ({ options }: Block, key: string) => objects([own(options, key) ?? null])[0] ?? {};

/** Where ways lead, once what is no step of ours is left out of them. */
export class Ways {
  readonly #export: Export;
  readonly #roles: readonly Role[];
  /** The step at each block, or behind it. */
  readonly #found = new Map<number, number | undefined>();

  constructor(read: Export, roles: readonly Role[]) {
    this.#export = read;
    this.#roles = roles;
  }

  /** The block that a target comes to as a step; undefined where the conversation ends. Near linear in all. */
  stepAt(target: Target | undefined): number | undefined {
    const path: number[] = [];
    const seen = new Set<number>();
    let at = target;
    let found: number | undefined;
    while (typeof at === "number" && !seen.has(at)) {
      if (this.#found.has(at)) {
        found = this.#found.get(at);
        break;
      }
      const role = this.#roles[at]!;
      if (role === "message" || role === "question" || role === "text") {
        found = at;
        break;
      }
      seen.add(at);
      path.push(at);
      at = this.#on(at, role);
    }
    for (const place of path) this.#found.set(place, found);
    return found;
  }

  /** Where it goes on from a block: by its own arrow, else to the next in its group. */
  after(place: number): Target | undefined {
    const block = this.#export.blocks[place]!;
    return this.#export.edges.of(block.edge, block.id) ?? this.#below(place);
  }

  /** Where an answer leads: by its own arrow, else on from its question. */
  afterItem(place: number, item: number): Target | undefined {
    const block = this.#export.blocks[place]!;
    const own = block.items[item];
    return (own && this.#edgeOf(block, own)) ?? this.after(place);
  }

  /** Where the arrows of a block's items lead, in their order. */
  itemTargets(place: number): (Target | undefined)[] {
    const block = this.#export.blocks[place]!;
    return block.items.map((item) => this.#edgeOf(block, item));
  }

  #edgeOf(block: Block, item: Block["items"][number]): Target | undefined {
    const id = text(own(item, "id"));
    return this.#export.edges.of(text(own(item, "outgoingEdgeId")) || undefined, block.id, ...(id ? [id] : ["-"]));
  }

  #below(place: number): number | undefined {
    const { blocks } = this.#export;
    return blocks[place + 1]?.group === blocks[place]!.group ? place + 1 : undefined;
  }

  #on(place: number, role: Role): Target | undefined {
    if (role === "part") return place + 1;
    if (role === "jump") {
      const { options } = this.#export.blocks[place]!;
      return this.#export.edges.target(options);
    }
    if (role === "empty") return this.after(place);
    // A note: where none of its cases held, else where its first did.
    return this.after(place) ?? this.itemTargets(place).find((target) => target !== undefined);
  }
}
