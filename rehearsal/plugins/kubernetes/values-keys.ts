import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parseYaml } from "../../kubernetes/yaml.ts";
import type { Inputs } from "../provider.ts";
import { isBag } from "./diff.ts";

/** Maps in which the user chooses the keys, whatever the chart's own default holds. */
const open =
  /(annotations|labels|selector|nodeSelector|env|resources|requests|limits|affinity|securityContext|meshConfig)$/i;

/** Istio's charts hide their defaults from Helm's own merging; what counts as a key is inside. */
const hidden = "_internal_defaults_do_not_set";

/**
 * Values that a chart knows nothing of, by their paths. Helm takes them without a word, so a misspelt key would change nothing. Known is
 * what stands in the chart's values.yaml, in its dependencies' names, or what a template reads.
 * @param directory of the chart
 */
export function unknownValueKeys(directory: string, values: Inputs): string[] {
  const written = (parseYaml(readFileSync(join(directory, "values.yaml"), "utf8"))[0] ?? {}) as Inputs;
  const inner = written[hidden];
  const defaults: Inputs = { global: {}, ...written, ...(isBag(inner) ? inner : {}) };
  for (const name of dependencies(directory)) defaults[name] = undefined;
  const read = readByTemplates(directory);
  return unknownIn(values, defaults, read, []);
}

function unknownIn(values: Inputs, defaults: Inputs, read: ReadonlySet<string>, path: string[]): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = [...path, key];
    const known = defaults[key];
    if (!(key in defaults)) return read.has(here.join(".")) ? [] : [here.join(".")];
    // An empty map or nothing at all is the chart's way to say: anything.
    const closed = isBag(known) && Object.keys(known).length > 0 && !open.test(key);
    return closed && isBag(value) ? unknownIn(value, known, read, here) : [];
  });
}

/** Names under which a chart passes values on to the charts it depends on. */
function dependencies(directory: string): string[] {
  const chart = parseYaml(readFileSync(join(directory, "Chart.yaml"), "utf8"))[0] as Inputs;
  const list = (chart["dependencies"] ?? []) as { name: string; alias?: string }[];
  return list.map(({ name, alias }) => alias ?? name);
}

/** Every path that a template reads: `{{ .Values.pilot.cni.enabled }}` reads `pilot`, `pilot.cni` and `pilot.cni.enabled`. */
function readByTemplates(directory: string): Set<string> {
  const folder = join(directory, "templates");
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const texts = files
    .filter((file) => /\.(ya?ml|tpl|txt)$/.test(file))
    .map((file) => readFileSync(join(folder, file), "utf8"));
  const paths = texts.flatMap((text) =>
    [...text.matchAll(/\.Values\.([A-Za-z_][\w.]*)/g)].map(([, path = ""]) => path),
  );
  return new Set(
    paths.flatMap((path) => {
      const keys = path.replace(/\.$/, "").split(".");
      return keys.map((_, index) => keys.slice(0, index + 1).join("."));
    }),
  );
}
