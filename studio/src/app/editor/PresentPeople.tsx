import { Avatar, Tooltip } from "@mantine/core";
import { useSession } from "../session.js";
import { useEditor } from "./desk.js";
import { usePresent } from "./use-together.js";

/** Who else has this flow open, and the step they are on. */
export function PresentPeople() {
  const { me } = useSession();
  const present = usePresent();
  const steps = useEditor((state) => (present.length === 0 ? undefined : state.steps));
  if (steps === undefined) return null;
  return (
    <Avatar.Group spacing={8}>
      {present.slice(0, 4).map(({ tab, user, name, step }) => {
        const who = user === me.id ? `${name} (your other tab)` : name;
        const title = step === undefined ? undefined : steps.byId.get(step)?.title;
        const words = title === undefined ? who : `${who}: ${title}`;
        return (
          <Tooltip key={tab} label={words}>
            <Avatar size={28} radius="xl" color="initials" name={name} role="img" aria-label={words} />
          </Tooltip>
        );
      })}
      {present.length > 4 && <Avatar size={28}>+{present.length - 4}</Avatar>}
    </Avatar.Group>
  );
}
