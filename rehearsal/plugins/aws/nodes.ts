import { address, parseBlock } from "./cidr.ts";
import { sha256 } from "./disk.ts";
import { allocatable, capacity, instanceType, maxPods, type Resources } from "./instance-types.ts";
import { zonesOf } from "./regions.ts";

/** A managed node group as far as its nodes show it. */
export interface NodeGroup {
  cluster: string;
  name: string;
  region: string;
  instanceType: string;
  capacityType: string;
  /** GiB. */
  diskSize: number;
  desiredSize: number;
  /** Nodes are dealt out to these in turn. */
  subnets: readonly { id: string; zone: string; cidrBlock: string }[];
  labels: Readonly<Record<string, string>>;
  taints: readonly { key: string; value?: string; effect: string }[];
  /** Addresses come in prefixes, so that many more pods fit. */
  prefixDelegation: boolean;
  /** `v1.36.2` */
  kubeletVersion: string;
  /** Whatever makes EKS replace the nodes when it changes: the Kubernetes version, the launch template's version. */
  generation: string;
}

/** The Kubernetes object, as far as EKS writes it. */
export interface Node {
  apiVersion: "v1";
  kind: "Node";
  metadata: { name: string; labels: Record<string, string> };
  spec: { providerID: string; taints?: { key: string; value?: string; effect: string }[] };
  status: Record<string, unknown>;
}

export const GROUP_LABEL = "eks.amazonaws.com/nodegroup";

const effects: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

/** The nodes of a group, the same ones in every run. */
export function nodesOf(group: NodeGroup): Node[] {
  return Array.from({ length: group.desiredSize }, (_, index) => node(group, index));
}

function node(group: NodeGroup, index: number): Node {
  const type = instanceType(group.instanceType);
  const pods = maxPods(type, group.prefixDelegation);
  const subnet = group.subnets[index % group.subnets.length] ?? { id: "", zone: "", cidrBlock: "" };
  const digits = sha256([group.cluster, group.name, group.generation, index].join("|"));
  const ip = privateAddress(subnet.cidrBlock, digits);
  const domain = group.region === "us-east-1" ? "ec2.internal" : `${group.region}.compute.internal`;
  const name = `ip-${ip.replaceAll(".", "-")}.${domain}`;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        ...group.labels,
        "eks.amazonaws.com/capacityType": group.capacityType,
        [GROUP_LABEL]: group.name,
        "kubernetes.io/arch": type.architecture,
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": type.name,
        "topology.k8s.aws/zone-id": zonesOf(group.region).find((zone) => zone.name === subnet.zone)?.id ?? "",
        "topology.kubernetes.io/region": group.region,
        "topology.kubernetes.io/zone": subnet.zone,
      },
    },
    spec: {
      providerID: `aws:///${subnet.zone}/i-0${digits.slice(0, 16)}`,
      ...(group.taints.length === 0
        ? {}
        : {
            taints: group.taints.map((taint) => ({
              ...taint,
              effect: effects[taint.effect] ?? taint.effect,
            })),
          }),
    },
    status: {
      addresses: [
        { type: "InternalIP", address: ip },
        { type: "Hostname", address: name },
        { type: "InternalDNS", address: name },
      ],
      capacity: quantities(capacity(type, pods), group.diskSize),
      // Kubelet keeps a tenth of the disk.
      allocatable: quantities(allocatable(type, pods), group.diskSize * 0.9),
      nodeInfo: {
        architecture: type.architecture,
        operatingSystem: "linux",
        osImage: "Amazon Linux 2023 (simulated)",
        kubeletVersion: `${group.kubeletVersion}-eks-simulated`,
        containerRuntimeVersion: "containerd://2.1.4",
        kernelVersion: "6.12.0",
        kubeProxyVersion: "",
        machineID: digits.slice(0, 32),
        systemUUID: digits.slice(0, 32),
        bootID: digits.slice(32, 64),
      },
    },
  };
}

function quantities(resources: Resources, disk: number): Record<string, string> {
  return {
    cpu: resources.cpu % 1000 === 0 ? `${resources.cpu / 1000}` : `${resources.cpu}m`,
    memory: `${resources.memory}Mi`,
    pods: `${resources.pods}`,
    "ephemeral-storage": `${Math.floor(disk * 1024)}Mi`,
  };
}

/** An address of the subnet's, clear of the first ones, which AWS keeps for itself. */
function privateAddress(cidrBlock: string, digits: string): string {
  const block = parseBlock(cidrBlock) ?? { first: 0x0a000000, last: 0x0affffff, prefix: 8 };
  const size = block.last - block.first + 1;
  return address(block.first + 4 + (parseInt(digits.slice(0, 8), 16) % (size - 5)));
}
