import { stripVTControlCharacters } from "node:util";

import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { nameOf } from "./urn.ts";

/** An error that the engine reported, for people: no colours, no stack trace. */
export interface Diagnostic {
  /** The resource it is about; none where the program itself failed. */
  urn?: string;
  message: string;
}

/** How the SDK begins to tell that a program ended with an error. */
const programFailed = /^(?:error: )?Running program '.*' failed with an unhandled exception:\n/m;

/** What the engine says after every error; nothing by itself. */
const echo =
  /^(update|preview|refresh|destroy|resource registration|registering urn .*) (failed|cancell?ed)$|^BAIL$/i;

/** What it says on a machine without its own installation; true in every rehearsal, and of no consequence. */
const harmless = /^using pulumi-language-\w+ from \$PATH/;

/** Gathers the errors of one operation from the engine's events. */
export class Diagnostics {
  readonly errors: Diagnostic[] = [];
  /** Whether the program itself ended with an error. */
  inProgram = false;
  readonly #onWarning: (text: string) => void;

  constructor(onWarning: (text: string) => void) {
    this.#onWarning = onWarning;
  }

  observe({ diagnosticEvent: event }: EngineEvent): void {
    if (event === undefined) return;
    const message = readable(event.message);
    if (event.severity === "warning" && !harmless.test(message)) this.#onWarning(shortened(message));
    if (event.severity === "error" && isProgramFailure(event.message)) this.inProgram = true;
    if (event.severity !== "error" || message === "" || echo.test(message)) return;
    // An error in the program is reported once for every value that depends on it.
    if (this.errors.some((known) => known.message === message)) return;
    this.errors.push({ urn: event.urn, message });
  }
}

/** The engine's advice on steps that were cut off is long, and for its own command line. */
function shortened(warning: string): string {
  if (!warning.includes("pending operations from previous deployment")) return warning;
  const cut = [...warning.matchAll(/^\s*\* (urn:\S+), (interrupted .*)$/gm)];
  const names = cut.map(([, urn = "", what = ""]) => `${nameOf(urn).type} ${nameOf(urn).name} (${what})`);
  return `An earlier run was cut off in the middle: ${names.join(", ")}. 'platform refresh' settles it.`;
}

/** Does this text tell that the program itself ended with an error? */
export function isProgramFailure(text: string): boolean {
  return programFailed.test(text.replaceAll(/<\{%.*?%\}>/g, ""));
}

/** What an engine that failed before it began printed to standard error: its `error:` and what follows. */
export function printedErrors(stderr: string): Diagnostic[] {
  const message = readable(stderr.slice(Math.max(0, stderr.search(/^error: /m))));
  return message === "" ? [] : [{ message }];
}

/** The message without what only a debugger wants: colours, stack frames, the error object's fields, wrappers that say nothing. */
export function readable(message: string): string {
  const lines = stripVTControlCharacters(message)
    .replaceAll(/<\{%.*?%\}>/g, "")
    .replace(/^error: /, "")
    .replace(programFailed, "")
    .split("\n");
  const first = lines.findIndex((line) => /^\s+at .*(:\d+|\(native\)|<anonymous>)\)?( \{)?$/.test(line));
  // Behind the first frame come only more frames and, in braces, the fields of the error object.
  const text = (first === -1 ? lines : lines.slice(0, first)).join("\n");
  return text
    .replace(/^(\d+ errors? occurred:\n\s*\*\s*)/, "")
    .replace(/^(Uncaught )?(Platform)?Error: /, "")
    .trim();
}
