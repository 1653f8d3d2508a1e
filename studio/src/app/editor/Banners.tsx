import { Button, Group, Text } from "@mantine/core";
import { IconArchive, IconArrowsSplit2, IconCloudX, IconEye, IconLock, type TablerIcon } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { caretOf } from "../../inspector/caret.js";
import { fieldOfConflict } from "../../inspector/conflict-words.js";
import { openText } from "../../inspector/open-text.js";
import { useKeepFocus } from "../../inspector/use-keep-focus.js";
import classes from "./Banners.module.css";
import { showPanel } from "./bench.js";
import { type Desk, useDesk, useEditor } from "./desk.js";
import { focusSteps } from "./steps-focus.js";

/** What keeps one from going on as usual, and what to do: while it is so, and nothing else. */
export function Banners() {
  const desk = useDesk();
  const { editor, mayWrite, restore } = desk;
  const unread = useEditor((state) => state.text !== undefined);
  const conflicts = useEditor((state) => state.conflicts.length);
  const save = useEditor((state) => state.save);
  const error = useEditor((state) => state.saveError);
  const root = useRef<HTMLDivElement>(null);
  useKeepFocus(root, elsewhere);
  return (
    <div ref={root} className={classes.banners}>
      {restore !== undefined && (
        <Banner
          icon={IconArchive}
          tone="plain"
          actions={
            <Button size="compact-sm" onClick={restore}>
              Restore
            </Button>
          }
        >
          This flow is archived. Restore it to change it.
        </Banner>
      )}
      {!mayWrite && restore === undefined && (
        <Banner icon={IconEye} tone="plain">
          You can look at this flow and not change it.
        </Banner>
      )}
      {unread && (
        <Banner
          icon={IconLock}
          tone="hint"
          actions={
            <>
              <Button size="compact-sm" onClick={() => openText(desk)}>
                Go to the text
              </Button>
              {mayWrite && (
                <Button size="compact-sm" variant="default" onClick={() => editor.getState().discardText()}>
                  Discard the text
                </Button>
              )}
            </>
          }
        >
          The text of the file cannot be read as it is. Until it can, everything else shows the last that could.
        </Banner>
      )}
      {conflicts > 0 && (
        <Banner
          icon={IconArrowsSplit2}
          tone="hint"
          actions={
            <Button size="compact-sm" onClick={() => goToConflict(desk)}>
              Choose
            </Button>
          }
        >
          {conflicts === 1
            ? "Somebody else changed the same as you. Theirs is there now; yours is kept until you choose."
            : `Somebody else changed the same as you in ${conflicts} places. Theirs is there now; yours is kept until you choose.`}
        </Banner>
      )}
      {save === "error" && (
        <Banner icon={IconCloudX} tone="problem" actions={<TryAgain save={() => editor.getState().flush()} />}>
          The server does not take your changes{error ? `: ${error}` : "."} What you have changed is kept on this
          device.
        </Banner>
      )}
    </div>
  );
}

/** Where the keyboard goes with a banner that goes: to the steps, or the tab that is shown. */
function elsewhere(): HTMLElement | null {
  focusSteps();
  return document.activeElement === document.body ? document.querySelector("nav [aria-current=page]") : null;
}

function TryAgain({ save }: { save: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const again = () => {
    setBusy(true);
    void save().finally(() => setBusy(false));
  };
  return (
    <Button size="compact-sm" aria-disabled={busy} onClick={() => !busy && again()}>
      Try again
    </Button>
  );
}

type BannerProps = {
  icon: TablerIcon;
  tone: "plain" | "hint" | "problem";
  children: ReactNode;
  actions?: ReactNode;
};

function Banner({ icon: Icon, tone, children, actions }: BannerProps) {
  return (
    <div className={classes.banner} data-tone={tone} role={tone === "problem" ? "alert" : "status"}>
      <Icon size={18} stroke={1.8} className={classes.icon} aria-hidden />
      <Text size="sm" className={classes.words ?? ""}>
        {children}
      </Text>
      {actions !== undefined && (
        <Group gap={6} wrap="nowrap" className={classes.actions ?? ""}>
          {actions}
        </Group>
      )}
    </div>
  );
}

/** Goes to the first conflict: its field, or the top of the panel in which things are edited. */
function goToConflict({ bench, canvas, editor }: Desk): void {
  const { conflicts, steps, select } = editor.getState();
  const fields = conflicts.map((conflict) => fieldOfConflict(conflict, steps));
  // Those without a field are shown whatever is selected.
  const field = fields.includes(undefined) ? undefined : fields[0];
  showPanel(bench, "right", "inspector");
  if (field === undefined) return;
  select([field.step]);
  canvas.current?.reveal(field.step);
  caretOf(editor).setState({ wanted: field });
}
