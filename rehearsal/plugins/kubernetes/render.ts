import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { fail } from "../../../lib/errors.ts";
import type { KubernetesApi, KubeObject } from "../../kubernetes/api.ts";
import { parseYaml } from "../../kubernetes/yaml.ts";
import { locateChart, type LocalChart } from "./charts.ts";
import { knownValues, type ReleaseInputs } from "./release-inputs.ts";
import { unknownValueKeys } from "./values-keys.ts";
import { withoutWebhookServers } from "./webhooks.ts";

/** What a chart comes to. */
export interface Rendered {
  /** Kinds that are installed before everything else, and that Helm never takes away again. */
  definitions: KubeObject[];
  objects: KubeObject[];
  hooks: KubeObject[];
  appVersion: string;
  /** False where the chart cannot be had, and only its definitions are known. */
  complete: boolean;
  /** Version of the chart that was rendered in its place, without a leading v. */
  rehearsed?: string;
}

export interface RenderArgs {
  release: ReleaseInputs;
  /** For the versions that templates ask for; without it Helm's own defaults are taken. */
  api?: KubernetesApi;
  /** @default false */
  upgrade?: boolean;
}

/** Renders a release's chart by Helm. @throws PlatformError VALUES_UNKNOWN_KEY */
export async function render({ release, api, upgrade = false }: RenderArgs): Promise<Rendered> {
  const local = await locateChart(release);
  if (local?.directory === undefined) return onlyDefinitions(local);
  const { directory } = local;
  checkValues(directory, release);
  const work = mkdtempSync(join(tmpdir(), "chart-"));
  try {
    const chart = join(work, release.chart);
    const appVersion = stage(directory, chart, release.version);
    const values = join(work, "values.json");
    writeFileSync(values, JSON.stringify(release.values));
    const args = [
      "template",
      release.name,
      chart,
      "--namespace",
      release.namespace,
      "--values",
      values,
      "--skip-tests",
    ];
    const text = await helm(
      [...args, ...(upgrade ? ["--is-upgrade"] : []), ...(await capabilities(api))],
      work,
    );
    const objects = (parseYaml(text) as KubeObject[]).map(withoutWebhookServers);
    const isHook = (object: KubeObject): boolean =>
      object.metadata.annotations?.["helm.sh/hook"] !== undefined;
    return {
      definitions: release.skipCrds ? [] : readDefinitions(join(directory, "crds")),
      objects: objects.filter((object) => !isHook(object)),
      hooks: objects.filter(isHook),
      appVersion,
      complete: true,
      rehearsed: local.version,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Refuses values that the chart does not know; what a preview does not know yet is judged by its name alone. */
export function checkValues(directory: string, release: ReleaseInputs): void {
  const [first, ...more] = unknownValueKeys(directory, knownValues(release.values));
  if (first === undefined) return;
  fail({
    id: "VALUES_UNKNOWN_KEY",
    key: `values of chart ${release.chart}`,
    value: more.length === 0 ? first : [first, ...more],
    rule: "a value must stand in the chart's values.yaml, or Helm ignores it without a word",
    remedy: `Look the key up in the values of ${release.chart} ${release.version}.`,
  });
}

/** A chart of which only the definitions are known: they stay when the release goes, as such charts have it. */
function onlyDefinitions(local: LocalChart | undefined): Rendered {
  const definitions = local?.crds === undefined ? [] : readDefinitions(local.crds);
  return { definitions, objects: [], hooks: [], appVersion: "", complete: false };
}

function readDefinitions(path: string): KubeObject[] {
  if (!existsSync(path)) return [];
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((file) => /\.ya?ml$/.test(file))
        .map((file) => join(path, file))
    : [path];
  const objects = files.flatMap((file) => parseYaml(readFileSync(file, "utf8")) as KubeObject[]);
  return objects.filter(({ kind }) => kind === "CustomResourceDefinition");
}

/**
 * Makes the chart that the repository would serve from the one in the source tree, whose version is a placeholder until it is
 * published. Everything but Chart.yaml is a link, since a module's files cannot be written.
 * @returns the version of the program
 */
function stage(source: string, target: string, version: string): string {
  mkdirSync(target);
  for (const name of readdirSync(source).filter((entry) => entry !== "Chart.yaml")) {
    symlinkSync(join(source, name), join(target, name));
  }
  const text = readFileSync(join(source, "Chart.yaml"), "utf8");
  const own = /^version:\s*"?([^\s"]+)/m.exec(text)?.[1];
  const ownApp = /^appVersion:\s*"?([^\s"]+)/m.exec(text)?.[1] ?? "";
  // A chart whose program has other versions than itself keeps them.
  const appVersion = own === ownApp ? version : ownApp;
  const published = text
    .replace(/^version:.*$/m, `version: "${version}"`)
    .replace(/^appVersion:.*$/m, `appVersion: "${appVersion}"`);
  writeFileSync(join(target, "Chart.yaml"), published);
  return appVersion;
}

/** What the cluster tells templates about itself. */
async function capabilities(api: KubernetesApi | undefined): Promise<string[]> {
  if (api === undefined) return [];
  const [version, groups] = (await Promise.all([
    api.http.send({ method: "GET", path: "/version" }),
    api.http.send({ method: "GET", path: "/apis" }),
  ])) as [{ gitVersion: string }, { groups: { versions: { groupVersion: string }[] }[] }];
  const served = groups.groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => groupVersion));
  return ["--kube-version", version.gitVersion, ...served.flatMap((one) => ["--api-versions", one])];
}

async function helm(args: string[], home: string): Promise<string> {
  const tools = process.env["REHEARSAL_TOOLS"];
  const command = tools === undefined ? "helm" : join(tools, "helm");
  const env = { PATH: process.env["PATH"], HOME: home };
  const run = promisify(execFile)(command, args, { env, maxBuffer: 64 * 1024 * 1024, timeout: 120_000 });
  const { stdout } = await run.catch((error: unknown) => {
    const { stderr } = error as { stderr?: string };
    const lines = (stderr ?? String(error))
      .split("\n")
      .filter((line) => line !== "" && !line.includes("found symbolic link"));
    throw new Error(`helm template: ${lines.join(" ")}`);
  });
  return stdout;
}
