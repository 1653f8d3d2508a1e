import { Text } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./PanelHead.module.css";

type PanelHeadProps = {
  icon: TablerIcon;
  /** Name of a pair of the theme's colours. */
  colour?: string;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
};

/** What is being edited, and what can be done with it as a whole. */
export function PanelHead({ icon: Icon, colour = "other", title, children, actions }: PanelHeadProps) {
  return (
    <div className={classes.head} data-colour={colour}>
      <span className={classes.icon}>
        <Icon size={17} stroke={1.8} aria-hidden />
      </span>
      <Text component="h2" fw={600} lh={1.25} lineClamp={2} className={classes.title ?? ""}>
        {title}
      </Text>
      {children}
      <div className={classes.actions}>{actions}</div>
    </div>
  );
}
