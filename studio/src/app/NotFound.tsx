import { Button } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { Notice } from "./Notice.js";
import { Page } from "./Page.js";
import { FLOWS_PATH } from "./router.js";
import { followLink } from "./StudioLink.js";

export function NotFound() {
  return (
    <Page>
      <Notice
        whole
        icon={IconMapQuestion}
        title="There is nothing at this address"
        actions={
          <Button component="a" href={FLOWS_PATH} onClick={(event) => followLink(event, FLOWS_PATH)}>
            Go to the flows
          </Button>
        }
      >
        The flow may have been renamed, or the address was cut.
      </Notice>
    </Page>
  );
}
