import {
  type CompletionContext,
  type CompletionResult,
  type Completion as Option,
  snippet,
} from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { type Completion, completionsAt } from "./completions.js";
import { type JsonPlace, placeIn } from "./json-place.js";
import type { Known } from "./known.js";

/** Completion of the file's text. `known` gives what the flow has now. */
export function completionSource(known: () => Known) {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const place = placeIn(text, context.pos);
    if (place === undefined || (!context.explicit && place.from === place.to)) return null;
    const inside = place.text?.lastIndexOf("{{") ?? -1;
    const found = completionsAt(place, known());
    if (found.length === 0) return null;
    if (inside >= 0) {
      const from = place.from + 1 + inside + 2;
      return { from, options: found.map((completion) => withWords(completion)), validFor: /^[^{}|"]*$/ };
    }
    const quoted = text[place.from] === '"';
    return {
      from: quoted ? place.from + 1 : place.from,
      options: found.map((completion, index) => option(completion, place, index)),
      validFor: /^[^"\n]*$/,
    };
  };
}

const withWords = ({ label, detail, info }: Completion): Option => ({
  label,
  ...(detail !== undefined && { detail }),
  ...(info !== undefined && { info }),
});

function option(completion: Completion, place: JsonPlace, index: number): Option {
  return {
    ...withWords(completion),
    type: place.at === "key" ? "property" : "text",
    // As they come: what is whole first, fields in the order of the format.
    boost: -index,
    apply: (view, _option, from, to) => put(view, completion, place, from, to),
  };
}

/** Puts a key with what it begins, or a value, in place of what was typed, quotes included. */
function put(view: EditorView, { label, begins }: Completion, { at }: JsonPlace, from: number, to: number): void {
  const { doc } = view.state;
  const begin = doc.sliceString(from - 1, from) === '"' ? from - 1 : from;
  const rest = doc.lineAt(to).text.slice(to - doc.lineAt(to).from);
  const quote = begin < from ? rest.indexOf('"') : -1;
  const end = quote >= 0 ? to + quote + 1 : to;
  const behind = doc.sliceString(end, Math.min(end + 100, doc.length));
  const name = JSON.stringify(label);
  if (at === "value" || /^\s*:/.test(behind)) {
    view.dispatch({
      changes: { from: begin, to: end, insert: name },
      selection: { anchor: begin + name.length },
      userEvent: "input.complete",
    });
    return;
  }
  // What begins a snippet's field is written as it is.
  const key = name.replaceAll("\\", "\\\\").replaceAll("{", "\\{").replaceAll("}", "\\}");
  const comma = /^\s*"/.test(behind) ? "," : "";
  const entry = `${key}: ${begins ?? '"#{}"'}${comma}`;
  // In an object that has nothing yet it has lines of its own.
  const alone = doc.sliceString(begin - 1, begin) === "{" && behind.startsWith("}");
  snippet(alone ? `\n\t${entry.replaceAll("\n", "\n\t")}\n` : entry)(view, null, begin, end);
}
