/** As much of a pod's `topologySpreadConstraints` as is used here. */
export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: "ScheduleAnyway";
  readonly labelSelector: { readonly matchLabels: Record<string, string> };
  readonly matchLabelKeys?: string[];
}

/**
 * Spreads replicas over zones and then over nodes. A wish, not a condition: with a zone down, two replicas in one are better than one
 * replica pending.
 *
 * @param podLabels the pods that are counted
 * @param matchLabelKeys labels whose value counted pods share with the new one. @default none
 */
export function spreadOf(
  podLabels: Readonly<Record<string, string>>,
  matchLabelKeys: readonly string[] = [],
): SpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...podLabels } },
    ...(matchLabelKeys.length === 0 ? {} : { matchLabelKeys: [...matchLabelKeys] }),
  }));
}
