import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SimulatedAws } from "../../../../rehearsal/plugins/aws/provider.ts";
import type { CheckFailure, DiffResult, Inputs } from "../../../../rehearsal/plugins/provider.ts";

export const ACCOUNT = "111122223333";
export const REGION = "ap-south-1";

const SEED = new Uint8Array([1, 2, 3]);
const signal = new AbortController().signal;

/** What the engine would remember of a resource. */
export interface Known {
  type: string;
  name: string;
  urn: string;
  id: string;
  inputs: Inputs;
  outputs: Inputs;
}

/** Drives a simulated account the way the engine does: check, then diff, then create, update or delete. */
export class Driver {
  readonly directory: string;
  readonly aws: SimulatedAws;
  readonly stack: string;

  private constructor(directory: string, stack: string) {
    this.directory = directory;
    this.stack = stack;
    this.aws = new SimulatedAws(directory, ACCOUNT);
  }

  static async start(
    config: Inputs = {},
    directory = mkdtempSync(join(tmpdir(), "simulated-aws-")),
    stack = "qa",
  ): Promise<Driver> {
    const driver = new Driver(directory, stack);
    await driver.aws.configure({ region: REGION, ...config });
    return driver;
  }

  /** A second plugin process on the same account, for another stack. */
  beside(stack: string, config: Inputs = {}): Promise<Driver> {
    return Driver.start(config, this.directory, stack);
  }

  stop(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  async check(
    type: string,
    name: string,
    news: Inputs,
    olds: Inputs = {},
  ): Promise<{ inputs: Inputs; failures: CheckFailure[] }> {
    const { inputs, failures = [] } = await this.aws.check({
      urn: this.urn(type, name),
      type,
      name,
      news,
      olds,
      seed: SEED,
    });
    return { inputs, failures };
  }

  async create(type: string, name: string, news: Inputs): Promise<Known> {
    const inputs = await this.checked(type, name, news);
    const request = { urn: this.urn(type, name), type, name, inputs, preview: false, timeout: 0, signal };
    const { id, outputs } = await this.aws.create(request);
    return { type, name, urn: request.urn, id, inputs, outputs };
  }

  async preview(type: string, name: string, news: Inputs): Promise<Inputs> {
    const inputs = await this.checked(type, name, news);
    const request = { urn: this.urn(type, name), type, name, inputs, preview: true, timeout: 0, signal };
    return (await this.aws.create(request)).outputs;
  }

  async diff(known: Known, news: Inputs, ignoreChanges: string[] = []): Promise<DiffResult> {
    const newInputs = await this.checked(known.type, known.name, news, known.inputs);
    return this.aws.diff({
      ...known,
      oldInputs: known.inputs,
      oldOutputs: known.outputs,
      newInputs,
      ignoreChanges,
    });
  }

  async update(known: Known, news: Inputs, preview = false): Promise<Known> {
    const newInputs = await this.checked(known.type, known.name, news, known.inputs);
    const { outputs } = await this.aws.update({
      ...known,
      oldInputs: known.inputs,
      oldOutputs: known.outputs,
      newInputs,
      preview,
      timeout: 0,
      ignoreChanges: [],
      signal,
    });
    return { ...known, inputs: newInputs, outputs };
  }

  async read(known: Known): Promise<Inputs | undefined> {
    return (await this.aws.read({ ...known, signal }))?.outputs;
  }

  async delete(known: Known): Promise<void> {
    await this.aws.delete({ ...known, timeout: 0, signal });
  }

  async invoke(token: string, args: Inputs = {}): Promise<Inputs> {
    return (await this.aws.invoke({ token, args })).result;
  }

  private async checked(type: string, name: string, news: Inputs, olds: Inputs = {}): Promise<Inputs> {
    const { inputs, failures } = await this.check(type, name, news, olds);
    if (failures.length > 0) throw new Error(failures.map((f) => `${f.property}: ${f.reason}`).join("; "));
    return inputs;
  }

  private urn(type: string, name: string): string {
    return `urn:pulumi:${this.stack}::platform::${type}::${name}`;
  }
}

export const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

export interface Network {
  vpc: Known;
  subnets: Known[];
  subnetIds: string[];
}

/** A VPC with one private subnet in each of three zones. */
export async function makeNetwork(driver: Driver): Promise<Network> {
  const vpc = await driver.create("aws:ec2/vpc:Vpc", "net", { cidrBlock: "10.20.0.0/16" });
  const subnets: Known[] = [];
  for (const [index, zone] of ["a", "b", "c"].entries()) {
    subnets.push(
      await driver.create("aws:ec2/subnet:Subnet", `net-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: `10.20.${index * 32}.0/19`,
        availabilityZone: `${REGION}${zone}`,
      }),
    );
  }
  return { vpc, subnets, subnetIds: subnets.map((subnet) => subnet.id) };
}

export interface ClusterWorld extends Network {
  role: Known;
  cluster: Known;
}

/** A cluster with API authentication in such a network. */
export async function makeCluster(driver: Driver, more: Inputs = {}): Promise<ClusterWorld> {
  const network = await makeNetwork(driver);
  const role = await driver.create("aws:iam/role:Role", "cluster-role", { assumeRolePolicy: trust });
  const cluster = await driver.create("aws:eks/cluster:Cluster", "main", {
    roleArn: role.outputs["arn"],
    version: "1.36",
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    vpcConfig: { subnetIds: network.subnetIds },
    ...more,
  });
  return { ...network, role, cluster };
}

/** A group of two nodes in such a cluster, called "app". */
export async function makeNodeGroup(driver: Driver, world: ClusterWorld, more: object = {}): Promise<Known> {
  const role = await driver.create("aws:iam/role:Role", `nodes-${Math.random().toString(36).slice(2, 8)}`, {
    assumeRolePolicy: trust,
  });
  return driver.create("aws:eks/nodeGroup:NodeGroup", "app", {
    clusterName: world.cluster.id,
    nodeGroupName: "app",
    nodeRoleArn: role.outputs["arn"],
    subnetIds: world.subnetIds,
    instanceTypes: ["t3.medium"],
    scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 4 },
    ...more,
  });
}
