import { correction, generate } from "lean-qr";
import { toSvgPath } from "lean-qr/extras/svg";
import classes from "./QrCode.module.css";

/** Modules of white around a code: cameras need it to find its corners. */
const QUIET = 4;

/** An address for the camera of a phone. Dark on white in both looks: not every camera reads it the other way round. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const size = code.size + 2 * QUIET;
  return (
    <svg className={classes.code} viewBox={`${-QUIET} ${-QUIET} ${size} ${size}`} role="img" aria-label={label}>
      <path d={toSvgPath(code)} />
    </svg>
  );
}
