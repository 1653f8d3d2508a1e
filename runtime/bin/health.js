#!/usr/bin/env node
// Whether the server on this machine is ready, for a container's health check: exit code 0 or 1. It listens on PORT.
const address = `http://127.0.0.1:${process.env.PORT || 9998}/readyz`;
try {
  const response = await fetch(address, { signal: AbortSignal.timeout(4_000) });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
} catch (error) {
  const { cause, message } = error;
  process.stderr.write(`${address}: ${cause?.message || cause?.code || message}\n`);
  process.exitCode = 1;
}
