import { ColorInput } from "@mantine/core";
import { useChecked } from "./CheckedField.js";
import { readColour } from "./setting-rules.js";

/** Colours that go with many pages, to begin with. */
const SWATCHES = ["#3557b7", "#0f766b", "#2d7d46", "#8a5a12", "#c2410c", "#c22f3d", "#7a4cc2", "#1d232d"];

type ColourFieldProps = { value: string | undefined; readOnly: boolean; change: (colour: string | undefined) => void };

/** The colour of the flow, typed or picked. */
export function ColourField({ value, readOnly, change }: ColourFieldProps) {
  const { text, why, type, leave } = useChecked(value ?? "", readColour, (colour) => change(colour || undefined));
  return (
    <ColorInput
      label="Colour"
      description="Of the button, the header and answers."
      placeholder="#3557b7"
      format="hex"
      fixOnBlur={false}
      withEyeDropper={false}
      swatches={SWATCHES}
      swatchesPerRow={8}
      readOnly={readOnly}
      value={text}
      error={why}
      onChange={type}
      onBlur={leave}
    />
  );
}
