/** Where the schema of tests is published. Apart from the schema: who writes a test needs nothing that validates one. */
export const SCENARIO_SCHEMA_ID = "https://parley.dev/schema/scenario-1.json";
