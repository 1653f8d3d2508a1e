import { ActionIcon, Avatar, Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconDeviceDesktop,
  IconLogout,
  IconMap2,
  IconMoon,
  IconMouse,
  IconSettings,
  IconSun,
  type TablerIcon,
} from "@tabler/icons-react";
import { usePreferences } from "./preferences.js";
import { navigate, settingsPath } from "./router.js";
import { useSession } from "./session.js";

const SCHEMES: readonly { value: "light" | "dark" | "auto"; label: string; icon: TablerIcon }[] = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "As this device", icon: IconDeviceDesktop },
];

/** Who is signed in, what one prefers, and the way out. */
export function AccountMenu() {
  const { me, signOut } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [{ mouse, minimap }, prefer] = usePreferences();
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} radius="xl" aria-label={`Account of ${me.name}`}>
          <Avatar size={28} radius="xl" color="iris" name={me.name} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Look</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as typeof colorScheme)}>
          {SCHEMES.map(({ value, label, icon: Icon }) => (
            <Menu.RadioItem key={value} value={value} rightSection={<Icon size={16} aria-hidden />}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.CheckboxItem
          checked={mouse}
          onChange={(mouse) => prefer({ mouse })}
          rightSection={<IconMouse size={16} aria-hidden />}
        >
          Mouse: the wheel zooms
        </Menu.CheckboxItem>
        <Menu.CheckboxItem
          checked={minimap}
          onChange={(minimap) => prefer({ minimap })}
          rightSection={<IconMap2 size={16} aria-hidden />}
        >
          Overview in the corner
        </Menu.CheckboxItem>
        <Menu.Divider />
        <Menu.Label>{me.name}</Menu.Label>
        <Menu.Item leftSection={<IconSettings size={16} aria-hidden />} onClick={() => navigate(settingsPath("you"))}>
          Settings
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
