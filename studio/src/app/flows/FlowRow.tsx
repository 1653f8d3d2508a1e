import { ActionIcon, Badge, Menu, Skeleton, Text } from "@mantine/core";
import type { FlowSummary } from "@parley/shared/api/flows";
import {
  IconArchive,
  IconArchiveOff,
  IconCopy,
  IconDots,
  IconMessages,
  IconPencil,
  IconTable,
  type TablerIcon,
} from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { answersPath, conversationsPath, flowPath } from "../router.js";
import { followLink, StudioLink } from "../StudioLink.js";
import { mayReadConversations, mayWrite, useSession } from "../session.js";
import { ago } from "./ago.js";
import classes from "./FlowsScreen.module.css";
import { RenameFlow } from "./RenameFlow.js";
import type { FlowActions } from "./use-flow-actions.js";

type FlowRowProps = {
  flow: FlowSummary;
  actions: FlowActions;
  /** Another flow has the same title. */
  namesake: boolean;
};

/** One flow: its title, what is live, when it was last changed, and what can be done with it. */
export function FlowRow({ flow, actions, namesake }: FlowRowProps) {
  const { me } = useSession();
  const [renaming, setRenaming] = useState(false);
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <StudioLink
          to={flowPath(flow.id)}
          className={classes.title ?? ""}
          title={flow.title}
          c="inherit"
          underline="never"
        >
          {flow.title}
        </StudioLink>
        <Text size="sm" c="dimmed" truncate>
          {namesake && `${flow.id} · `}Edited {ago(flow.draft.at, Date.now())} by {flow.draft.by}
          {flow.file !== undefined && ` · also in ${flow.file}`}
        </Text>
      </div>
      <div className={classes.badges}>
        <States flow={flow} />
      </div>
      {(mayWrite(me) || mayReadConversations(me)) && (
        <RowMenu flow={flow} actions={actions} rename={() => setRenaming(true)} />
      )}
      <RenameFlow flow={flow} opened={renaming} close={() => setRenaming(false)} rename={actions.rename} />
    </li>
  );
}

function States({ flow: { live, down, changed, unpublished, draft } }: { flow: FlowSummary }) {
  return (
    <>
      {draft.unparsed && <State colour="problem">Text to be corrected</State>}
      {unpublished > 0 && <State colour="other">Its file changed</State>}
      {live !== undefined && changed && <State colour="hint">Unpublished changes</State>}
      {live === undefined ? (
        <Badge variant="default" c="dimmed">
          {down === undefined ? "Not published" : "Taken down"}
        </Badge>
      ) : (
        <State colour="start">Live · version {live.version}</State>
      )}
    </>
  );
}

function State({ colour, children }: { colour: "problem" | "other" | "hint" | "start"; children: ReactNode }) {
  return (
    <Badge bg={`var(--parley-${colour}-soft)`} c={`var(--parley-${colour})`}>
      {children}
    </Badge>
  );
}

function MenuLink({ to, icon: Icon, label }: { to: string; icon: TablerIcon; label: string }) {
  return (
    <Menu.Item
      component="a"
      href={to}
      onClick={(event) => followLink(event, to)}
      leftSection={<Icon size={16} aria-hidden />}
    >
      {label}
    </Menu.Item>
  );
}

function RowMenu({ flow, actions, rename }: { flow: FlowSummary; actions: FlowActions; rename: () => void }) {
  const { me } = useSession();
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon
          className={classes.menu ?? ""}
          variant="subtle"
          color="gray"
          size={36}
          aria-label={`More for ${flow.title}`}
        >
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayReadConversations(me) && (
          <>
            <MenuLink to={conversationsPath(flow.id)} icon={IconMessages} label="Conversations" />
            <MenuLink to={answersPath(flow.id)} icon={IconTable} label="Answers" />
          </>
        )}
        {mayReadConversations(me) && mayWrite(me) && <Menu.Divider />}
        {!mayWrite(me) ? null : flow.archived === undefined ? (
          <>
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={rename}>
              Rename
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => actions.duplicate(flow)}>
              Duplicate
            </Menu.Item>
            <Menu.Item leftSection={<IconArchive size={16} aria-hidden />} onClick={() => actions.archive(flow)}>
              Archive
            </Menu.Item>
          </>
        ) : (
          <Menu.Item leftSection={<IconArchiveOff size={16} aria-hidden />} onClick={() => actions.restore(flow)}>
            Restore
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

export function FlowRowSkeleton(row: number) {
  return (
    <li key={row} className={classes.row} aria-hidden>
      <div className={classes.what}>
        <Skeleton height={16} width="40%" mb={10} />
        <Skeleton height={12} width="60%" />
      </div>
      <Skeleton height={20} width={110} radius="xl" />
    </li>
  );
}
