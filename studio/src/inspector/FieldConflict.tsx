import { useDesk, useEditor } from "../app/editor/desk.js";
import { ConflictChoice } from "./ConflictChoice.js";
import { caretOf, type Field } from "./caret.js";
import { conflictOf } from "./conflict-words.js";

/** What somebody else made of this field meanwhile, if so: one chooses. */
export function FieldConflict({ field }: { field: Field }) {
  const { editor } = useDesk();
  const conflict = useEditor(({ conflicts, steps }) => conflictOf(conflicts, steps, field));
  const goBack = () => caretOf(editor).setState({ wanted: field });
  return conflict ? <ConflictChoice conflict={conflict} chosen={goBack} /> : null;
}
