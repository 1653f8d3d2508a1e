import fc, { type Arbitrary } from "fast-check";

const id = fc.constantFrom("a", "b", "c", "d", "e", "f", "__proto__", "");
const words = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    ...[
      "Which?",
      "{{Name}}",
      "Hello {{Name}}, {{Other|x}}",
      "{{=1+1=}}",
      "<b>x</b> &amp; <",
      "</title><script>1</script>",
    ],
    ...["{{a", "{{{{Name}}}}", "…", "12", "- x -> y", "\uf8da\uf8d1\uf8db", "😀".repeat(3_000)],
  ),
);
/** Anything else in place of what belongs there. */
const or = <T>(one: Arbitrary<T>): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 12, arbitrary: one as Arbitrary<unknown> },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
const record = (fields: Readonly<Record<string, Arbitrary<unknown>>>) => fc.record(fields, { requiredKeys: [] });

const leaf = record({ text: words, bold: fc.boolean(), italic: fc.boolean(), code: fc.boolean() });
const { node } = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    record({
      type: fc.constantFrom("p", "a", "ul", "ol", "li", "lic", "h1", "blockquote", "code_block", "what"),
      url: fc.constantFrom("https://a.example", "javascript:1", "/x", "https://a.example/{{Name}}", '"><b>'),
      children: fc.array(tie("node"), { maxLength: 3 }),
    }),
  ),
}));

const TYPES = [
  ...["text", "image", "video", "text input", "email input", "number input", "date input", "choice input", "Condition"],
  ...[
    "picture choice input",
    "rating input",
    "payment input",
    "Jump",
    "Set variable",
    "AB test",
    "Webhook",
    "start",
    "new",
  ],
];
const content = record({
  richText: fc.array(node, { maxLength: 3 }),
  html: words,
  plainText: words,
  url: fc.constantFrom("https://a.example/x.png", "http://a.example", '/x"y', "https://a b"),
  clickLink: record({ url: fc.constantFrom("https://a.example", "x"), alt: words }),
});
const item = record({
  ...{ id, outgoingEdgeId: id, content: or(words), title: words },
  displayCondition: record({ isEnabled: fc.boolean() }),
});
const options = record({
  ...{ variableId: id, groupId: id, blockId: id, isMultipleChoice: fc.boolean(), dynamicVariableId: id },
  ...{ labels: record({ placeholder: words }), length: or(fc.integer()), startsAt: or(fc.integer()) },
});
const block = record({
  ...{ id, type: or(fc.constantFrom(...TYPES)), outgoingEdgeId: or(id), content: or(content), options: or(options) },
  items: or(fc.array(item, { maxLength: 4 })),
});
const place = record({ x: or(fc.double()), y: or(fc.double()) });
const group = record({
  id,
  title: or(words),
  graphCoordinates: or(place),
  blocks: or(fc.array(block, { maxLength: 6 })),
});
const edge = record({
  id,
  from: or(record({ blockId: id, itemId: id, eventId: id })),
  to: or(record({ groupId: id, blockId: id })),
});

/** JSON of the rough shape of a Typebot export, most of it right. */
export const roughExport = (): Arbitrary<unknown> =>
  record({
    version: or(fc.constantFrom("3", "4", "5", "6", "6.1")),
    name: or(words),
    groups: fc.array(or(group), { maxLength: 6 }),
    edges: fc.array(or(edge), { maxLength: 12 }),
    events: or(
      fc.array(record({ id, type: fc.constantFrom("start", "command"), outgoingEdgeId: id }), { maxLength: 2 }),
    ),
    variables: or(
      fc.array(record({ id, name: fc.constantFrom("Name", "It", "="), value: or(words) }), { maxLength: 3 }),
    ),
    theme: or(
      record({ chat: record({ hostAvatar: record({ url: words }), buttons: record({ backgroundColor: words }) }) }),
    ),
    settings: or(record({ metadata: record({ title: words }) })),
  });
