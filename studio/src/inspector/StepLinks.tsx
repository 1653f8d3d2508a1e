import { UnstyledButton } from "@mantine/core";
import { useDesk } from "../app/editor/desk.js";
import { KINDS } from "../canvas/kinds.js";
import type { Step } from "../document/steps.js";
import { goTo } from "./gestures.js";
import classes from "./StepLinks.module.css";

/** So many are listed. */
const MOST = 100;

/** Steps by their words, to go to. */
export function StepLinks({ title, steps }: { title: string; steps: readonly Step[] }) {
  const desk = useDesk();
  return (
    <section aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.list}>
        {steps.slice(0, MOST).map((step) => {
          const { icon: Icon, colour, label } = KINDS[step.kind];
          return (
            <li key={step.id}>
              <UnstyledButton className={classes.link} onClick={() => goTo(desk, step.id)}>
                <span className={classes.icon} data-colour={colour}>
                  <Icon size={15} stroke={1.8} aria-label={label} />
                </span>
                <span className={classes.words} title={step.title}>
                  {step.title}
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
      {steps.length > MOST && <p className={classes.more}>And {steps.length - MOST} more.</p>}
    </section>
  );
}
