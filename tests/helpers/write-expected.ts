/** Rewrites the whole-program snapshots: npm run expected. */
import { mkdirSync, writeFileSync } from "node:fs";

import { program, stacks } from "./program.ts";
import { snapshotFile, snapshotOf, snapshotText } from "./snapshot.ts";

for (const stack of stacks) {
  const { resources } = await program(stack);
  const file = snapshotFile(stack);
  mkdirSync(new URL(".", file), { recursive: true });
  writeFileSync(file, snapshotText(snapshotOf(resources)));
  process.stdout.write(`tests/expected/${stack}.json: ${resources.length} resources\n`);
}
