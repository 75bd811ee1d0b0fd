import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Directories } from "./directories.ts";
import type { Difference, NotRendered, Rejection } from "./report.ts";

/** What the parts of a rehearsal wrote down while it ran; each thing once, however often it came up. */
export function readRecords(directories: Directories): {
  rejected: Rejection[];
  notRendered: NotRendered[];
  differs: Difference[];
} {
  return {
    rejected: read<Rejection>(directories, "rejected").map(({ kind, name, reason }) => ({
      kind,
      name,
      reason,
    })),
    notRendered: unique(
      read<NotRendered>(directories, "notRendered").map(({ chart, version }) => ({ chart, version })),
    ),
    differs: read<Difference>(directories, "differs"),
  };
}

function read<T>(directories: Directories, name: string): T[] {
  const file = join(directories.records, `${name}.jsonl`);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return unique(lines.map((line) => JSON.parse(line) as T));
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
