import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";

import { meshConfig } from "../../mesh/config.ts";
import { meshContract } from "../../mesh/contract.ts";
import { Mesh } from "../../mesh/layer.ts";
import { exportContract } from "../../lib/contract.ts";
import { graphOf } from "../helpers/graph.ts";
import { collect, find, runUnderMocks, testProviders } from "../helpers/mocks.ts";
import { placeOf, sourceOf } from "../helpers/placed.ts";

function mesh(): Mesh {
  return new Mesh(
    "mesh",
    {
      ...meshConfig(sourceOf("qa")),
      ...placeOf("qa"),
      infra: { clusterName: pulumi.output("qa-eks"), loadBalancerClass: pulumi.output("") },
    },
    { provider: testProviders().kubernetes },
  );
}

describe("the mesh layer", () => {
  it("creates nothing but Istio's kinds and its plugin, with their namespaces, before istiod answers", async () => {
    const resources = await collect(mesh);
    const graph = graphOf(resources);
    const istiod = find(resources, "kubernetes:helm.sh/v3:Release", "mesh-istio-istiod");
    const early = graph
      .layer("mesh")
      .filter((resource) => resource.custom && resource !== istiod && !graph.follows(resource, istiod));
    assert.deepEqual(
      early.map(({ name }) => name),
      [
        "mesh-istio-namespace-istio-system",
        "mesh-istio-base",
        "mesh-istio-cni-namespace-istio-cni",
        "mesh-istio-cni-release",
      ],
    );
  });

  it("lets the gateway answer only once the mesh is closed and the limits are set", async () => {
    const resources = await collect(mesh);
    const graph = graphOf(resources);
    const gateway = find(resources, "kubernetes:helm.sh/v3:Release", "mesh-gateway-release");
    const first = resources.filter(({ type }) =>
      /AuthorizationPolicy|PeerAuthentication|EnvoyFilter/.test(type),
    );
    assert.equal(first.length, 5);
    for (const resource of first) assert.ok(graph.follows(gateway, resource), resource.name);
  });

  it("keeps its contract", async () => {
    const { outputs } = await runUnderMocks(() => exportContract(meshContract, mesh()));
    assert.deepEqual(Object.keys(outputs).sort(), Object.keys(meshContract.shape).sort());
    assert.deepEqual(outputs["injectionLabels"], { "istio.io/rev": "default" });
    assert.equal(outputs["meshId"], "qa-mesh");
    assert.equal(outputs["gatewayName"], "istio-ingressgateway");
    assert.match(String(outputs["gatewayHostname"]), /amazonaws\.com$/);
  });

  it("hands its outputs to the engine under the names of its contract", async () => {
    const component = find(await collect(mesh), "platform:mesh:Mesh");
    assert.deepEqual(Object.keys(component.outputs).sort(), Object.keys(meshContract.shape).sort());
  });
});
