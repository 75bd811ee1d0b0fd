import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Chart } from "./versions.ts";

/** Helm values as plain data; leaves may be outputs. Never a secret: those reach pods through Secrets Manager and CSI. */
export type Values = { [key: string]: pulumi.Input<unknown> };

export interface HelmReleaseArgs {
  chart: Chart;
  /** The release's own name; fixed, because labels and service accounts follow it. */
  name: string;
  namespace: pulumi.Input<string>;
  /** What the platform sets. */
  values: Values;
  /** What the user sets on top: maps merge, arrays and scalars replace. @default none */
  overrides?: Values;
  /** Seconds until Helm gives up waiting for the workloads. @default 600 */
  timeout?: number;
}

/**
 * A Helm release the way every chart of the platform is installed: pinned, from the repository's address, rolled back as a whole
 * when it fails, so that a second run never meets half a release.
 */
export function helmRelease(
  name: string,
  args: HelmReleaseArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.helm.v3.Release {
  return new kubernetes.helm.v3.Release(
    name,
    {
      name: args.name,
      namespace: args.namespace,
      chart: args.chart.chart,
      version: args.chart.shipped,
      repositoryOpts: { repo: args.chart.repository },
      values: mergeValues(args.values, args.overrides ?? {}),
      atomic: true,
      cleanupOnFail: true,
      maxHistory: 5,
      timeout: args.timeout ?? 600,
    },
    opts,
  );
}

/** Merges maps key by key; an array or a scalar of `over` replaces the one below it. */
export function mergeValues(base: Values, over: Values): Values {
  const merged: Values = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? mergeValues(below, value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
