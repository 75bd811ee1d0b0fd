/**
 * The labels that every Kubernetes object of the platform carries: what it is, which system it belongs to (`platform` for what
 * serves all of them), and the environment it was made for.
 *
 * @param partOf a system's name, or `platform`
 */
export function objectLabels(partOf: string, name: string, environment: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": partOf,
    "platform.mesh/environment": environment,
  };
}
