import { refuse } from "./aws-error.ts";

/** What one EC2 instance type offers a kubelet. */
export interface InstanceType {
  name: string;
  cpus: number;
  /** As EC2 states it, in GiB. */
  memory: number;
  architecture: "amd64" | "arm64";
  /** Network interfaces, and addresses on each: together they limit the pods. */
  interfaces: number;
  addresses: number;
}

/** CPUs, interfaces and addresses of the sizes that most families share. */
const sizes: Readonly<Record<string, readonly [number, number, number]>> = {
  medium: [1, 2, 4],
  large: [2, 3, 10],
  xlarge: [4, 4, 15],
  "2xlarge": [8, 4, 15],
  "4xlarge": [16, 8, 30],
  "8xlarge": [32, 8, 30],
};

/** GiB of memory for each CPU. */
const families: Readonly<Record<string, number>> = {
  ...fill(["m5", "m5a", "m5d", "m6i", "m6a", "m6g", "m7i", "m7i-flex", "m7a", "m7g", "m8i", "m8g"], 4),
  ...fill(["c5", "c5a", "c6i", "c6a", "c6g", "c7i", "c7i-flex", "c7a", "c7g", "c8g"], 2),
  ...fill(["r5", "r5a", "r6i", "r6a", "r6g", "r7i", "r7a", "r7g", "r8g"], 8),
};

/** Burstable sizes: CPUs, GiB, interfaces, addresses. */
const burstable: Readonly<Record<string, readonly [number, number, number, number]>> = {
  nano: [2, 0.5, 2, 2],
  micro: [2, 1, 2, 2],
  small: [2, 2, 3, 4],
  medium: [2, 4, 3, 6],
  large: [2, 8, 3, 12],
  xlarge: [4, 16, 4, 15],
  "2xlarge": [8, 32, 4, 15],
};

/** Families whose "medium" exists. */
const withMedium = /^[mcr](6|7|8)g$|^m7a$|^c7a$|^r7a$/;

/** Looks an instance type up; refuses one that is not in the table, so that no node is ever made up. */
export function instanceType(name: string): InstanceType {
  const [family = "", size = ""] = name.split(".");
  const architecture = /^(t4g|[mcr]\d+g)/.test(family) ? "arm64" : "amd64";
  if (["t3", "t3a", "t4g"].includes(family)) {
    const found = burstable[size];
    if (found !== undefined) {
      const [cpus, memory, interfaces, addresses] = found;
      // The one size of the AMD variant with fewer interfaces.
      const fewer = family === "t3a" && size === "small";
      return { name, cpus, memory, architecture, interfaces: fewer ? 2 : interfaces, addresses };
    }
  }
  const perCpu = families[family];
  const shape = sizes[size];
  if (perCpu !== undefined && shape !== undefined && (size !== "medium" || withMedium.test(family))) {
    const [cpus, interfaces, addresses] = shape;
    return { name, cpus, memory: cpus * perCpu, architecture, interfaces, addresses };
  }
  return refuse(
    "InvalidParameterException",
    `the simulated AWS does not know the instance type "${name}"; add it to rehearsal/plugins/aws/instance-types.ts`,
  );
}

/** How many pods EKS lets a node run: one for each address but the interfaces' own, and two on the host's network. */
export function maxPods(type: InstanceType, prefixDelegation = false): number {
  if (prefixDelegation) return type.cpus > 30 ? 250 : 110;
  return type.interfaces * (type.addresses - 1) + 2;
}

export interface Resources {
  /** Millicores. */
  cpu: number;
  /** MiB. */
  memory: number;
  pods: number;
}

/** Memory that hypervisor and kernel keep: a little more than measured on nodes of 4 to 32 GiB. */
const OVERHEAD = 0.06;
const EVICTION_MIB = 100;

export function capacity(type: InstanceType, pods: number): Resources {
  return { cpu: type.cpus * 1000, memory: Math.floor(type.memory * 1024 * (1 - OVERHEAD)), pods };
}

/** What is left for pods after what the EKS images reserve for kubelet, runtime and eviction. */
export function allocatable(type: InstanceType, pods: number): Resources {
  const all = capacity(type, pods);
  // The formula counts the pods of the address limit even where prefixes allow more.
  const reservedFor = Math.min(pods, maxPods(type));
  return {
    cpu: all.cpu - reservedCpu(type.cpus),
    memory: all.memory - (255 + 11 * reservedFor) - EVICTION_MIB,
    pods,
  };
}

/** 6 % of the first CPU, 1 % of the second, half a percent of the next two, a quarter of the rest; in millicores. */
function reservedCpu(cpus: number): number {
  const shares = [60, 10, 5, 5];
  let reserved = 0;
  for (let cpu = 0; cpu < cpus; cpu++) reserved += shares[cpu] ?? 2.5;
  return Math.ceil(reserved);
}

function fill(names: readonly string[], perCpu: number): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, perCpu]));
}
