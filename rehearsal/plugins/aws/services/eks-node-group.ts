import { serverVersion, withApiServer } from "../api-server.ts";
import { kubernetesVersions } from "../addon-versions.ts";
import { refuse } from "../aws-error.ts";
import { allocatable, instanceType, maxPods, type InstanceType } from "../instance-types.ts";
import { syncNodes } from "../node-sync.ts";
import { nodesOf, type NodeGroup } from "../nodes.ts";
import type { CheckFailure, Inputs } from "../../provider.ts";
import { arn, oneOf, refersTo, rule, type ResourceType, type Subject } from "../resource-type.ts";
import type { StoredObject } from "../store.ts";
import { bagAt, bags, flag, number, text, texts } from "../values.ts";
import { ACCESS_ENTRY, makeEntry } from "./eks-access.ts";
import { ADDON, hasPrefixDelegation } from "./eks-addon.ts";
import { authenticationMode, NODE_GROUP, requireCluster } from "./eks-lookup.ts";
import { roleByArn } from "./iam.ts";
import { LAUNCH_TEMPLATE } from "./launch-templates.ts";
import { SUBNET } from "./network.ts";

/** Managed node groups. Their nodes are real objects on the rehearsal's API server. */
export const nodeGroup: ResourceType = {
  required: ["clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"],
  replace: [
    "amiType",
    "capacityType",
    "clusterName",
    "diskSize",
    "instanceTypes",
    "launchTemplate.id",
    "launchTemplate.name",
    "nodeGroupName",
    "nodeGroupNamePrefix",
    "nodeRoleArn",
    "remoteAccess",
    "subnetIds",
  ],
  sets: ["subnetIds", "taints"],
  autoname: { property: "nodeGroupName", max: 63 },
  taggable: true,
  computed: [
    "arn",
    "amiType",
    "capacityType",
    "diskSize",
    "instanceTypes",
    "nodeGroupName",
    "releaseVersion",
    "resources",
    "status",
    "updateConfig",
    "version",
  ],
  references: [
    { path: "nodeRoleArn", find: roleByArn, code: "InvalidParameterException", reason: (role) => `Role ${role} does not exist` },
    refersTo("subnetIds", SUBNET, "InvalidParameterException", "subnet ID"),
    refersTo("launchTemplate.id", LAUNCH_TEMPLATE, "InvalidParameterException", "launch template"),
  ],
  check: nodeGroupFailures,
  id: (self) => `${String(self.inputs["clusterName"])}:${String(self.inputs["nodeGroupName"])}`,
  duplicate: (id) => ({ code: "ResourceInUseException", reason: `NodeGroup already exists: ${id}` }),
  admit: admitNodeGroup,
  admitUpdate: admitNodeGroup,
  outputs: nodeGroupOutputs,
  created: async (self) => {
    const cluster = requireCluster(self.account, text(self.inputs, "clusterName") ?? "");
    if (authenticationMode(cluster.inputs) !== "CONFIG_MAP") {
      makeEntry(self, text(self.inputs, "nodeRoleArn") ?? "", "EC2_LINUX");
    }
    await sync(self);
  },
  updated: sync,
  deleted: async (object, account) => {
    const name = text(object.inputs, "nodeGroupName") ?? "";
    await withApiServer((server) => syncNodes(server, name, []));
    const shared = account.list(NODE_GROUP).some((other) => other.id !== object.id && sameRole(other, object));
    if (!shared) removeEntry(object, (id) => account.get(ACCESS_ENTRY, id), (id) => account.remove(ACCESS_ENTRY, id));
  },
};

