import assert from "node:assert/strict";

import { istioVersion } from "../../lib/versions.ts";
import { cniValues } from "../../mesh/cni-values.ts";
import { cniNamespace } from "../../mesh/cni.ts";
import { istiodValues } from "../../mesh/istiod-values.ts";
import { Istio, istioNamespace } from "../../mesh/istio.ts";
import { graphOf } from "../helpers/graph.ts";
import { collect, find, testProviders, type Recorded } from "../helpers/mocks.ts";

const replicas = { minReplicas: 2, maxReplicas: 5 };
const values = istiodValues({ replicas, meshId: "qa-mesh", network: "qa-network", clusterName: "qa-eks" });

function istio(): Promise<Recorded[]> {
  return collect(() => {
    new Istio(
      "istio",
      {
        environment: "qa",
        replicas,
        meshId: "qa-mesh",
        clusterName: "qa-eks",
      },
      { provider: testProviders().kubernetes },
    );
  });
}

describe("istiod's values", () => {
  it("say who and where the mesh is", () => {
    const { global } = values as { global: Record<string, unknown> };
    assert.equal(global["meshID"], "qa-mesh");
    assert.equal(global["network"], "qa-network");
    assert.deepEqual(global["multiCluster"], { clusterName: "qa-eks" });
    assert.deepEqual([global["hub"], global["tag"]], ["docker.io/istio", istioVersion]);
  });

  it("let a workload reach what is declared only, and log every request as JSON", () => {
    const { meshConfig } = values as { meshConfig: Record<string, unknown> };
    assert.deepEqual(meshConfig["outboundTrafficPolicy"], { mode: "REGISTRY_ONLY" });
    assert.deepEqual([meshConfig["accessLogFile"], meshConfig["accessLogEncoding"]], ["/dev/stdout", "JSON"]);
    assert.equal(meshConfig["trustDomain"], "cluster.local");
  });

  it("demand native sidecars", () => {
    assert.deepEqual(values["env"], { ENABLE_NATIVE_SIDECARS: "true" });
  });

  it("leave the redirection of traffic to the plugin on the node", () => {
    assert.deepEqual(values["cni"], { enabled: true });
  });

  it("bound the replicas as configured", () => {
    assert.deepEqual([values["autoscaleMin"], values["autoscaleMax"]], [2, 5]);
  });
});

describe("the CNI's values", () => {
  it("take the images of the one version", () => {
    const { global } = cniValues() as { global: Record<string, unknown> };
    assert.deepEqual([global["hub"], global["tag"]], ["docker.io/istio", istioVersion]);
  });

  it("repair pods in place, which needs no right over other pods", () => {
    assert.deepEqual(cniValues()["repair"], { enabled: true, repairPods: true });
  });
});

describe("istio-cni", () => {
  const labels = cniNamespace("qa").metadata.labels ?? {};

  it("admits the pods that work on the node", () => {
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "privileged");
  });

  it("has no label that speaks of injection", () => {
    assert.deepEqual(
      Object.keys(labels).filter((label) => /inject|istio\.io\/rev/.test(label)),
      [],
    );
  });
});

describe("istio-system", () => {
  it("has no label that speaks of injection, for the gateway's pods ask for it themselves", () => {
    const labels = Object.keys(istioNamespace("qa", "qa-network").metadata.labels ?? {});
    assert.deepEqual(
      labels.filter((label) => /inject|istio\.io\/rev/.test(label)),
      [],
    );
  });
});

describe("Istio", () => {
  it("comes as namespace, kinds, plugin on the nodes and control plane, in this order", async () => {
    const resources = await istio();
    const graph = graphOf(resources);
    const space = find(resources, "kubernetes:core/v1:Namespace", "istio-namespace-istio-system");
    const cniSpace = find(resources, "kubernetes:core/v1:Namespace", "istio-cni-namespace-istio-cni");
    const base = find(resources, "kubernetes:helm.sh/v3:Release", "istio-base");
    const istiod = find(resources, "kubernetes:helm.sh/v3:Release", "istio-istiod");
    const cni = find(resources, "kubernetes:helm.sh/v3:Release", "istio-cni-release");
    assert.deepEqual(base.dependsOn, [space.urn]);
    assert.deepEqual(cni.dependsOn, [cniSpace.urn]);
    assert.ok(graph.follows(cni, base));
    assert.ok(graph.follows(istiod, cni));
    assert.deepEqual(
      [base, cni, istiod].map(({ inputs }) => inputs["name"]),
      ["istio-base", "istio-cni", "istiod"],
    );
  });

  it("is of one version", async () => {
    const releases = (await istio()).filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
    assert.deepEqual(new Set(releases.map(({ inputs }) => inputs["version"])), new Set([istioVersion]));
  });

  it("gives istiod the platform's values", async () => {
    const istiod = find(await istio(), "kubernetes:helm.sh/v3:Release", "istio-istiod");
    assert.deepEqual(istiod.inputs["values"], values);
  });
});
