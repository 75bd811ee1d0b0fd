import { z } from "zod";

import { overlaps, parseCidr } from "../lib/cidr.ts";
import { programConfig, readBag, type ConfigSource } from "../lib/config.ts";
import { fail } from "../lib/errors.ts";
import { checkVersions } from "../lib/versions.ts";
import { accessSchema, clusterSchema } from "./config/cluster.ts";
import { networkSchema } from "./config/network.ts";
import { nodeGroupsSchema } from "./config/node-groups.ts";

export type { AccessConfig, ClusterConfig } from "./config/cluster.ts";
export type { NetworkConfig } from "./config/network.ts";
export type { NodeGroupConfig } from "./config/node-groups.ts";

const registrySchema = z.strictObject({
  /** Days after which an image that no tag names is removed. @default 14 */
  untaggedDays: z.int().min(1, "at least 1 day").default(14),
  /** Images that each repository keeps, the newest first. @default 100 */
  keepImages: z.int().min(10, "at least 10, so that the images that run are among them").default(100),
  /** A repository may be destroyed with the images in it. @default false */
  forceDelete: z.boolean().default(false),
});

const secretsSchema = z.strictObject({
  /** Days for which a deleted entry can be restored, and its name is taken; 0 deletes at once. @default 30 */
  recoveryDays: z
    .int()
    .refine((days) => days === 0 || (days >= 7 && days <= 30), "0, or 7 to 30 days")
    .default(30),
});

const controllersSchema = z.strictObject({
  /** Replicas of each controller that runs as a deployment. @default 2 */
  replicas: z.int().min(1, "1 to 5").max(5, "1 to 5").default(2),
});

const infraSchema = z.object({
  network: networkSchema,
  cluster: clusterSchema,
  nodeGroups: nodeGroupsSchema,
  access: accessSchema.default({}),
  registry: registrySchema.prefault({}),
  secrets: secretsSchema.prefault({}),
  controllers: controllersSchema.prefault({}),
});

/** The `infra:` bag, checked. */
export type InfraConfig = z.infer<typeof infraSchema>;
export type RegistryConfig = InfraConfig["registry"];

/**
 * Reads the infra layer's configuration.
 *
 * @throws PlatformError CONFIG_INVALID, CONFIG_MISSING, CONFIG_UNKNOWN_KEY, CIDR_INVALID, CIDR_OVERLAP, VERSION_UNSUPPORTED
 */
export function infraConfig(source: ConfigSource = programConfig): InfraConfig {
  const config = readBag("infra", infraSchema, source);
  checkVersions(config.cluster.version);
  checkZones(config.network.zones, source("platform")["region"]);
  checkBlocks(config.network.cidr, config.cluster.serviceCidr);
  return config;
}

/** The environment itself complains where it has no region. */
function checkZones(zones: readonly string[], region: string | undefined): void {
  const foreign = zones.find((zone) => region !== undefined && !isZoneOf(zone, region));
  if (foreign === undefined) return;
  fail({
    id: "CONFIG_INVALID",
    key: "infra:network.zones",
    value: foreign,
    rule: `a zone of region ${region}, such as ${region}a`,
    remedy: "Name zones of the environment's region, or correct platform:region.",
  });
}

function isZoneOf(zone: string, region: string): boolean {
  return zone.length === region.length + 1 && zone.startsWith(region) && /[a-z]$/.test(zone);
}

function checkBlocks(vpc: string, services: string): void {
  if (!overlaps(parseCidr(vpc), parseCidr(services))) return;
  fail({
    id: "CIDR_OVERLAP",
    key: "infra:network.cidr",
    value: vpc,
    rule: `it shares addresses with the cluster's services, ${services}`,
    remedy: "Move one of them: infra:network.cidr or infra:cluster.serviceCidr.",
  });
}
