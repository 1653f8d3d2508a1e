import { Slider } from "@mantine/core";
import classes from "./Preview.module.css";

type MomentSliderProps = { count: number; at: number; words: string; change: (to: number) => void };

/** Any moment among the answers, by a drag. */
export function MomentSlider({ count, at, words, change }: MomentSliderProps) {
  return (
    <Slider
      className={classes.slider ?? ""}
      size="sm"
      min={0}
      max={count}
      value={at}
      label={null}
      thumbLabel="Moment of the conversation"
      thumbProps={{ "aria-valuetext": words }}
      onChange={change}
    />
  );
}
