import { createHash } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A JSON file's content; undefined when there is no such file. */
export function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** What a directory holds, sorted; nothing when there is no such directory. */
export function names(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

let serial = 0;

function writeAside(file: string, content: unknown): string {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}-${serial++}.tmp`;
  writeFileSync(aside, `${JSON.stringify(content, null, 2)}\n`);
  return aside;
}

/** Puts a JSON file in place at once: a reader sees the old content or the new one, never a part. */
export function write(file: string, content: unknown): void {
  renameSync(writeAside(file, content), file);
}

/** Writes a file that must not exist yet; false when it does. The link appears with its whole content or not at all. */
export function writeOnce(file: string, content: unknown): boolean {
  const aside = writeAside(file, content);
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Whether a process of that id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
