import type { LayerName } from "../lib/environment.ts";
import { totalOf } from "./results.ts";
import type { Counts, LayerResult, RunResult } from "./types.ts";

type LayerJson = Counts & { resources: number; seconds: number };

/** A run's result as `--json` prints it. */
export interface RunJson {
  environment: string;
  topology: string;
  operation: string;
  layers: Partial<Record<LayerName, LayerJson>>;
  total: Counts & { resources: number };
  skipped: LayerName[];
  seconds: number;
}

export function runJson({ environment, topology, operation, layers, skipped, seconds }: RunResult): RunJson {
  return {
    environment,
    topology,
    operation,
    layers: layersJson(layers),
    total: totalOf(layers),
    skipped,
    seconds,
  };
}

/** Results by layer. */
export function layersJson(layers: readonly LayerResult[]): Partial<Record<LayerName, LayerJson>> {
  return Object.fromEntries(layers.map(({ layer, ...rest }) => [layer, rest]));
}
