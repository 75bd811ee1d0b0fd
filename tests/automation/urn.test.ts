import assert from "node:assert/strict";

import { isInternal, isLayerComponent, layerOf, nameOf, targetsOf } from "../../automation/urn.ts";
import { urnOf } from "./events.ts";

describe("names in a URN", () => {
  it("shows a resource by its own type and its name", () => {
    const urn = urnOf("platform:infra:Infra$eks:index:Cluster$aws:eks/cluster:Cluster", "infra-eksCluster");
    assert.deepEqual(nameOf(urn), { type: "aws:eks/cluster:Cluster", name: "infra-eksCluster" });
  });

  it("keeps a name that holds the separators of a URN", () => {
    assert.equal(nameOf(urnOf("kubernetes:core/v1:Secret", "a::b$c")).name, "a::b$c");
  });

  it("finds a resource's layer by the component at the top of its types", () => {
    assert.equal(layerOf(urnOf("platform:mesh:Mesh$kubernetes:core/v1:Namespace", "apps-x")), "mesh");
    assert.equal(layerOf(urnOf("platform:argocd:Argocd", "argocd")), "argocd");
  });

  it("finds a provider's layer by the end of its name", () => {
    assert.equal(layerOf(urnOf("pulumi:providers:kubernetes", "kubernetes-apps")), "apps");
    assert.equal(layerOf(urnOf("pulumi:providers:aws", "default_7_48_0")), undefined);
  });

  it("does not take a component of lib/ for a layer", () => {
    assert.equal(layerOf(urnOf("platform:lib:IrsaRole", "x")), undefined);
  });

  it("knows the stack and references to other stacks as internal", () => {
    assert.ok(isInternal(urnOf("pulumi:pulumi:Stack", "platform-qa")));
    assert.ok(isInternal(urnOf("pulumi:pulumi:StackReference", "organization/platform-infra/qa")));
    assert.ok(!isInternal(urnOf("pulumi:providers:aws", "aws-infra")));
  });

  it("tells the layer's own component from others of the layer", () => {
    assert.ok(isLayerComponent(urnOf("platform:infra:Infra", "infra"), "infra"));
    assert.ok(
      !isLayerComponent(urnOf("platform:infra:Infra$platform:infra:Network", "infra-network"), "infra"),
    );
  });

  it("targets a layer's component, what is under it, and its providers", () => {
    const matches = (urn: string): boolean =>
      targetsOf("qa", "platform", "infra").some((glob) => globToRegExp(glob).test(urn));
    assert.ok(matches(urnOf("platform:infra:Infra", "infra")));
    assert.ok(matches(urnOf("platform:infra:Infra$awsx:ec2:Vpc$aws:ec2/vpc:Vpc", "infra-vpc")));
    assert.ok(matches(urnOf("pulumi:providers:aws", "aws-infra")));
    assert.ok(!matches(urnOf("pulumi:providers:kubernetes", "kubernetes-mesh")));
    assert.ok(!matches(urnOf("platform:mesh:Mesh", "mesh")));
  });
});

/** The engine's own reading: `**` is anything, `*` anything but a colon. */
function globToRegExp(glob: string): RegExp {
  const escaped = glob.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("**", "\0").replaceAll("*", "[^:]*").replaceAll("\0", ".*")}$`);
}
