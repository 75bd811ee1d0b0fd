import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Leaves a line in the rehearsal's records about something that the rehearsal does differently; outside of one it says nothing. */
export function note(entry: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = process.env): void {
  const directory = env["REHEARSAL_DIR"];
  if (directory === undefined || directory === "") return;
  const records = join(directory, "records");
  mkdirSync(records, { recursive: true });
  appendFileSync(join(records, "notes.jsonl"), `${JSON.stringify(entry)}\n`);
}
