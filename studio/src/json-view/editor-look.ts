import { syntaxTree } from "@codemirror/language";
import { type Extension, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";

const MARKS: Readonly<Record<string, Decoration>> = Object.fromEntries(
  ["PropertyName", "String", "Number", "True", "False", "Null"].map((name) => [
    name,
    Decoration.mark({ class: `parley-json-${name.toLowerCase()}` }),
  ]),
);
const STATE = Decoration.mark({ class: "parley-json-state" });

/** Colours what is seen: the names of states stand out. */
const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = colour(view);
    }
    update({ docChanged, viewportChanged, startState, state, view }: ViewUpdate): void {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state))
        this.decorations = colour(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function colour(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: ({ name, from, to, node }) => {
        const mark = name === "PropertyName" && isState(node) ? STATE : MARKS[name];
        if (mark !== undefined) builder.add(from, to, mark);
      },
    });
  }
  return builder.finish();
}

/** A key of the outermost object. */
const isState = (node: { parent: Parent }): boolean => node.parent?.parent?.parent?.name === "JsonText";
type Parent = { readonly name: string; readonly parent: Parent } | null;

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--parley-text)", backgroundColor: "var(--parley-panel)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mantine-font-family-monospace)",
    fontSize: "var(--mantine-font-size-xs)",
    lineHeight: "20px",
  },
  ".cm-content": { padding: "8px 0", caretColor: "var(--parley-text)" },
  ".cm-gutters": {
    color: "var(--parley-muted)",
    backgroundColor: "var(--parley-panel)",
    border: "none",
    borderRight: "1px solid var(--parley-line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--parley-page)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--parley-start-soft)", outline: "none" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--parley-problem-soft)" },
  ".parley-json-state": { color: "var(--parley-message)", fontWeight: "600" },
  ".parley-json-propertyname": { color: "var(--parley-question)" },
  ".parley-json-string": { color: "var(--parley-start)" },
  ".parley-json-number, .parley-json-true, .parley-json-false, .parley-json-null": { color: "var(--parley-other)" },
  ".cm-foldPlaceholder": {
    padding: "0 6px",
    color: "var(--parley-muted)",
    backgroundColor: "var(--parley-page)",
    border: "1px solid var(--parley-line)",
  },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--parley-problem)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--parley-hint)" },
  ".cm-gutter-lint": { width: "16px" },
  ".cm-lint-marker": { width: "12px", height: "12px", content: "normal", borderRadius: "50%" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--parley-problem)" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "var(--parley-hint)" },
  ".cm-tooltip": {
    color: "var(--parley-text)",
    backgroundColor: "var(--parley-panel)",
    border: "1px solid var(--parley-line)",
    borderRadius: "var(--mantine-radius-md)",
    boxShadow: "var(--parley-card-shadow-raised)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    maxWidth: "min(380px, 95vw)",
    maxHeight: "16em",
    fontFamily: "var(--mantine-font-family)",
    fontSize: "var(--mantine-font-size-sm)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "4px 8px",
    overflow: "hidden",
    textOverflow: "ellipsis",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    color: "var(--parley-text)",
    backgroundColor: "var(--parley-select-soft)",
  },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--parley-muted)" },
  ".cm-completionMatchedText": { fontWeight: "600", textDecoration: "none" },
  ".cm-tooltip.cm-completionInfo": { padding: "8px", fontSize: "var(--mantine-font-size-sm)" },
  ".cm-diagnostic": {
    padding: "6px 8px",
    fontFamily: "var(--mantine-font-family)",
    fontSize: "var(--mantine-font-size-sm)",
    borderLeft: "3px solid transparent",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--parley-problem)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--parley-hint)" },
  ".cm-diagnosticAction": {
    padding: "2px 8px",
    color: "var(--parley-select)",
    backgroundColor: "var(--parley-select-soft)",
    borderRadius: "var(--mantine-radius-sm)",
  },
  ".cm-panels": { color: "var(--parley-text)", backgroundColor: "var(--parley-page)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--parley-line)" },
  ".cm-searchMatch": { backgroundColor: "var(--parley-hint-soft)" },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "var(--parley-select-soft)" },
});

/** How the text looks, by the theme of the studio. */
export const editorLook: Extension = [theme, colours];
