import type { Counts, LayerResult } from "./types.ts";

/** Adds a layer's result to those before it; of two runs over the same layer, what both changed together. */
export function addResult(results: LayerResult[], result: LayerResult): void {
  const index = results.findIndex(({ layer }) => layer === result.layer);
  const before = results[index];
  if (before === undefined) {
    results.push(result);
    return;
  }
  const created = before.created + result.created;
  const updated = before.updated + result.updated;
  const replaced = before.replaced + result.replaced;
  results[index] = {
    ...result,
    ...{ created, updated, replaced, deleted: before.deleted + result.deleted },
    unchanged: Math.max(0, result.resources - created - updated - replaced),
    seconds: Math.round((before.seconds + result.seconds) * 1000) / 1000,
  };
}

/** The sum over layers. */
export function totalOf(layers: readonly LayerResult[]): Counts & { resources: number } {
  const total = { resources: 0, created: 0, updated: 0, replaced: 0, deleted: 0, unchanged: 0 };
  for (const layer of layers) {
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += layer[key];
  }
  return total;
}

/** How many resources were changed. */
export function changesOf(counts: Counts): number {
  return counts.created + counts.updated + counts.replaced + counts.deleted;
}
