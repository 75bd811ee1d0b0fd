import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import type { Context } from "../../automation/types.ts";
import { layerNames } from "../../lib/environment.ts";

const checkout = new URL("../../", import.meta.url);

/**
 * A `pulumi` that does nothing but write down how it was called, and answers as the real one would. Stacks are files, so that they
 * can be made and asked for; a file `fail-<operation>-<folder>` makes that operation fail with its text.
 */
const script = `#!/bin/sh
here=$(basename "$PWD")
stack="$FAKE/stack-$here"
case "$1 $2" in
  "version "*) echo v3.259.0; exit ;;
esac
echo "$here $*" >> "$FAKE/log"
case "$1 $2" in
  "stack select") [ -e "$stack" ] || { echo "error: no stack named 'x' found" >&2; exit 255; } ;;
  "stack init") echo 0 > "$stack" ;;
  "stack ls") if [ -e "$stack" ]; then printf '[{"name":"%s","current":true,"resourceCount":%s}]' "$ENVIRONMENT" "$(cat "$stack")"; else echo '[]'; fi ;;
  "stack output") cat "$FAKE/outputs-$here" 2>/dev/null || echo '{}' ;;
  "stack history") echo '[]' ;;
  "stack export") cat "$FAKE/state-$here" 2>/dev/null || echo '{"version":3,"deployment":{}}' ;;
  *)
    for argument; do case "$before" in --config-file) cp "$argument" "$FAKE/config-$here" ;; esac; before=$argument; done
    if [ -e "$FAKE/slow-$1-$here" ]; then exec sleep "$(cat "$FAKE/slow-$1-$here")"; fi
    if [ -e "$FAKE/fail-$1-$here" ]; then cat "$FAKE/fail-$1-$here" >&2; exit 255; fi
    if [ "$1" = up ]; then echo 5 > "$stack"; fi
    if [ "$1" = destroy ]; then echo 0 > "$stack"; fi ;;
esac
`;

/** A checkout in a temporary folder, and an engine that only pretends. */
export class FakeEngine {
  readonly root: string;
  readonly environment: string;
  readonly #state: string;

  constructor(environment: "qa" | "prod") {
    this.environment = environment;
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "checkout-")));
    this.#state = join(this.root, "fake");
    for (const folder of ["fake/bin", ...layerNames]) mkdirSync(join(this.root, folder), { recursive: true });
    const file = `Pulumi.${environment}.yaml`;
    writeFileSync(join(this.root, file), ownValues(readFileSync(new URL(file, checkout), "utf8")));
    writeFileSync(join(this.#state, "bin", "pulumi"), script, { mode: 0o755 });
    writeFileSync(join(this.#state, "bin", "aws"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  }

  /** The context of operations on it. */
  context(signals: Pick<Context, "signal" | "kill"> = {}): Context {
    const { root, environment } = this;
    return { root, environment, envVars: this.variables, ...signals };
  }

  get variables(): Record<string, string> {
    const path = `${join(this.#state, "bin")}:/usr/bin:/bin`;
    return { PATH: path, FAKE: this.#state, ENVIRONMENT: this.environment };
  }

  /** The calls that changed or compared something: folder and what was typed, without what the API adds to every call. */
  calls(operations = /^(up|preview|refresh|destroy|stack init)$/): string[] {
    const lines = this.log().map((line) => line.split(" "));
    return lines
      .filter(([, verb = "", noun = ""]) => operations.test(verb) || operations.test(`${verb} ${noun}`))
      .map(([folder = "", ...words]) => [this.#nameOf(folder), ...words.filter(isTelling)].join(" "));
  }

  log(): string[] {
    return readFileSync(join(this.#state, "log"), "utf8").trim().split("\n");
  }

  /** Makes an operation in a layer's folder, or at the root, fail with a text from now on. */
  fail(operation: string, folder: string, text: string): void {
    writeFileSync(join(this.#state, `fail-${operation}-${this.#folder(folder)}`), text);
  }

  /** Makes an operation take its time, in seconds; an interrupt ends it. */
  slow(operation: string, folder: string, seconds: number): void {
    writeFileSync(join(this.#state, `slow-${operation}-${this.#folder(folder)}`), String(seconds));
  }

  /** Undoes {@link fail}. */
  mend(operation: string, folder: string): void {
    rmSync(join(this.#state, `fail-${operation}-${this.#folder(folder)}`));
  }

  /** Pretends that a stack exists and holds this many resources. */
  stand(folder: string, resources: number): void {
    writeFileSync(join(this.#state, `stack-${this.#folder(folder)}`), String(resources));
  }

  outputs(folder: string, outputs: Record<string, unknown>): void {
    writeFileSync(join(this.#state, `outputs-${this.#folder(folder)}`), JSON.stringify(outputs));
  }

  state(folder: string, deployment: Record<string, unknown>): void {
    const text = JSON.stringify({ version: 3, deployment });
    writeFileSync(join(this.#state, `state-${this.#folder(folder)}`), text);
  }

  /** The configuration file that an operation was last given in place of the environment's. */
  givenConfig(folder: string): string {
    return readFileSync(join(this.#state, `config-${this.#folder(folder)}`), "utf8");
  }

  close(): void {
    rmSync(this.root, { recursive: true });
  }

  #folder(name: string): string {
    return name === "root" ? basename(this.root) : name;
  }

  #nameOf(folder: string): string {
    return folder === basename(this.root) ? "root" : folder;
  }
}

/** The shipped configuration as somebody would have made it their own. */
function ownValues(text: string): string {
  return text
    .replaceAll("111122223333", "210987654321")
    .replaceAll("mesh.example.com", "mesh.shop.io")
    .replaceAll("203.0.113.0/24", "8.8.8.0/24")
    .replaceAll("github.com/example/", "github.com/shop/");
}

/** Is this word of a call about what is done? */
function isTelling(word: string, index: number, words: readonly string[]): boolean {
  const noise = [
    "--yes",
    "--skip-preview",
    "--exec-kind",
    "auto.local",
    "--event-log",
    "--stack",
    "--non-interactive",
  ];
  return (
    !noise.includes(word) &&
    !/^tcp:/.test(word) &&
    words[index - 1] !== "--stack" &&
    words[index - 1] !== "--config-file"
  );
}
