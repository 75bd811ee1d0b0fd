import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the API server refused, or what it took and that then did not become ready. */
export interface RejectedRecord {
  kind: string;
  /** With its namespace, `calculator/add-service-v1`. */
  name: string;
  reason: string;
}

/** A chart that cannot be had here. */
export interface NotRenderedRecord {
  chart: string;
  version: string;
  repo: string;
  /** Keys of the values that it would have been given. */
  values: string[];
}

/** Something that is rehearsed in another version than it ships in. */
export interface DifferenceRecord {
  what: string;
  shipped: string;
  rehearsed: string;
}

export function recordDifference(record: DifferenceRecord): void {
  if (record.shipped !== record.rehearsed) append("differs.jsonl", record);
}

export function recordRejected(record: RejectedRecord): void {
  append("rejected.jsonl", record);
}

export function recordNotRendered(record: NotRenderedRecord): void {
  append("notRendered.jsonl", record);
}

/** Adds a line to a file of `$REHEARSAL_DIR/records`, once: a retry that meets the same answer says nothing new. */
function append(file: string, record: object): void {
  const directory = process.env["REHEARSAL_DIR"];
  if (directory === undefined) return;
  const path = join(directory, "records", file);
  const line = `${JSON.stringify(record)}\n`;
  mkdirSync(join(directory, "records"), { recursive: true });
  // One write of a line at the end of a file is one piece, whoever else writes.
  if (!read(path).includes(line)) appendFileSync(path, line);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
