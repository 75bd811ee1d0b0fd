import { rehearsalAddress } from "./api-server.ts";
import { newestAddonVersion } from "./addon-versions.ts";
import { refuse } from "./aws-error.ts";
import { policyDocument } from "./policy-document.ts";
import { zonesOf } from "./regions.ts";
import { iamArn, partitionOf } from "./resource-type.ts";
import { requireCluster } from "./services/eks-lookup.ts";
import { SUBNET, VPC } from "./services/network.ts";
import type { Account, StoredObject } from "./store.ts";
import type { Inputs } from "../provider.ts";
import { bagAt, bags, flag, items, text, texts } from "./values.ts";

interface Place {
  account: Account;
  region: string;
}

type DataSource = (args: Inputs, place: Place) => Inputs | Promise<Inputs>;

const SESSION = "platform";

const dataSources: Readonly<Record<string, DataSource>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { account, region }) => ({
    id: account.id,
    accountId: account.id,
    arn: `arn:${partitionOf(region)}:sts::${account.id}:assumed-role/rehearsal/${SESSION}`,
    userId: `AROAREHEARSAL00000000:${SESSION}`,
  }),

  "aws:iam/getSessionContext:getSessionContext": (args, place) => {
    const arn = text(args, "arn") ?? "";
    const role = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn);
    if (role === null) return { id: arn, arn, issuerArn: arn, issuerId: "", issuerName: "", sessionName: "" };
    const [, issuerName = "", sessionName = ""] = role;
    const issuerArn = iamArn(place, `role/${issuerName}`);
    return { id: arn, arn, issuerArn, issuerId: "AROAREHEARSAL00000000", issuerName, sessionName };
  },

  "aws:index/getRegion:getRegion": (args, { region }) => ({
    ...args,
    id: region,
    region,
    name: region,
    description: `Simulated region ${region}`,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),

  "aws:index/getPartition:getPartition": (_, { region }) => ({
    id: partitionOf(region),
    partition: partitionOf(region),
    dnsSuffix: region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com",
    reverseDnsPrefix: region.startsWith("cn-") ? "cn.com.amazonaws" : "com.amazonaws",
  }),

  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
    const zones = zonesOf(region)
      .filter((zone) => !texts(args, "excludeNames").includes(zone.name))
      .filter((zone) => !texts(args, "excludeZoneIds").includes(zone.id));
    return {
      ...args,
      id: region,
      region,
      names: zones.map((zone) => zone.name),
      zoneIds: zones.map((zone) => zone.id),
      groupNames: [region],
    };
  },

  "aws:index/getAvailabilityZone:getAvailabilityZone": (args, { region }) => {
    const zone = zonesOf(region).find((one) => one.name === args["name"] || one.id === args["zoneId"]);
    if (zone === undefined) {
      return refuse(
        "InvalidParameterValue",
        `no zone ${String(args["name"] ?? args["zoneId"])} in ${region}`,
      );
    }
    return {
      ...args,
      id: zone.name,
      name: zone.name,
      nameSuffix: zone.name.slice(region.length),
      zoneId: zone.id,
      region,
      state: "available",
      zoneType: "availability-zone",
      optInStatus: "opt-in-not-required",
      groupName: region,
      groupLongName: region,
      networkBorderGroup: region,
      parentZoneId: "",
      parentZoneName: "",
    };
  },

  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,

  "aws:eks/getCluster:getCluster": (args, { account }) => {
    const { outputs } = requireCluster(account, text(args, "name") ?? "");
    const list = (key: string) => (outputs[key] === undefined ? [] : [outputs[key]]);
    return {
      ...outputs,
      tags: outputs["tagsAll"],
      accessConfigs: list("accessConfig"),
      kubernetesNetworkConfigs: list("kubernetesNetworkConfig"),
      upgradePolicies: list("upgradePolicy"),
    };
  },

  "aws:eks/getClusterAuth:getClusterAuth": (args, { account, region }) => {
    const { id } = requireCluster(account, text(args, "name") ?? "");
    return { id, name: id, region, token: rehearsalAddress()?.token ?? "k8s-aws-v1.simulated" };
  },

  "aws:eks/getAddonVersion:getAddonVersion": (args, { region }) => {
    const name = text(args, "addonName") ?? "";
    const version = newestAddonVersion(name, text(args, "kubernetesVersion") ?? "");
    return { ...args, id: name, region, version };
  },

  "aws:ec2/getVpc:getVpc": (args, { account }) => {
    const wanted = text(args, "id");
    if (flag(args, "default") === true)
      refuse("InvalidVpcID.NotFound", "the simulated account has no default VPC");
    const found = account
      .list(VPC)
      .filter((vpc) => (wanted ?? vpc.id) === vpc.id && matches(vpc, args, { "vpc-id": vpc.id }));
    const [vpc] = found;
    if (vpc === undefined) return refuse("InvalidVpcID.NotFound", `no VPC matches ${JSON.stringify(args)}`);
    if (found.length > 1) return refuse("MultipleVpcs", `${found.length} VPCs match ${JSON.stringify(args)}`);
    return {
      ...vpc.outputs,
      default: false,
      state: "available",
      cidrBlockAssociations: [],
      tags: vpc.outputs["tagsAll"],
    };
  },

  "aws:ec2/getSubnets:getSubnets": (args, { account, region }) => {
    const found = account.list(SUBNET).filter((subnet) =>
      matches(subnet, args, {
        "vpc-id": subnet.inputs["vpcId"],
        "subnet-id": subnet.id,
        "availability-zone": subnet.outputs["availabilityZone"],
      }),
    );
    return { ...args, id: region, region, ids: found.map((subnet) => subnet.id), tags: bagAt(args, "tags") };
  },
};

/** The answer to a data source; an unknown one is refused. */
export function dataSource(token: string): DataSource {
  const found = dataSources[token];
  if (found === undefined) {
    throw new Error(
      `the simulated AWS does not know the data source ${token}; add it to rehearsal/plugins/aws/data-sources.ts`,
    );
  }
  return found;
}

/** EC2's filters: all of them must hold, each for one of its values; tags by `tag:<key>` or by the `tags` argument. */
function matches(object: StoredObject, args: Inputs, fields: Readonly<Record<string, unknown>>): boolean {
  const tags = bagAt(object.outputs, "tagsAll");
  const byTags = Object.entries(bagAt(args, "tags")).every(([key, value]) => tags[key] === value);
  return (
    byTags &&
    bags(args, "filters").every((filter) => {
      const name = String(filter["name"]);
      const value = name.startsWith("tag:") ? tags[name.slice("tag:".length)] : fields[name];
      if (!name.startsWith("tag:") && !(name in fields)) {
        return refuse("InvalidParameterValue", `the simulated AWS does not know the filter ${name}`);
      }
      return items(filter, "values").includes(value);
    })
  );
}
