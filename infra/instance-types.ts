export type Architecture = "x86_64" | "arm64";

/**
 * Architecture of an EC2 instance type, from its name: AWS marks its own ARM processors by a `g` behind the generation
 * (`m7g.large`, `c6gn.xlarge`); `a1` is the one family older than that.
 */
export function architectureOf(instanceType: string): Architecture {
  return /^(a1|[a-z]+\d+g[a-z]*)\./.test(instanceType) ? "arm64" : "x86_64";
}

/** The architectures among the types, each once. */
export function architecturesOf(instanceTypes: readonly string[]): Architecture[] {
  return [...new Set(instanceTypes.map(architectureOf))];
}

/** The image of Amazon Linux 2023 for the nodes. */
export function amiTypeOf(instanceTypes: readonly string[]): string {
  return architecturesOf(instanceTypes)[0] === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";
}