function nodeGroupFailures(inputs: Inputs): CheckFailure[] {
  const [min, desired, max] = ["minSize", "desiredSize", "maxSize"].map((key) => number(inputs, `scalingConfig.${key}`));
  const failures: CheckFailure[] = [];
  if (min !== undefined && desired !== undefined && max !== undefined && !(min <= desired && desired <= max && max >= 1)) {
    failures.push({ property: "scalingConfig", reason: `expected minSize ≤ desiredSize ≤ maxSize, got ${min}, ${desired}, ${max}` });
  }
  for (const [index, taint] of bags(inputs, "taints").entries()) {
    const effects = ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"];
    failures.push(...oneOf(taint, "effect", effects).map((f) => ({ ...f, property: `taints[${index}].effect` })));
  }
  if (inputs["launchTemplate"] !== undefined && inputs["diskSize"] !== undefined) {
    failures.push({ property: "diskSize", reason: "the disk is said in the launch template where there is one" });
  }
  return [
    ...failures,
    ...oneOf(inputs, "capacityType", ["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]),
    ...rule(inputs, "version", (version) => kubernetesVersions.includes(String(version)), "unsupported Kubernetes version"),
    ...Object.keys(bagAt(inputs, "labels"))
      .filter((key) => /^(eks\.amazonaws\.com|kubernetes\.io|k8s\.io)\//.test(key))
      .map((key) => ({ property: `labels["${key}"]`, reason: "InvalidParameterException: the prefix of this label is reserved" })),
  ];
}

function admitNodeGroup(self: Subject): void {
  const cluster = requireCluster(self.account, text(self.inputs, "clusterName") ?? "");
  const types = typesOf(self);
  const ami = text(self.inputs, "amiType") ?? defaultAmi(types[0]);
  for (const type of types) {
    if (/ARM/.test(ami) !== (type.architecture === "arm64") && ami !== "CUSTOM") {
      refuse("InvalidParameterException", `[${type.name}] is not a valid instance type for requested amiType ${ami}`);
    }
  }
  const hasNetwork =
    flag(cluster.outputs, "bootstrapSelfManagedAddons") !== false ||
    self.account.get(ADDON, `${cluster.id}:vpc-cni`) !== undefined;
  if (!hasNetwork) {
    refuse("NodeCreationFailure", `Unhealthy nodes in the kubernetes cluster: ${cluster.id} has no network plugin; make the add-on vpc-cni first`);
  }
}

function nodeGroupOutputs(self: Subject): Inputs {
  const types = typesOf(self);
  const version = self.inputs["version"] ?? requireCluster(self.account, text(self.inputs, "clusterName") ?? "").outputs["version"];
  return {
    arn: arn(self, "eks", `nodegroup/${self.id.replace(":", "/")}/${self.hash(32)}`),
    amiType: self.inputs["amiType"] ?? defaultAmi(types[0]),
    capacityType: self.inputs["capacityType"] ?? "ON_DEMAND",
    diskSize: diskOf(self),
    instanceTypes: self.inputs["instanceTypes"] ?? types.map((type) => type.name),
    releaseVersion: self.inputs["releaseVersion"] ?? `${String(version)}.0-20261101`,
    resources: [{ autoscalingGroups: [{ name: `eks-${String(self.inputs["nodeGroupName"])}-${self.hash(8)}` }] }],
    status: "ACTIVE",
    updateConfig: self.inputs["updateConfig"] ?? { maxUnavailable: 1 },
    version,
  };
}

async function sync(self: Subject): Promise<void> {
  await withApiServer(async (server) => {
    const group = groupOf(self, (await serverVersion(server)).full);
    await syncNodes(server, group.name, nodesOf(group));
  });
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
      return { id, zone: text(subnet?.outputs, "availabilityZone") ?? "", cidrBlock: text(subnet?.inputs, "cidrBlock") ?? "" };
    }),
    labels: bagAt(self.inputs, "labels") as Record<string, string>,
    taints: bags(self.inputs, "taints") as { key: string; value?: string; effect: string }[],
    prefixDelegation,
    kubeletVersion,
    generation: [outputs["version"], text(self.inputs, "launchTemplate.version"), self.inputs["releaseVersion"]].join("|"),
  };
}

/** Where a group names several types, EC2 may give any: what fits on the smallest one always fits. */
function smallest(types: readonly InstanceType[]): InstanceType {
  const room = (type: InstanceType) => allocatable(type, maxPods(type)).memory * type.cpus;
  return [...types].sort((a, b) => room(a) - room(b))[0] ?? instanceType("t3.medium");
}

function typesOf(self: Pick<Subject, "account" | "inputs">): InstanceType[] {
  const template = text(templateOf(self)?.inputs, "instanceType");
  const named = texts(self.inputs, "instanceTypes");
  if (named.length > 0) return named.map(instanceType);
  return [instanceType(template ?? (/ARM/.test(text(self.inputs, "amiType") ?? "") ? "t4g.medium" : "t3.medium"))];
}

function templateOf(self: Pick<Subject, "account" | "inputs">): StoredObject | undefined {
  return self.account.get(LAUNCH_TEMPLATE, text(self.inputs, "launchTemplate.id") ?? "");
}

function diskOf(self: Pick<Subject, "account" | "inputs">): number {
  const [mapping] = bags(templateOf(self)?.inputs, "blockDeviceMappings");
  return number(self.inputs, "diskSize") ?? number(mapping, "ebs.volumeSize") ?? 20;
}

function defaultAmi(type: InstanceType | undefined): string {
  return type?.architecture === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";
}

function sameRole(one: StoredObject, other: StoredObject): boolean {
  return ["clusterName", "nodeRoleArn"].every((key) => one.inputs[key] === other.inputs[key]);
}

function removeEntry(group: StoredObject, get: (id: string) => StoredObject | undefined, remove: (id: string) => void): void {
  const id = `${String(group.inputs["clusterName"])}:${String(group.inputs["nodeRoleArn"])}`;
  if (get(id)?.owner === "eks") remove(id);
}
