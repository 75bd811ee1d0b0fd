import { rehearsalAddress, serverVersion, withApiServer } from "../api-server.ts";
import { kubernetesVersions } from "../addon-versions.ts";
import { refuse } from "../aws-error.ts";
import { recordDifference } from "../../../kubernetes/records.ts";
import type { Inputs } from "../../provider.ts";
import { arn, type ResourceType, type Subject } from "../resource-type.ts";
import type { StoredObject } from "../store.ts";
import { at, bagAt, flag, text, texts } from "../values.ts";
import { ACCESS_ENTRY, makeEntry } from "./eks-access.ts";
import { admitClusterUpdate, clusterFailures, creatorIsAdmin } from "./eks-cluster-rules.ts";
import { authenticationMode, NODE_GROUP } from "./eks-lookup.ts";
import { callerRoleArn, roleByArn } from "./iam.ts";
import { keyReference } from "./kms.ts";
import { LOG_GROUP } from "./logs.ts";
import { SECURITY_GROUP, SUBNET, subnetZones } from "./network.ts";

/** EKS control planes. The endpoint and the certificate authority are those of the rehearsal's API server. */
export const cluster: ResourceType = {
  required: ["roleArn", "vpcConfig"],
  replace: [
    "name",
    "roleArn",
    "bootstrapSelfManagedAddons",
    "kubernetesNetworkConfig.ipFamily",
    "kubernetesNetworkConfig.serviceIpv4Cidr",
    "outpostConfig",
    "remoteNetworkConfig",
  ],
  replaceWhen: (olds, news) => [
    // Encryption can be switched on and never off.
    ...(olds["encryptionConfig"] !== undefined && news["encryptionConfig"] === undefined
      ? ["encryptionConfig"]
      : []),
    ...(creatorIsAdmin(olds) === creatorIsAdmin(news)
      ? []
      : ["accessConfig.bootstrapClusterCreatorAdminPermissions"]),
  ],
  sets: [
    "enabledClusterLogTypes",
    "vpcConfig.subnetIds",
    "vpcConfig.securityGroupIds",
    "vpcConfig.publicAccessCidrs",
  ],
  autoname: { max: 100 },
  taggable: true,
  defaults: { bootstrapSelfManagedAddons: true, deletionProtection: false },
  computed: [
    "arn",
    "name",
    "accessConfig",
    "certificateAuthority",
    "certificateAuthorities",
    "createdAt",
    "endpoint",
    "identities",
    "kubernetesNetworkConfig",
    "platformVersion",
    "status",
    "upgradePolicy",
    "version",
    "vpcConfig.clusterSecurityGroupId",
    "vpcConfig.publicAccessCidrs",
    "vpcConfig.vpcId",
  ],
  references: [
    {
      path: "roleArn",
      find: roleByArn,
      code: "InvalidParameterException",
      reason: (role) => `roleArn, ${role}, does not exist`,
    },
    {
      path: "vpcConfig.subnetIds",
      find: (account, id) => account.get(SUBNET, id),
      code: "InvalidParameterException",
      reason: missing("subnet"),
    },
    {
      path: "vpcConfig.securityGroupIds",
      find: (account, id) => account.get(SECURITY_GROUP, id),
      code: "InvalidParameterException",
      reason: missing("security group"),
    },
  ],
  check: clusterFailures,
  id: (self) => text(self.inputs, "name") ?? "",
  claim: (self) => ({
    kind: "eks-cluster",
    name: text(self.inputs, "name") ?? "",
    code: "ResourceInUseException",
    reason: `Cluster already exists with name: ${String(self.inputs["name"])}`,
  }),
  admit: (self) => {
    const zones = new Set(subnetZones(self, texts(self.inputs, "vpcConfig.subnetIds")));
    if (zones.size < 2)
      refuse("InvalidParameterException", "Subnets specified must be in at least two different AZs");
    keyReference(self, text(self.inputs, "encryptionConfig.provider.keyArn"));
  },
  admitUpdate: admitClusterUpdate,
  admitDelete: (object, account) => {
    if (flag(object.inputs, "deletionProtection") === true) {
      refuse(
        "InvalidRequestException",
        `Cluster ${object.id} has deletion protection enabled: switch it off first`,
      );
    }
    const groups = account.list(NODE_GROUP).filter((group) => group.inputs["clusterName"] === object.id);
    if (groups.length > 0)
      refuse(
        "ResourceInUseException",
        `Cluster has nodegroups attached: ${groups.map((group) => group.id).join(", ")}`,
      );
  },
  outputs: clusterOutputs,
  created: async (self) => {
    makeClusterSecurityGroup(self);
    makeLogGroup(self);
    if (creatorIsAdmin(self.inputs)) makeEntry(self, callerRoleArn(self), "STANDARD");
    await noteVersion(self);
  },
  updated: makeLogGroup,
  deleted: (object, account) => {
    account.remove(SECURITY_GROUP, text(object.outputs, "vpcConfig.clusterSecurityGroupId") ?? "");
    for (const entry of account.list(ACCESS_ENTRY)) {
      if (entry.inputs["clusterName"] === object.id && entry.owner === "eks")
        account.remove(ACCESS_ENTRY, entry.id);
    }
  },
};

