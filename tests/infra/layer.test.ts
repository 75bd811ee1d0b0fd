import assert from "node:assert/strict";

import { infraConfig } from "../../infra/config.ts";
import { infraContract } from "../../infra/contract.ts";
import { Infra } from "../../infra/layer.ts";
import { exportContract } from "../../lib/contract.ts";
import { readEnvironment } from "../../lib/environment.ts";
import { awsProvider } from "../../lib/providers.ts";
import { placeSystems } from "../../lib/systems.ts";
import { addonVersions, type AddonName } from "../../lib/versions.ts";
import { graphOf, type Graph } from "../helpers/graph.ts";
import { find, ofType, runUnderMocks, secretValue, type Recorded, type Run } from "../helpers/mocks.ts";
import { configOf, stacks, type Stack } from "../helpers/program.ts";

function infra(stack: Stack, preview = false): Promise<Run> {
  return runUnderMocks(
    () => {
      const environment = readEnvironment();
      const args = { ...infraConfig(), environment, systems: placeSystems(environment) };
      return exportContract(
        infraContract,
        new Infra("infra", args, { provider: awsProvider(environment, "infra") }),
      );
    },
    { stack, preview, config: configOf(stack) },
  );
}

for (const stack of stacks) {
  describe(`the infra layer of ${stack}`, () => {
    let resources: Recorded[] = [];
    let outputs: Run["outputs"] = {};
    let graph: Graph;
    before(async () => {
      ({ resources, outputs } = await infra(stack));
      graph = graphOf(resources);
    });

    it("keeps its contract", () => {
      assert.deepEqual(Object.keys(outputs).sort(), Object.keys(infraContract.shape).sort());
      assert.equal(outputs["clusterName"], `${stack}-eks`);
      assert.equal(outputs["kubernetesVersion"], "1.36");
      assert.equal(outputs["storageClass"], "gp3");
      assert.equal(outputs["loadBalancerClass"], "");
      assert.equal((outputs["privateSubnetIds"] as string[]).length, 3);
      assert.deepEqual(Object.keys(outputs["secretArns"] as object), [`${stack}/calculator/config`]);
      assert.deepEqual(
        outputs["kubeconfig"],
        secretValue((outputs["kubeconfig"] as { value: string }).value),
      );
    });

    it("is one component with everything below it, named after it", () => {
      const providers = ({ type, parent }: Recorded): boolean =>
        type === "pulumi:providers:aws" && (parent ?? "").includes("Stack");
      const rest = resources.filter((resource) => !providers(resource) && resource.name !== "infra");
      const below = new Set(graph.layer("infra").map(({ urn }) => urn));
      assert.deepEqual(
        rest.filter(({ urn }) => !below.has(urn)),
        [],
      );
      const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
      for (const { name, type, parent } of rest.filter((r) => !r.type.startsWith("pulumi:providers:"))) {
        assert.ok(name.startsWith(`${byUrn.get(parent ?? "")?.name}-`), `${type} ${name}`);
      }
    });

    it("can be previewed whole before anything exists", async () => {
      const urns = (list: readonly Recorded[]): string[] => list.map(({ urn }) => urn).sort();
      assert.deepEqual(urns((await infra(stack, true)).resources), urns(resources));
    });

    it("creates what runs on nodes after them, and so destroys it before them", () => {
      const nodes = ofType(resources, "eks:index:ManagedNodeGroup");
      assert.ok(nodes.length > 0);
      const onNodes = resources.filter(
        ({ type }) => type === "eks:index:Addon" || type.startsWith("kubernetes:"),
      );
      assert.equal(onNodes.length, 3 + 5);
      for (const later of onNodes) {
        for (const group of nodes) assert.ok(graph.follows(later, group), later.name);
      }
    });

    it("names the order of add-ons on each of them: the component leaves its place below the others", () => {
      const nodes = ofType(resources, "eks:index:ManagedNodeGroup").map(({ urn }) => urn);
      for (const { name, dependsOn } of ofType(resources, "eks:index:Addon")) {
        assert.ok(
          nodes.every((urn) => dependsOn.includes(urn)),
          name,
        );
      }
      const grant = find(
        resources,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "infra-addons-ebs-csi-AmazonEBSCSIDriverPolicy",
      );
      assert.ok(graph.follows(find(resources, "eks:index:Addon", "infra-addons-aws-ebs-csi-driver"), grant));
    });

    it("has the EKS add-ons that the cluster's component leaves out", () => {
      const addons = ofType(resources, "eks:index:Addon").map(({ inputs }) => inputs["addonName"]);
      assert.deepEqual(addons.sort(), ["aws-ebs-csi-driver", "coredns", "metrics-server"]);
    });

    it("takes no add-on in a version that somebody else chooses", () => {
      for (const { inputs, name } of ofType(resources, "eks:index:Addon")) {
        const version = addonVersions[inputs["addonName"] as AddonName]["1.36"];
        assert.equal(inputs["addonVersion"], version, name);
      }
    });

    it("hands its outputs to the engine under the names of its contract", () => {
      const component = find(resources, "platform:infra:Infra");
      assert.deepEqual(Object.keys(component.outputs).sort(), Object.keys(infraContract.shape).sort());
    });

    it("lets nodes leave through NAT: the network goes after them", () => {
      const vpc = find(resources, "awsx:ec2:Vpc");
      for (const group of ofType(resources, "eks:index:ManagedNodeGroup")) {
        assert.ok(group.parent !== undefined && graph.follows(group, vpc), group.name);
      }
    });

    it("goes to its cluster by a provider that is bound to the cluster's ARN", () => {
      const provider = find(resources, "pulumi:providers:kubernetes", "kubernetes-infra");
      assert.equal(provider.inputs["clusterIdentifier"], outputs["clusterArn"]);
      assert.deepEqual(provider.secrets, ["kubeconfig"]);
      const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
      assert.ok(objects.every((object) => object.provider === "kubernetes-infra"));
    });

    it("tags instances and what belongs to them like everything else", () => {
      const template = find(resources, "aws:ec2/launchTemplate:LaunchTemplate");
      const [{ tags }] = template.inputs["tagSpecifications"] as [{ tags: Record<string, string> }];
      assert.equal(tags["platform:environment"], stack);
      assert.equal(tags["platform:layer"], "infra");
      assert.equal(tags["Name"], `${stack}-eks-general`);
    });
  });
}

describe("qa and prod", () => {
  it("register the same infra but for its size: the difference is configuration alone", async () => {
    const kinds = await Promise.all(
      stacks.map(async (stack) => (await infra(stack)).resources.map(({ type, name }) => `${type} ${name}`)),
    );
    assert.deepEqual(kinds[0]?.sort(), kinds[1]?.sort());
  });
});
