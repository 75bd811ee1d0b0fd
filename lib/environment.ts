import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { programConfig, readBag, type ConfigSource } from "./config.ts";
import { fail } from "./errors.ts";

export const layerNames = ["infra", "mesh", "apps", "argocd"] as const;
export type LayerName = (typeof layerNames)[number];

/** `composed`: one stack holds every layer. `layered`: each layer is a project of its own, joined by references. */
export type Topology = "composed" | "layered";

/** What every service of AWS takes as a tag, and what survives in an annotation that lists tags as `key=value,key=value`. */
const tagValue = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9 ._:/@+-]{0,254}[A-Za-z0-9])?$/,
    "a tag's value: letters, digits, spaces and . _ : / @ + - only, at most 256, a letter or digit first and last",
  );

const environmentSchema = z.object({
  topology: z.enum(["composed", "layered"]),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region name such as ap-south-1"),
  accountId: z.string().regex(/^\d{12}$/, "the 12 digits of an AWS account"),
  domain: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "a DNS domain such as mesh.example.com"),
  owner: tagValue,
  costCentre: tagValue,
});

/** What is true of the environment as a whole: the `platform:` bag and the stack's name. */
export interface Environment extends z.infer<typeof environmentSchema> {
  /** The stack's name: `qa`, `prod`; at most 16 lower-case letters, digits and hyphens, a letter first. */
  name: string;
}

/**
 * Reads the environment; the name defaults to the running stack's.
 *
 * @throws PlatformError CONFIG_INVALID, CONFIG_MISSING or CONFIG_UNKNOWN_KEY
 */
export function readEnvironment(
  source: ConfigSource = programConfig,
  name: string = pulumi.getStack(),
): Environment {
  checkEnvironmentName(name);
  return { name, ...readBag("platform", environmentSchema, source) };
}

/** The name goes into hosts, IAM and cluster names, repositories and folders: it must be right, and short, in all of them. */
function checkEnvironmentName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,15}$/.test(name)) return;
  fail({
    id: "CONFIG_INVALID",
    key: "environment",
    value: name,
    rule: "an environment's name is at most 16 lower-case letters, digits and hyphens, beginning with a letter",
    remedy: "Rename the stack and its Pulumi.<environment>.yaml.",
  });
}

/**
 * Refuses an entry point of the wrong topology: the two forms are different state for the same cloud objects, so that running
 * the other one would try to create everything a second time.
 */
export function requireTopology(environment: Environment, topology: Topology): void {
  if (environment.topology === topology) return;
  const remedy =
    environment.topology === "composed"
      ? `Run 'platform up ${environment.name}', or 'pulumi up -s ${environment.name}' at the root.`
      : `Run 'platform up ${environment.name}', or 'pulumi up -s ${environment.name}' in ${layerNames.join("/, ")}/, in that order.`;
  fail({
    id: "TOPOLOGY_WRONG",
    key: "platform:topology",
    value: environment.topology,
    rule: `this program is for ${topology} environments`,
    remedy,
  });
}
