import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { programConfig, readBag, type ConfigSource } from "./config.ts";
import { fail } from "./errors.ts";

export const layerNames = ["infra", "mesh", "apps", "argocd"] as const;
export type LayerName = (typeof layerNames)[number];

/** `composed`: one stack holds every layer. `layered`: each layer is a project of its own, joined by references. */
export type Topology = "composed" | "layered";

const environmentSchema = z.object({
  topology: z.enum(["composed", "layered"]),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region name such as ap-south-1"),
  accountId: z.string().regex(/^\d{12}$/, "the 12 digits of an AWS account"),
  domain: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "a DNS domain such as mesh.example.com"),
  owner: z.string().min(1),
  costCentre: z.string().min(1),
});

/** What is true of the environment as a whole: the `platform:` bag and the stack's name. */
export interface Environment extends z.infer<typeof environmentSchema> {
  /** The stack's name: `qa`, `prod`. */
  name: string;
}

/** Reads the environment; the name defaults to the running stack's. */
export function readEnvironment(
  source: ConfigSource = programConfig,
  name: string = pulumi.getStack(),
): Environment {
  return { name, ...readBag("platform", environmentSchema, source) };
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
