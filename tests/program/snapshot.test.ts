import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import { program, stacks } from "../helpers/program.ts";
import { keyOf, snapshotFile, snapshotOf, snapshotText, type Entry } from "../helpers/snapshot.ts";

describe("the whole program", () => {
  for (const stack of stacks) {
    it(`registers in ${stack} what tests/expected/${stack}.json says`, async () => {
      const expected = JSON.parse(readFileSync(snapshotFile(stack), "utf8")) as Entry[];
      const actual = JSON.parse(snapshotText(snapshotOf((await program(stack)).resources))) as Entry[];
      const differences = compare(expected, actual);
      // No assertion: mocha would print a diff of its own below.
      if (differences.length > 0)
        throw new Error([...differences, "", "If this is meant: npm run expected"].join("\n"));
    });
  }
});

/** One line for each resource that came, went or changed; a change names its paths. */
function compare(expected: readonly Entry[], actual: readonly Entry[]): string[] {
  const [before, after] = [expected, actual].map(
    (entries) => new Map(entries.map((entry) => [keyOf(entry), entry])),
  );
  const keys = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [before?.get(key), after?.get(key)];
    if (was === undefined) return [`+ ${key}`];
    if (is === undefined) return [`- ${key}`];
    return isDeepStrictEqual(was, is) ? [] : [`~ ${key}: ${changedPaths(was, is, "").join(", ")}`];
  });
}

function changedPaths(was: unknown, is: unknown, path: string): string[] {
  if (isDeepStrictEqual(was, is)) return [];
  if (!isMap(was) || !isMap(is)) return [`${path} ${JSON.stringify(was)} → ${JSON.stringify(is)}`];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return keys.flatMap((key) => changedPaths(was[key], is[key], path === "" ? key : `${path}.${key}`));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
