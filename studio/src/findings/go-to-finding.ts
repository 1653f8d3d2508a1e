import type { Finding } from "@parley/shared/flow/finding";
import { showPanel } from "../app/editor/bench.js";
import type { Desk } from "../app/editor/desk.js";
import { caretOf } from "../inspector/caret.js";
import { fieldOfFinding } from "../inspector/fields.js";

/** Goes to what a finding is about: its step is selected and in view, the keyboard in the field that mends it. */
export function goToFinding(desk: Desk, finding: Finding): void {
  const { bench, canvas, editor } = desk;
  const { steps, select } = editor.getState();
  const field = fieldOfFinding(steps, finding);
  if (field === undefined) return;
  select([field.step]);
  bench.setState({
    // It may have been told in a dialog.
    over: undefined,
    edge: undefined,
    port: field.port === undefined ? undefined : { step: field.step, port: field.port },
  });
  canvas.current?.reveal(field.step);
  showPanel(bench, "right", "inspector");
  caretOf(editor).setState({ wanted: field });
}
