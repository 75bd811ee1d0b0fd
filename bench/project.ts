import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** What the benchmark needs of an open rehearsal. */
export interface Place {
  /** The rehearsal's directory. */
  dir: string;
  /** The shadow of the checkout. */
  workspace: string;
  /** The whole environment of the rehearsal's processes. */
  env: Record<string, string>;
}

/** What a command of the engine took. */
export interface Measured {
  /** From its start to its end. */
  seconds: number;
  /** Processor time of the program's own Node process, in seconds: the engine and the plugins are not in it. */
  cpu: number;
  /** Greatest resident size of the same process, in MB. */
  memory: number;
}

const stack = "qa";

/** A project whose commands are measured. */
export class Project {
  private readonly place: Place;
  private readonly folder: string;
  private readonly extra: Record<string, string>;

  constructor(place: Place, folder: string, extra: Record<string, string> = {}) {
    this.place = place;
    this.folder = folder;
    this.extra = extra;
  }

  async preview(): Promise<Measured> {
    return this.measure(["preview"]);
  }

  async update(): Promise<Measured> {
    return this.measure(["up", "--yes", "--skip-preview"]);
  }

  /** An update that must find nothing to do. */
  async again(): Promise<Measured> {
    return this.measure(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
  }

  async destroy(): Promise<void> {
    await this.pulumi(["destroy", "--yes", "--skip-preview", "--stack", stack]);
  }

  private async measure(args: readonly string[]): Promise<Measured> {
    await this.pulumi(["stack", "select", "--create", stack]);
    const notes = join(this.place.dir, "bench", "notes");
    rmSync(notes, { force: true });
    const preload = new URL("./meter.ts", import.meta.url).href;
    const started = performance.now();
    await this.pulumi([...args, "--stack", stack], {
      NODE_OPTIONS: `--import=${preload}`,
      BENCH_NOTES: notes,
    });
    const seconds = (performance.now() - started) / 1000;
    return { seconds, ...(JSON.parse(readFileSync(notes, "utf8")) as { memory: number; cpu: number }) };
  }

  private async pulumi(args: readonly string[], more: Record<string, string> = {}): Promise<void> {
    const env = { ...this.place.env, ...this.extra, ...more };
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    if (code !== 0)
      throw new Error(`pulumi ${args.join(" ")} in ${this.folder} ended with ${String(code)}:\n${output}`);
  }
}

/** Makes a project of its own in the rehearsal for one of the benchmark's programs, with qa's configuration. */
export function ownProject(
  place: Place,
  name: string,
  program: string,
  extra: Record<string, string>,
): Project {
  const folder = join(place.dir, "bench", name);
  mkdirSync(folder, { recursive: true });
  const main = relative(folder, fileURLToPath(new URL(program, import.meta.url)));
  const lines = [
    `name: bench-${name}`,
    `main: ${main}`,
    "runtime:",
    "  name: nodejs",
    "  options:",
    "    typescript: false",
    "",
  ];
  writeFileSync(join(folder, "Pulumi.yaml"), lines.join("\n"));
  copyFileSync(join(place.workspace, `Pulumi.${stack}.yaml`), join(folder, `Pulumi.${stack}.yaml`));
  return new Project(place, folder, extra);
}
