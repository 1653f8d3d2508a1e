import { Menu, UnstyledButton } from "@mantine/core";
import { IconDots, IconSitemap, type TablerIcon } from "@tabler/icons-react";
import classes from "./NarrowTabs.module.css";
import { PANELS } from "./panels.js";

type TabsProps = { shown: string; show: (tab: string) => void };

/** On a narrow screen: which one thing is shown. What is seldom wanted there is in a menu at the end. */
export function NarrowTabs({ shown, show }: TabsProps) {
  const panels = PANELS.filter(({ wideOnly }) => wideOnly !== true);
  const tabs = [{ id: "canvas", title: "Drawing", icon: IconSitemap }, ...panels.filter(({ rare }) => rare !== true)];
  const others = panels.filter(({ rare }) => rare === true);
  const other = others.find(({ id }) => id === shown);
  return (
    <nav className={classes.tabs} aria-label="Views">
      {tabs.map(({ id, title, icon }) => (
        <UnstyledButton
          key={id}
          className={classes.tab}
          aria-current={shown === id ? "page" : undefined}
          onClick={() => show(id)}
        >
          <Face title={title} icon={icon} />
        </UnstyledButton>
      ))}
      <Menu position="top-end" width={200}>
        <Menu.Target>
          <UnstyledButton
            className={classes.tab}
            aria-label={other === undefined ? "More views" : `${other.title}. More views`}
            aria-current={other === undefined ? undefined : "page"}
          >
            <Face title={other?.title ?? "More"} icon={other?.icon ?? IconDots} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {others.map(({ id, title, icon: Icon }) => (
            <Menu.Item
              key={id}
              leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
              aria-current={id === shown ? "page" : undefined}
              onClick={() => show(id)}
            >
              {title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}

function Face({ title, icon: Icon }: { title: string; icon: TablerIcon }) {
  return (
    <>
      <Icon size={20} stroke={1.7} aria-hidden />
      <span className={classes.title}>{title}</span>
    </>
  );
}
