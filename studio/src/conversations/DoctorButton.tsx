import { ActionIcon, Tooltip } from "@mantine/core";
import { IconStethoscope } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";

const Doctor = lazy(() => import("./Doctor.js").then((module) => ({ default: module.Doctor })));

/** Opens what is known of how a conversation stands. */
export function DoctorButton({ flow, id }: { flow: string; id: string }) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <Tooltip label="How this conversation stands">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="How this conversation stands"
          onClick={() => setShown(true)}
        >
          <IconStethoscope size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {shown && (
        <Suspense fallback={null}>
          <Doctor flow={flow} id={id} close={() => setShown(false)} />
        </Suspense>
      )}
    </>
  );
}
