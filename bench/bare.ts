/** The floor: a program that only registers what its plan says, each resource as the SDK's base classes make it. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { plainStackTraces } from "../lib/stack-traces.ts";
import type { Output, Planned, Text } from "./plan.ts";

class Provider extends pulumi.ProviderResource {
  constructor({ type, name }: Planned, inputs: pulumi.Inputs) {
    super(type.slice("pulumi:providers:".length), name, inputs, {
      version: versionOf(type.slice("pulumi:providers:".length)),
    });
  }
}

class Custom extends pulumi.CustomResource {
  constructor({ type, name }: Planned, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(type, name, inputs, { version: versionOf(type.slice(0, type.indexOf(":"))), ...opts });
  }
}

class Remote extends pulumi.ComponentResource {
  constructor({ type, name }: Planned, inputs: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super(type, name, inputs, { version: versionOf(type.slice(0, type.indexOf(":"))), ...opts }, true);
  }
}

class Component extends pulumi.ComponentResource {
  constructor({ type, name }: Planned, opts: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
    this.registerOutputs({});
  }
}

// The components of eks and awsx give out resources of these types; naming the classes loads them.
const loaded = [
  aws.eks.Cluster,
  aws.eks.NodeGroup,
  aws.ec2.Vpc,
  aws.ec2.Subnet,
  aws.ec2.SecurityGroup,
  aws.ecr.Repository,
];
if (loaded.some((type) => type === undefined)) throw new Error("@pulumi/aws is not complete");

plainStackTraces();
const made: pulumi.Resource[] = [];
for (const planned of JSON.parse(readFileSync(process.env["BENCH_PLAN"] ?? "", "utf8")) as Planned[])
  made.push(make(planned));

function make(planned: Planned): pulumi.Resource {
  const asked = Object.fromEntries(
    planned.asked.filter((key) => key !== "id").map((key) => [key, undefined]),
  );
  const inputs: pulumi.Inputs = { ...asked, ...(fill(planned.inputs) as pulumi.Inputs) };
  for (const key of planned.secrets) inputs[key] = pulumi.secret(inputs[key]);
  const dependsOn = planned.dependsOn.map((place) => made[place] as pulumi.Resource);
  const provider =
    planned.provider === undefined ? undefined : (made[planned.provider] as pulumi.ProviderResource);
  const providers = planned.providers.map((place) => made[place] as pulumi.ProviderResource);
  switch (planned.kind) {
    case "provider":
      return new Provider(planned, inputs);
    case "component":
      return new Component(planned, { dependsOn });
    case "remote":
      return new Remote(planned, inputs, { dependsOn, providers });
    case "custom": {
      const id = planned.id === undefined ? {} : { id: fill(planned.id) as pulumi.Input<string> };
      return new Custom(planned, inputs, { dependsOn, provider, ...id });
    }
  }
}

/** Puts the live outputs into the inputs. */
function fill(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fill);
  if (typeof value !== "object" || value === null) return value;
  if ("$resource" in value) return made[value.$resource as number];
  if (isText(value)) {
    const parts = value.$text.map((part) => (typeof part === "string" ? part : live(part)));
    return parts.length === 1 ? parts[0] : pulumi.concat(...(parts as pulumi.Input<string>[]));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]));
}

function live({ from, path: [first = "id", ...rest] }: Output): pulumi.Output<unknown> {
  const output = (made[from] as unknown as Record<string, pulumi.Output<unknown>>)[
    first
  ] as pulumi.Output<unknown>;
  return rest.reduce(
    (at, key) => at.apply((value) => (value as Record<string, unknown> | undefined)?.[key]),
    output,
  );
}

function isText(value: object): value is Text {
  return "$text" in value;
}

/** The engine asks for the plugin of the version that the package has. */
function versionOf(name: string): string {
  return (createRequire(import.meta.url)(`@pulumi/${name}/package.json`) as { version: string }).version;
}
