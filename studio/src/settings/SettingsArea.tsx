import { Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { Notice } from "../app/Notice.js";
import { Page } from "../app/Page.js";
import { type SettingsPart, settingsPath } from "../app/router.js";
import { StudioLink } from "../app/StudioLink.js";
import { mayAnswer, mayManage, useSession } from "../app/session.js";
import { PeoplePart } from "./PeoplePart.js";
import { RepliesPart } from "./RepliesPart.js";
import classes from "./Settings.module.css";
import { WebhooksPart } from "./WebhooksPart.js";
import { YouPart } from "./YouPart.js";

type Session = Parameters<typeof mayManage>[0];
type Part = { readonly label: string; readonly may: (me: Session) => boolean; readonly shows: ComponentType };

const PARTS: Readonly<Record<SettingsPart, Part>> = {
  you: { label: "You", may: () => true, shows: YouPart },
  replies: { label: "Saved replies", may: mayAnswer, shows: RepliesPart },
  people: { label: "People", may: mayManage, shows: PeoplePart },
  webhooks: { label: "Webhooks", may: mayManage, shows: WebhooksPart },
};

/** What is set for this server and its people, a part at a time. */
export function SettingsArea({ part }: { part: SettingsPart }) {
  const { me } = useSession();
  const { may, shows: Shown } = PARTS[part];
  const parts = Object.entries(PARTS) as [SettingsPart, Part][];
  return (
    <Page>
      <div>
        <Title order={1}>Settings</Title>
        <nav aria-label="Settings" className={classes.links}>
          {parts
            .filter(([, { may }]) => may(me))
            .map(([name, { label }]) => (
              <StudioLink
                key={name}
                to={settingsPath(name)}
                underline="never"
                className={classes.link ?? ""}
                current={name === part}
              >
                {label}
              </StudioLink>
            ))}
        </nav>
        {may(me) ? (
          <Shown />
        ) : (
          <Notice icon={IconLock} title="This is not for you">
            An owner can give you another role.
          </Notice>
        )}
      </div>
    </Page>
  );
}
