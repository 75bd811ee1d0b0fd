import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** What the fake does, as lines of shell; `$out` is the file that a build has to write, `$name` the tool's name. */
export interface FakeBehaviour {
  /** @default go1.26.8 */
  version?: string;
  /** @default writes the executable */
  build?: string;
  /** @default prints one object for each module */
  download?: string;
}

/** A `go` first on the PATH that notes its calls and does what it is told; restored by `remove`. */
export class FakeGo {
  readonly directory = mkdtempSync(join(tmpdir(), "fake-go-"));
  readonly cache = join(this.directory, "cache");
  readonly #path = process.env["PATH"] ?? "";

  constructor() {
    mkdirSync(join(this.directory, "bin"));
    process.env["PATH"] = [join(this.directory, "bin"), "/usr/bin", "/bin"].join(delimiter);
    this.behave({});
  }

  behave({
    version = "go1.26.8",
    build = 'echo "$name" > "$out"',
    download = DOWNLOAD,
  }: FakeBehaviour): void {
    const text = `#!/bin/sh
echo "$(basename "$PWD"): $*" >> '${join(this.directory, "calls")}'
directory='${this.directory}'
case "$1" in
env) echo ${version} ;;
build)
  while [ $# -gt 1 ]; do
    if [ "$1" = -o ]; then out="$2"; fi
    shift
  done
  name=$(basename "$1")
  ${build}
  ;;
mod)
  ${download}
  ;;
esac
`;
    writeFileSync(join(this.directory, "bin", "go"), text);
    chmodSync(join(this.directory, "bin", "go"), 0o755);
  }

  /** What was asked since the last look, without the questions for the version: `<folder>: <arguments>`. */
  calls(): string[] {
    const file = join(this.directory, "calls");
    const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
    rmSync(file, { force: true });
    return lines.filter((line) => !line.endsWith("env GOVERSION"));
  }

  /** From now on there is no Go at all. */
  uninstall(): void {
    rmSync(join(this.directory, "bin", "go"));
    process.env["PATH"] = join(this.directory, "bin");
  }

  remove(): void {
    process.env["PATH"] = this.#path;
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const DOWNLOAD = `shift 3
  for module; do
    mkdir -p "$directory/modules/$module"
    printf '{\\n\\t"Path": "%s",\\n\\t"Dir": "%s"\\n}\\n' "\${module%@*}" "$directory/modules/$module"
  done`;
