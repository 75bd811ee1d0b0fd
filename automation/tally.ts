import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";

import { layerNames, type LayerName } from "../lib/environment.ts";
import type { StackPlan } from "./plan.ts";
import type { Counts, LayerResult, Operation, Progress, Step } from "./types.ts";
import { isInternal, isLayerComponent, layerOf, nameOf } from "./urn.ts";

type Outcome = "unchanged" | "created" | "updated" | "replaced" | "deleted";

/** One step on a resource may follow another (looked at, then deleted): what weighs more stands. */
const weight: Readonly<Record<Outcome, number>> = {
  unchanged: 0,
  created: 1,
  updated: 1,
  replaced: 2,
  deleted: 3,
};

const outcomes: Readonly<Record<string, Outcome>> = {
  same: "unchanged",
  read: "unchanged",
  refresh: "unchanged",
  create: "created",
  import: "created",
  update: "updated",
  replace: "replaced",
  "import-replacement": "replaced",
  "read-replacement": "replaced",
  delete: "deleted",
};

/** Steps that a `replace` of the same resource stands for. */
const partsOfReplace = [
  "create-replacement",
  "delete-replaced",
  "discard-replaced",
  "remove-pending-replace",
];

interface LayerTally {
  outcomes: Map<string, Outcome>;
  began: number;
  last: number;
  ended: boolean;
}

/** Counts what the engine does, layer by layer, from its events. */
export class Tally {
  readonly #plan: StackPlan;
  readonly #operation: Operation;
  readonly #now: () => number;
  readonly #layers = new Map<LayerName, LayerTally>();

  /** @param now milliseconds. @default the clock */
  constructor(plan: StackPlan, operation: Operation, now: () => number = Date.now) {
    this.#plan = plan;
    this.#operation = operation;
    this.#now = now;
  }

  /** The engine begins, with the first layer: loading the program is part of its time. */
  start(): Progress[] {
    const [first] = this.#plan.layers;
    return first === undefined ? [] : this.#begin(first).progress;
  }

  /** Takes one event in, and says what it means. */
  observe(event: EngineEvent): Progress[] {
    const { resourcePreEvent: before, resOutputsEvent: after, resOpFailedEvent: failed } = event;
    const metadata = (before ?? after ?? failed)?.metadata;
    if (metadata === undefined || isInternal(metadata.urn)) return [];
    const layer = this.#layerOf(metadata.urn);
    if (layer === undefined) return [];
    const outcome = this.#outcomeOf(metadata);
    // A target makes the engine look at the other layers too: what it passes over there is not there.
    const isMeant = this.#plan.layers.includes(layer);
    if (!isMeant && outcome === "unchanged") return [];
    const { tally, progress } = this.#begin(layer);
    tally.last = this.#now();
    // The engine says nothing when a component is done, for nothing is done: its turn is when it is met.
    const state = failed ? "failed" : after || !isCustom(metadata) ? "done" : "running";
    if (state === "done" && outcome !== undefined) settle(tally, metadata.urn, outcome);
    const isNews = outcome !== "unchanged" || this.#operation === "refresh";
    if (isNews && isMeant && !(after && !isCustom(metadata))) {
      const step = stepOf(metadata, state);
      if (state === "done" && outcome === "unchanged") step.op = "same";
      progress.push({ kind: "step", layer, step, counts: countsOf(tally) });
    }
    if (this.#isEnd(metadata, layer) && !tally.ended) progress.push(...this.#end(layer, tally));
    return progress;
  }

  /** The end of the operation: every layer's result, in the order of the plan; and word of those whose end was not seen. */
  finish(): { results: LayerResult[]; progress: Progress[] } {
    const progress: Progress[] = [];
    for (const layer of this.#plan.layers) {
      const begun = this.#begin(layer);
      progress.push(...begun.progress);
      if (!begun.tally.ended) progress.push(...this.#end(layer, begun.tally));
    }
    return { results: this.results(), progress };
  }

  /** What was done so far, of the layers that were begun. */
  results(): LayerResult[] {
    const others = layerNames.filter((layer) => !this.#plan.layers.includes(layer));
    return [...this.#plan.layers, ...others].flatMap((layer) => {
      const tally = this.#layers.get(layer);
      return tally === undefined ? [] : [resultOf(layer, tally)];
    });
  }

  #layerOf(urn: string): LayerName | undefined {
    return this.#plan.layer === "all" ? layerOf(urn) : this.#plan.layer;
  }

  #begin(layer: LayerName): { tally: LayerTally; progress: Progress[] } {
    const known = this.#layers.get(layer);
    if (known !== undefined) return { tally: known, progress: [] };
    const now = this.#now();
    const tally: LayerTally = { outcomes: new Map(), began: now, last: now, ended: false };
    this.#layers.set(layer, tally);
    // Of a layer that the operation is not about, the engine makes the providers all the same: counted, but no news.
    return { tally, progress: this.#plan.layers.includes(layer) ? [{ kind: "begin", layer }] : [] };
  }

  #outcomeOf(metadata: StepEventMetadata): Outcome | undefined {
    if (partsOfReplace.includes(metadata.op)) return undefined;
    const outcome = outcomes[metadata.op] ?? "unchanged";
    // A refresh reads every resource, and then runs the program over what it read. Providers always claim to have changed.
    const real =
      this.#operation !== "refresh" ||
      (isCustom(metadata) && !nameOf(metadata.urn).type.startsWith("pulumi:"));
    return real ? outcome : "unchanged";
  }

  /** A layer's component is deleted last of all in it. Made it is first, and its outputs can be known long before the rest is made. */
  #isEnd(metadata: StepEventMetadata, layer: LayerName): boolean {
    return this.#operation === "destroy" && metadata.op === "delete" && isLayerComponent(metadata.urn, layer);
  }

  #end(layer: LayerName, tally: LayerTally): Progress[] {
    tally.ended = true;
    return [{ kind: "end", layer, result: resultOf(layer, tally) }];
  }
}

/** Only what a provider manages has work of its own. The engine leaves the field out where it is false. */
function isCustom({ new: now, old }: StepEventMetadata): boolean {
  return (now ?? old)?.custom === true;
}

function settle(tally: LayerTally, urn: string, outcome: Outcome): void {
  const before = tally.outcomes.get(urn);
  if (before === undefined || weight[outcome] >= weight[before]) tally.outcomes.set(urn, outcome);
}

function stepOf(metadata: StepEventMetadata, state: Step["state"]): Step {
  const properties = Object.keys(metadata.detailedDiff ?? {});
  return {
    op: metadata.op,
    ...nameOf(metadata.urn),
    properties: properties.length > 0 ? properties : (metadata.diffs ?? []),
    state,
  };
}

function countsOf(tally: LayerTally): Counts {
  const counts = { created: 0, updated: 0, replaced: 0, deleted: 0, unchanged: 0 };
  for (const outcome of tally.outcomes.values()) counts[outcome] += 1;
  return counts;
}

function resultOf(layer: LayerName, tally: LayerTally): LayerResult {
  const counts = countsOf(tally);
  const seconds = Math.round(tally.last - tally.began) / 1000;
  return { layer, resources: tally.outcomes.size - counts.deleted, ...counts, seconds };
}
