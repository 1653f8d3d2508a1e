import { Center, Loader } from "@mantine/core";
import { LazyPart, lazyScript } from "../app/LazyPart.js";

/** What plays tests is loaded with them. */
const list = lazyScript(() => import("./TestList.js").then((module) => module.TestList));

/** The tests of the flow. */
export function TestsPanel() {
  const loading = (
    <Center h="100%">
      <Loader aria-label="Reading the tests" />
    </Center>
  );
  return (
    <LazyPart script={list} what="The list of tests" loading={loading}>
      {(TestList) => <TestList />}
    </LazyPart>
  );
}
