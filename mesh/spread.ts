/**
 * Spreads replicas over zones and then over nodes. A wish, not a condition: with a zone down, two replicas in one are better than one
 * replica pending.
 */
export function spreadOf(podLabels: Readonly<Record<string, string>>): object[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...podLabels } },
  }));
}
