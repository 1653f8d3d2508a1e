/** Flags of `parley serve` that take no value. */
const SWITCHES = new Set(["--help", "-h", "--version"]);

/**
 * The arguments of `parley` for those after `npm start --`: the default flow is served when none is named.
 * @param {readonly string[]} argv flags and flows (files or folders)
 * @param {string} defaultFlow
 * @returns {string[]}
 */
export function serveArguments(argv, defaultFlow) {
  // Before what was given, so that a flag at the end whose value was forgotten doesn't take the flow for it.
  return namesFlow(argv) ? ["serve", ...argv] : ["serve", defaultFlow, ...argv];
}

/** @param {readonly string[]} argv */
function namesFlow(argv) {
  for (let i = 0; i < argv.length; i++) {
    const word = /** @type {string} */ (argv[i]);
    if (word === "--") return i + 1 < argv.length;
    if (!word.startsWith("-")) return true;
    const value = argv[i + 1];
    const takesValue = !SWITCHES.has(word) && !word.includes("=") && value !== undefined && !value.startsWith("-");
    // A flow file is one wherever it stands: no flag's value ends in .json.
    if (takesValue && !value.endsWith(".json")) i++;
  }
  return false;
}
