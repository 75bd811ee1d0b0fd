import assert from "node:assert/strict";

import { applyManifests, manifestName, tokenOf, type Manifest } from "../../lib/manifests.ts";
import { collect, testProviders } from "../helpers/mocks.ts";

const service: Manifest = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "add", namespace: "calculator" },
};
const deployment: Manifest = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "add-v1", namespace: "calculator" },
};

describe("manifests", () => {
  it("have the token of the provider's own classes", () => {
    assert.equal(tokenOf(service), "kubernetes:core/v1:Service");
    assert.equal(tokenOf(deployment), "kubernetes:apps/v1:Deployment");
    const istio = { apiVersion: "networking.istio.io/v1", kind: "VirtualService" };
    assert.equal(tokenOf(istio), "kubernetes:networking.istio.io/v1:VirtualService");
  });

  it("are named by kind and name", () => {
    assert.equal(manifestName(deployment), "deployment-add-v1");
  });

  it("are created as they are, one resource each", async () => {
    const resources = await collect(() => {
      const { kubernetes } = testProviders();
      assert.equal(applyManifests("calculator", [service, deployment], { provider: kubernetes }).length, 2);
    });
    const objects = resources.filter(({ provider }) => provider === "kubernetes-test");
    assert.deepEqual(
      objects.map(({ name, type, inputs }) => ({ name, type, inputs })),
      [
        { name: "calculator-service-add", type: "kubernetes:core/v1:Service", inputs: service },
        { name: "calculator-deployment-add-v1", type: "kubernetes:apps/v1:Deployment", inputs: deployment },
      ],
    );
  });
});