function clusterOutputs(self: Subject): Inputs {
  const server = rehearsalAddress();
  const unit = self.hash(32, "cluster").toUpperCase();
  const subnets = texts(self.inputs, "vpcConfig.subnetIds");
  const data =
    server?.certificateAuthority ?? Buffer.from(`certificate authority of ${self.id}`).toString("base64");
  return {
    arn: arn(self, "eks", `cluster/${self.id}`),
    accessConfig: {
      authenticationMode: authenticationMode(self.inputs),
      bootstrapClusterCreatorAdminPermissions: creatorIsAdmin(self.inputs),
    },
    certificateAuthority: { data },
    certificateAuthorities: [{ data }],
    createdAt: self.old["createdAt"] ?? new Date().toISOString(),
    endpoint: server?.endpoint ?? `https://${unit}.gr7.${self.region}.eks.amazonaws.com`,
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${self.region}.amazonaws.com/id/${unit}` }] }],
    kubernetesNetworkConfig: {
      ipFamily: "ipv4",
      serviceIpv4Cidr: "172.20.0.0/16",
      ...bagAt(self.inputs, "kubernetesNetworkConfig"),
    },
    platformVersion: "eks.1",
    status: "ACTIVE",
    upgradePolicy: self.inputs["upgradePolicy"] ?? { supportType: "EXTENDED" },
    version: self.inputs["version"] ?? self.old["version"] ?? kubernetesVersions.at(-1),
    vpcConfig: {
      endpointPrivateAccess: false,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
      ...bagAt(self.inputs, "vpcConfig"),
      clusterSecurityGroupId: `sg-0${self.hash(16, "cluster")}`,
      vpcId: self.account.get(SUBNET, subnets[0] ?? "")?.inputs["vpcId"],
    },
  };
}

/** EKS makes a group of its own for control plane and nodes, and takes it away again with the cluster. */
function makeClusterSecurityGroup(self: Subject): void {
  const outputs = clusterOutputs(self);
  const id = text(outputs, "vpcConfig.clusterSecurityGroupId") ?? "";
  const name = `eks-cluster-sg-${self.id}-${self.hash(10)}`;
  const vpcId = at(outputs, "vpcConfig.vpcId");
  self.account.put({
    type: SECURITY_GROUP,
    id,
    urn: "",
    owner: "eks",
    region: self.region,
    inputs: { vpcId, name },
    outputs: { id, vpcId, name, arn: arn(self, "ec2", `security-group/${id}`), ownerId: self.account.id },
  });
}

/** Control-plane logs go to a group that EKS makes where there is none, and that nobody deletes afterwards. */
function makeLogGroup(self: Subject): void {
  if (texts(self.inputs, "enabledClusterLogTypes").length === 0) return;
  const id = `/aws/eks/${self.id}/cluster`;
  if (self.account.has(LOG_GROUP, id)) return;
  const group: StoredObject = {
    type: LOG_GROUP,
    id,
    urn: "",
    owner: "eks",
    region: self.region,
    inputs: { name: id },
    outputs: { id, name: id, arn: arn(self, "logs", `log-group:${id}`) },
  };
  const claim = {
    kind: "log-group",
    name: id,
    code: "ResourceAlreadyExistsException",
    reason: `${id} exists`,
  };
  self.account.claim(claim, group);
  self.account.put(group);
}

async function noteVersion(self: Subject): Promise<void> {
  await withApiServer(async (server) => {
    const rehearsed = (await serverVersion(server)).minor;
    const asked = text(self.inputs, "version") ?? kubernetesVersions.at(-1) ?? "";
    recordDifference({ what: "Kubernetes", shipped: asked, rehearsed });
  });
}

function missing(what: string): (id: string) => string {
  return (id) => `The ${what} ID '${id}' does not exist`;
}
