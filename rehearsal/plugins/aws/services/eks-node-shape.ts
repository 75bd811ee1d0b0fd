import type { Inputs } from "../../provider.ts";
import { allocatable, instanceType, maxPods, type InstanceType } from "../instance-types.ts";
import type { NodeGroup } from "../nodes.ts";
import { arn, type Subject } from "../resource-type.ts";
import type { StoredObject } from "../store.ts";
import { bagAt, bags, number, text, texts } from "../values.ts";
import { hasPrefixDelegation } from "./eks-addon.ts";
import { requireCluster } from "./eks-lookup.ts";
import { LAUNCH_TEMPLATE } from "./launch-templates.ts";
import { SUBNET } from "./network.ts";

/** What EKS says of a node group. */
export function nodeGroupOutputs(self: Subject): Inputs {
  const types = typesOf(self);
  const version =
    self.inputs["version"] ??
    requireCluster(self.account, text(self.inputs, "clusterName") ?? "").outputs["version"];
  return {
    arn: arn(self, "eks", `nodegroup/${self.id.replace(":", "/")}/${self.hash(32)}`),
    amiType: self.inputs["amiType"] ?? defaultAmi(types[0]),
    capacityType: self.inputs["capacityType"] ?? "ON_DEMAND",
    diskSize: diskOf(self),
    instanceTypes: self.inputs["instanceTypes"] ?? types.map((type) => type.name),
    releaseVersion: self.inputs["releaseVersion"] ?? `${String(version)}.0-20261101`,
    resources: [
      { autoscalingGroups: [{ name: `eks-${String(self.inputs["nodeGroupName"])}-${self.hash(8)}` }] },
    ],
    status: "ACTIVE",
    updateConfig: self.inputs["updateConfig"] ?? { maxUnavailable: 1 },
    version,
  };
}

/** The group as its nodes show it. */
export function groupOf(self: Subject, kubeletVersion: string): NodeGroup {
  const cluster = text(self.inputs, "clusterName") ?? "";
  const prefixDelegation = hasPrefixDelegation(self, cluster);
  const outputs = nodeGroupOutputs(self);
  return {
    cluster,
    name: text(self.inputs, "nodeGroupName") ?? "",
    region: self.region,
    instanceType: smallest(typesOf(self)).name,
    capacityType: text(outputs, "capacityType") ?? "",
    diskSize: diskOf(self),
    desiredSize: number(self.inputs, "scalingConfig.desiredSize") ?? 0,
    subnets: texts(self.inputs, "subnetIds").map((id) => {
      const subnet = self.account.get(SUBNET, id);
      return {
        id,
        zone: text(subnet?.outputs, "availabilityZone") ?? "",
        cidrBlock: text(subnet?.inputs, "cidrBlock") ?? "",
      };
    }),
    labels: bagAt(self.inputs, "labels") as Record<string, string>,
    taints: bags(self.inputs, "taints") as { key: string; value?: string; effect: string }[],
    prefixDelegation,
    kubeletVersion,
    generation: [
      outputs["version"],
      text(self.inputs, "launchTemplate.version"),
      self.inputs["releaseVersion"],
    ].join("|"),
  };
}

/** Where a group names several types, EC2 may give any: what fits on the smallest one always fits. */
function smallest(types: readonly InstanceType[]): InstanceType {
  const room = (type: InstanceType) => allocatable(type, maxPods(type)).memory * type.cpus;
  return [...types].sort((a, b) => room(a) - room(b))[0] ?? instanceType("t3.medium");
}

/** The instance types of a group: its own, the launch template's, or what EKS takes by itself. */
export function typesOf(self: Pick<Subject, "account" | "inputs">): InstanceType[] {
  const template = text(templateOf(self)?.inputs, "instanceType");
  const named = texts(self.inputs, "instanceTypes");
  if (named.length > 0) return named.map(instanceType);
  return [
    instanceType(template ?? (/ARM/.test(text(self.inputs, "amiType") ?? "") ? "t4g.medium" : "t3.medium")),
  ];
}

function templateOf(self: Pick<Subject, "account" | "inputs">): StoredObject | undefined {
  return self.account.get(LAUNCH_TEMPLATE, text(self.inputs, "launchTemplate.id") ?? "");
}

function diskOf(self: Pick<Subject, "account" | "inputs">): number {
  const [mapping] = bags(templateOf(self)?.inputs, "blockDeviceMappings");
  return number(self.inputs, "diskSize") ?? number(mapping, "ebs.volumeSize") ?? 20;
}

/** The image family that EKS takes for an instance type. */
export function defaultAmi(type: InstanceType | undefined): string {
  return type?.architecture === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";
}
