import { UnstyledButton } from "@mantine/core";
import { IconSitemap } from "@tabler/icons-react";
import classes from "./NarrowTabs.module.css";
import { PANELS } from "./panels.js";

/** On a narrow screen: which one thing is shown. */
export function NarrowTabs({ shown, show }: { shown: string; show: (tab: string) => void }) {
  if (PANELS.length === 0) return null;
  const tabs = [
    { id: "canvas", title: "Drawing", icon: IconSitemap },
    ...PANELS.filter(({ wideOnly }) => wideOnly !== true),
  ];
  return (
    <nav className={classes.tabs} aria-label="Views">
      {tabs.map(({ id, title, icon: Icon }) => (
        <UnstyledButton
          key={id}
          className={classes.tab}
          aria-current={shown === id ? "page" : undefined}
          onClick={() => show(id)}
        >
          <Icon size={20} stroke={1.7} aria-hidden />
          <span className={classes.title}>{title}</span>
        </UnstyledButton>
      ))}
    </nav>
  );
}
