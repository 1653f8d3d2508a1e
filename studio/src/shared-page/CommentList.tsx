import { Modal, Text } from "@mantine/core";
import type { SharedComment } from "@parley/shared/api/links";
import classes from "./SharedPage.module.css";

const WHEN = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const CLOSE = { "aria-label": "Close" };

/** What the readers of this link have said so far. */
export function CommentList({ comments, close }: { comments: readonly SharedComment[]; close: () => void }) {
  return (
    <Modal opened onClose={close} title="Comments" portalProps={{ target: "#overlays" }} closeButtonProps={CLOSE}>
      <ul className={classes.comments} aria-label="Comments">
        {comments.map(({ author, text, at, about }, index) => (
          // They only ever become more.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index} className={classes.comment}>
            {about !== "" && (
              <Text size="xs" c="dimmed" className={classes.about ?? ""}>
                {about}
              </Text>
            )}
            <Text size="sm" className={classes.said ?? ""}>
              {text}
            </Text>
            <Text size="xs" c="dimmed">
              {author}, {WHEN.format(Date.parse(at))}
            </Text>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
