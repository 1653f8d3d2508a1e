import fc from "fast-check";

/**
 * The plan of a conversation: the grammar that flows are generated from. Numbers pick from the pools of `words.ts`
 * (see `build-flow.ts`), so that plans shrink to short ones.
 */
export type Block = Say | Ask | Chat | HandOver;
export type Say = { readonly is: "say"; readonly text: Text };
export type Ask = {
  readonly is: "ask";
  readonly id: number;
  readonly question: Text;
  /** The first item leads on; the others where they say. */
  readonly items: readonly { readonly text: Text; readonly leads: Lead }[];
  /** Goes on at once and leaves the question open beside what follows. */
  readonly goesOn: boolean;
};
export type Chat = {
  readonly is: "chat";
  readonly id: number;
  readonly prompt: Text | undefined;
  readonly said: Text | undefined;
  /** Texts with a state of their own. */
  readonly expected: readonly { readonly text: number; readonly leads: Lead }[];
  /** Whether any other text has a state. */
  readonly other: boolean;
  /** Whether the bot talks on after a text without closing the session. */
  readonly stays: boolean;
};
export type HandOver = {
  readonly is: "hand over";
  readonly id: number;
  readonly said: Text | undefined;
  readonly queue: number | undefined;
  /** Seconds; none: the visitor waits as long as it takes. */
  readonly timeout: number | undefined;
  /** Where nobody is there it leads on. */
  readonly closed: Lead;
  readonly late: Lead;
};
/** Picks of the parts of a text. */
export type Text = readonly number[];
/** On to what follows, back to the question around it, asked again in other words, or somewhere of its own. */
export type Lead = "on" | "back" | "again" | "fewer" | readonly Block[];

export type Plan = {
  readonly blocks: readonly Block[];
  /** Picks of the names of states. */
  readonly names: readonly number[];
  /** Some ids are numbers. */
  readonly numbers: boolean;
  /** Texts hold markup that is dropped or cut. */
  readonly hostile: boolean;
  readonly schemaKey: boolean;
};

const pick = fc.nat({ max: 9_999 });
const text = fc.array(pick, { minLength: 1, maxLength: 4 });
/** Rarely true, and false when it shrinks. */
const seldom = fc.nat({ max: 9 }).map((n) => n === 9);

type Grammar = { blocks: Block[]; block: Block; lead: Lead };
const grammar = (people: boolean): fc.Arbitrary<Block[]> =>
  fc.letrec<Grammar>((tie) => ({
    lead: fc.oneof(
      { weight: 3, arbitrary: fc.constant("on") },
      { weight: 2, arbitrary: fc.constantFrom("back", "again", "back", "again", "fewer") },
      { weight: 1, arbitrary: tie("blocks") },
    ),
    block: fc.oneof(
      { weight: 2, arbitrary: fc.record({ is: fc.constant("say"), text }) },
      {
        weight: 3,
        arbitrary: fc.record({
          is: fc.constant("ask"),
          id: pick,
          question: text,
          items: fc.array(fc.record({ text, leads: tie("lead") }), { minLength: 1, maxLength: 4 }),
          goesOn: seldom,
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          is: fc.constant("chat"),
          id: pick,
          prompt: fc.option(text, { nil: undefined }),
          said: fc.option(text, { nil: undefined }),
          expected: fc.array(fc.record({ text: pick, leads: tie("lead") }), { maxLength: 2 }),
          other: seldom.map((never) => !never),
          stays: seldom,
        }),
      },
      ...(people
        ? [
            {
              weight: 6,
              arbitrary: fc.record({
                is: fc.constant("hand over"),
                id: pick,
                said: fc.option(text, { nil: undefined }),
                queue: fc.option(pick, { nil: undefined }),
                timeout: fc.option(fc.integer({ min: 1, max: 86_400 }), { nil: undefined }),
                closed: tie("lead"),
                late: tie("lead"),
              }),
            },
          ]
        : []),
    ),
    blocks: fc.array(tie("block"), { minLength: 1, maxLength: 3, depthIdentifier: "plan" }),
  })).blocks as fc.Arbitrary<Block[]>;

const planWith = (numbers: fc.Arbitrary<boolean>, hostile: fc.Arbitrary<boolean>, people = false): fc.Arbitrary<Plan> =>
  fc.record({
    blocks: fc.array(grammar(people), { minLength: 1, maxLength: 2 }).map((parts) => parts.flat()),
    names: fc.array(pick, { minLength: 1, maxLength: 8 }),
    numbers,
    hostile,
    schemaKey: seldom,
  });

/** Plans of flows without errors. */
export const plans = planWith(seldom, fc.constant(false));
/** The same with hand-offs to people. */
export const plansOfPeople = planWith(seldom, fc.constant(false), true);
/** Plans of flows without errors and hand-offs, with texts full of broken markup. */
export const hostilePlans = planWith(seldom, fc.constant(true));
