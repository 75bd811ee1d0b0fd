import type { LayerName, Topology } from "../lib/environment.ts";

/** What the API server refused, or what went wrong after it accepted. */
export interface Rejection {
  kind: string;
  name: string;
  reason: string;
}

/** Something that was rehearsed in another version than it ships in. */
export interface Difference {
  what: string;
  shipped: string;
  rehearsed: string;
}

/** A chart that cannot be had on this machine: its workloads were not part of the rehearsal. */
export interface NotRendered {
  chart: string;
  version: string;
}

/** Everything that a rehearsal has to say; printed as it is by `--json`. */
export interface Report {
  environment: string;
  topology: Topology;
  /** The Pulumi engine, e.g. `v3.259.0 (built)`. */
  engine: string;
  /** Version of the API server. */
  kubernetes: string;
  layers: Partial<Record<LayerName, { resources: number; seconds: number }>>;
  up: { created: number; seconds: number };
  /** The second run of the same program: anything changed is a fault of the program. */
  again: { changed: number; seconds: number };
  /** Absent when the rehearsal is kept. */
  destroy?: {
    deleted: number;
    seconds: number;
    left: { aws: number; kubernetes: number };
    /** Objects that AWS deletes later by design: keys, and secrets with a recovery window. */
    scheduledForDeletion: number;
  };
  rejected: Rejection[];
  unschedulable: { pod: string; reason: string }[];
  notRendered: NotRendered[];
  differs: Difference[];
}

/** What is wrong, a line each; empty if the environment holds what it promises. */
export function faults(report: Report): string[] {
  const { again, destroy } = report;
  return [
    ...report.rejected.map(({ kind, name, reason }) => `rejected: ${kind} ${name}: ${reason}`),
    ...report.unschedulable.map(({ pod, reason }) => `unschedulable: ${pod}: ${reason}`),
    ...(again.changed === 0
      ? []
      : [`the second run changed ${again.changed} resources; it must change none`]),
    ...(destroy === undefined || destroy.left.aws === 0
      ? []
      : [`destroy left ${destroy.left.aws} AWS objects`]),
    ...(destroy === undefined || destroy.left.kubernetes === 0
      ? []
      : [`destroy left ${destroy.left.kubernetes} Kubernetes objects`]),
  ];
}

/** The report for people. */
export function summary(report: Report): string {
  const { up, again, destroy } = report;
  const layers = Object.entries(report.layers).map(
    ([name, { resources, seconds }]) =>
      `  ${name.padEnd(8)} ${String(resources).padStart(4)} resources ${seconds.toFixed(1).padStart(6)} s`,
  );
  const wrong = faults(report);
  return [
    `${report.environment} (${report.topology}) on Pulumi ${report.engine}, Kubernetes ${report.kubernetes}`,
    ...layers,
    `up       ${up.created} created in ${up.seconds.toFixed(1)} s`,
    `again    ${again.changed} changed in ${again.seconds.toFixed(1)} s`,
    ...(destroy === undefined
      ? []
      : [
          `destroy  ${destroy.deleted} deleted in ${destroy.seconds.toFixed(1)} s; left: ${destroy.left.aws} in AWS, ` +
            `${destroy.left.kubernetes} in Kubernetes; ${destroy.scheduledForDeletion} scheduled for deletion`,
        ]),
    ...(report.notRendered.length === 0
      ? []
      : [
          `not rehearsed, since the chart cannot be had here: ${report.notRendered.map((c) => `${c.chart} ${c.version}`).join(", ")}`,
        ]),
    ...report.differs.map(
      ({ what, shipped, rehearsed }) => `rehearsed in another version: ${what}, ${rehearsed} for ${shipped}`,
    ),
    ...(wrong.length === 0
      ? ["The environment holds what it promises."]
      : wrong.map((line) => `FAULT ${line}`)),
  ].join("\n");
}
