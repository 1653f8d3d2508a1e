import { ColorInput } from "@mantine/core";
import { FLOW_COLOURS } from "../theme/theme.js";
import { useChecked } from "./CheckedField.js";
import { readColour } from "./setting-rules.js";

type ColourFieldProps = { value: string | undefined; readOnly: boolean; change: (colour: string | undefined) => void };

/** The colour of the flow, typed or picked. */
export function ColourField({ value, readOnly, change }: ColourFieldProps) {
  const { text, why, type, leave } = useChecked(value ?? "", readColour, (colour) => change(colour || undefined));
  return (
    <ColorInput
      label="Colour"
      description="Of the button, the header and answers."
      placeholder={FLOW_COLOURS[0]}
      format="hex"
      fixOnBlur={false}
      withEyeDropper={false}
      swatches={[...FLOW_COLOURS]}
      swatchesPerRow={8}
      readOnly={readOnly}
      value={text}
      error={why}
      onChange={type}
      onBlur={leave}
    />
  );
}
