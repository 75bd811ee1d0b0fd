import { changesOf, totalOf } from "../results.ts";
import type { Counts, LayerResult, RunResult, Step } from "../types.ts";

/** Seconds for people: `0.4 s`, `42 s`, `3 m 05 s`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, "0")} s`;
}

/** `61 created, 2 updated`; `nothing changed` where nothing was. */
export function changes(counts: Counts): string {
  const words = (["created", "updated", "replaced", "deleted"] as const)
    .filter((word) => counts[word] > 0)
    .map((word) => `${counts[word]} ${word}`);
  return words.length === 0 ? "nothing changed" : words.join(", ");
}

const signs: Readonly<Record<string, string>> = { create: "+", update: "~", replace: "±", delete: "-" };

/** `~ kubernetes:apps/v1:Deployment add-v1 (spec.replicas)` */
export function stepLine({
  op,
  type,
  name,
  properties,
}: Pick<Step, "op" | "type" | "name" | "properties">): string {
  const detail =
    properties.length === 0 || op === "create" || op === "delete" ? "" : ` (${properties.join(", ")})`;
  return `${signs[op] ?? op} ${type} ${name}${detail}`;
}

/** The result of a run, with a line a layer. */
export function summary({ environment, topology, operation, layers, skipped, seconds }: RunResult): string {
  const total = totalOf(layers);
  const verdict =
    operation === "preview" && changesOf(total) > 0 ? `would be ${changes(total)}` : changes(total);
  return [
    `${operation} ${environment} (${topology}): ${verdict}, in ${duration(seconds)}`,
    ...summaryLines(layers),
    ...skipped.map((layer) => `  ${layer.padEnd(8)} not looked at`),
  ].join("\n");
}

export function summaryLines(layers: readonly LayerResult[]): string[] {
  return layers.map((result) => {
    const { layer, resources, seconds } = result;
    return `  ${layer.padEnd(8)} ${String(resources).padStart(4)} resources  ${changes(result)}, ${duration(seconds)}`;
  });
}
