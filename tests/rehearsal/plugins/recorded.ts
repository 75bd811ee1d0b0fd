import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";

import type { Inputs } from "../../../rehearsal/plugins/provider.ts";

/** One resource as the engine would be asked for it; others are named `type::name`. */
export interface Recorded {
  type: string;
  name: string;
  inputs: Inputs;
  parent: string;
  dependsOn: string[];
  ignoreChanges: string[];
  provider: string;
}

/** Answers to data sources, by token. */
type Answers = Record<string, (args: Inputs) => Inputs>;

const answers: Answers = {
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:eks/getAddonVersion:getAddonVersion": (args) => ({ version: `newest-${String(args["addonName"])}` }),
};

/**
 * Runs a component under mocks and gives back what it asked for. An unknown data source fails the run. Ids are `<name>-id`, and an
 * object whose name the program does not give is called `<name>-0000000`.
 */
export async function record(make: () => pulumi.ComponentResource & { state: pulumi.Inputs }): Promise<{
  resources: Recorded[];
  state: Inputs;
}> {
  const resources: Recorded[] = [];
  let request: RegisterResourceRequest | undefined;
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        resources.push({
          type: args.type,
          name: args.name,
          inputs: args.inputs as Inputs,
          parent: short(request?.getParent() ?? ""),
          dependsOn: (request?.getDependenciesList() ?? []).map(short).sort(),
          ignoreChanges: request?.getIgnorechangesList() ?? [],
          provider: short(request?.getProvider() ?? ""),
        });
        return { id: `${args.name}-id`, state: outputs(args.type, args.name, args.inputs as Inputs) };
      },
      call({ token, inputs }) {
        const answer = answers[token];
        if (answer === undefined) throw new Error(`unexpected data source ${token}`);
        return answer(inputs as Inputs);
      },
    },
    "platform",
    "qa",
    false,
  );
  // The mocks are told neither parent nor dependencies; the request that they are called from holds them.
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (asked, callback) => {
    request = asked;
    return register(asked, callback);
  };
  const component = make();
  const state = await plain(component.state);
  await settled();
  return { resources, state };
}

interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: unknown): Promise<void>;
}

/** The one resource of that type and name. */
export function only(resources: readonly Recorded[], type: string, name: string): Recorded {
  const found = resources.filter((resource) => resource.type === type && resource.name === name);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(
      `${found.length} resources ${type}::${name}; there are ${resources.map((r) => `${r.type}::${r.name}`).join(", ")}`,
    );
  }
  return found[0];
}

/** Names of all resources of a type, sorted. */
export function namesOf(resources: readonly Recorded[], type: string): string[] {
  return resources
    .filter((resource) => resource.type === type)
    .map((resource) => resource.name)
    .sort();
}

/** A PATH on which an `aws` command is found. */
export function pathWithAws(): string {
  const directory = mkdtempSync(join(tmpdir(), "aws-on-path-"));
  writeFileSync(join(directory, "aws"), "#!/bin/sh\n");
  chmodSync(join(directory, "aws"), 0o755);
  return `${directory}${delimiter}${process.env["PATH"] ?? ""}`;
}

function outputs(type: string, name: string, inputs: Inputs): Inputs {
  const auto = (inputs["name"] as string | undefined) ?? `${name}-0000000`;
  switch (type) {
    case "aws:eks/cluster:Cluster":
      return {
        ...inputs,
        name: auto,
        arn: `arn:aws:eks:ap-south-1:111122223333:cluster/${auto}`,
        endpoint: "https://control-plane",
        certificateAuthority: { data: "Q0E=" },
        identities: [{ oidcs: [{ issuer: "https://issuer/id/1" }] }],
        vpcConfig: { ...(inputs["vpcConfig"] as Inputs), clusterSecurityGroupId: "sg-made-by-eks" },
      };
    case "aws:iam/role:Role":
      return { ...inputs, name: auto, arn: `arn:aws:iam::111122223333:role/${auto}` };
    case "aws:ecr/repository:Repository":
      return {
        ...inputs,
        name: auto,
        repositoryUrl: `111122223333.dkr.ecr.ap-south-1.amazonaws.com/${auto}`,
      };
    case "aws:iam/openIdConnectProvider:OpenIdConnectProvider":
      return { ...inputs, arn: "arn:aws:iam::111122223333:oidc-provider/issuer/id/1" };
    case "aws:ec2/securityGroupRule:SecurityGroupRule":
      return { ...inputs, securityGroupRuleId: `${name}-rule` };
    default:
      return inputs;
  }
}

/** All outputs in a state, awaited; resources stand as `type::name`. */
async function plain(state: pulumi.Inputs): Promise<Inputs> {
  const walk = async (value: unknown): Promise<unknown> => {
    if (pulumi.Output.isInstance(value)) return walk(await promise(value));
    if (pulumi.Resource.isInstance(value)) return short(await promise(value.urn));
    if (Array.isArray(value)) return Promise.all(value.map(walk));
    if (typeof value !== "object" || value === null) return value;
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, inner]) => [key, await walk(inner)] as const),
    );
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  };
  return (await walk(state)) as Inputs;
}

function promise<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    // An output that holds a resource keeps it: the walk looks at it afterwards.
    output.apply((value) => resolve(value));
  });
}

/** Registrations that nobody waits for finish within a few turns of the loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
}

/** `urn:pulumi:qa::platform::a$b$aws:x:Y::name` → `aws:x:Y::name`. */
function short(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return name === "" ? "" : `${types.split("$").pop() ?? ""}::${name}`;
}
