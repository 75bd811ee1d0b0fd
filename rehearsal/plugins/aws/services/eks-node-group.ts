import { serverVersion, withApiServer } from "../api-server.ts";
import { kubernetesVersions } from "../addon-versions.ts";
import { refuse } from "../aws-error.ts";
import { syncNodes } from "../node-sync.ts";
import { nodesOf } from "../nodes.ts";
import type { CheckFailure, Inputs } from "../../provider.ts";
import { oneOf, refersTo, rule, type ResourceType, type Subject } from "../resource-type.ts";
import type { StoredObject } from "../store.ts";
import { bagAt, bags, flag, number, text } from "../values.ts";
import { ACCESS_ENTRY, makeEntry } from "./eks-access.ts";
import { ADDON } from "./eks-addon.ts";
import { authenticationMode, NODE_GROUP, requireCluster } from "./eks-lookup.ts";
import { defaultAmi, groupOf, nodeGroupOutputs, typesOf } from "./eks-node-shape.ts";
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
    {
      path: "nodeRoleArn",
      find: roleByArn,
      code: "InvalidParameterException",
      reason: (role) => `Role ${role} does not exist`,
    },
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
    const shared = account
      .list(NODE_GROUP)
      .some((other) => other.id !== object.id && sameRole(other, object));
    if (!shared)
      removeEntry(
        object,
        (id) => account.get(ACCESS_ENTRY, id),
        (id) => account.remove(ACCESS_ENTRY, id),
      );
  },
};

function nodeGroupFailures(inputs: Inputs): CheckFailure[] {
  const [min, desired, max] = ["minSize", "desiredSize", "maxSize"].map((key) =>
    number(inputs, `scalingConfig.${key}`),
  );
  const failures: CheckFailure[] = [];
  if (
    min !== undefined &&
    desired !== undefined &&
    max !== undefined &&
    !(min <= desired && desired <= max && max >= 1)
  ) {
    failures.push({
      property: "scalingConfig",
      reason: `expected minSize ≤ desiredSize ≤ maxSize, got ${min}, ${desired}, ${max}`,
    });
  }
  for (const [index, taint] of bags(inputs, "taints").entries()) {
    const effects = ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"];
    failures.push(
      ...oneOf(taint, "effect", effects).map((f) => ({ ...f, property: `taints[${index}].effect` })),
    );
  }
  if (inputs["launchTemplate"] !== undefined && inputs["diskSize"] !== undefined) {
    failures.push({
      property: "diskSize",
      reason: "the disk is said in the launch template where there is one",
    });
  }
  return [
    ...failures,
    ...oneOf(inputs, "capacityType", ["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]),
    ...rule(
      inputs,
      "version",
      (version) => kubernetesVersions.includes(String(version)),
      "unsupported Kubernetes version",
    ),
    ...Object.keys(bagAt(inputs, "labels"))
      .filter((key) => /^(eks\.amazonaws\.com|kubernetes\.io|k8s\.io)\//.test(key))
      .map((key) => ({
        property: `labels["${key}"]`,
        reason: "InvalidParameterException: the prefix of this label is reserved",
      })),
  ];
}

function admitNodeGroup(self: Subject): void {
  const cluster = requireCluster(self.account, text(self.inputs, "clusterName") ?? "");
  const types = typesOf(self);
  const ami = text(self.inputs, "amiType") ?? defaultAmi(types[0]);
  for (const type of types) {
    if (/ARM/.test(ami) !== (type.architecture === "arm64") && ami !== "CUSTOM") {
      refuse(
        "InvalidParameterException",
        `[${type.name}] is not a valid instance type for requested amiType ${ami}`,
      );
    }
  }
  const hasNetwork =
    flag(cluster.outputs, "bootstrapSelfManagedAddons") !== false ||
    self.account.get(ADDON, `${cluster.id}:vpc-cni`) !== undefined;
  if (!hasNetwork) {
    refuse(
      "NodeCreationFailure",
      `Unhealthy nodes in the kubernetes cluster: ${cluster.id} has no network plugin; make the add-on vpc-cni first`,
    );
  }
}

async function sync(self: Subject): Promise<void> {
  await withApiServer(async (server) => {
    const group = groupOf(self, (await serverVersion(server)).full);
    await syncNodes(server, group.name, nodesOf(group));
  });
}

function sameRole(one: StoredObject, other: StoredObject): boolean {
  return ["clusterName", "nodeRoleArn"].every((key) => one.inputs[key] === other.inputs[key]);
}

function removeEntry(
  group: StoredObject,
  get: (id: string) => StoredObject | undefined,
  remove: (id: string) => void,
): void {
  const id = `${String(group.inputs["clusterName"])}:${String(group.inputs["nodeRoleArn"])}`;
  if (get(id)?.owner === "eks") remove(id);
}
