import assert from "node:assert/strict";
import { AuthorizationPolicy } from "@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy";
import { PeerAuthentication } from "@kubernetes-models/istio/security.istio.io/v1/PeerAuthentication";

import { allowIngress, allowNothing, Security, strictMutualTls } from "../../mesh/security.ts";
import { collect, find, testProviders, type Recorded } from "../helpers/mocks.ts";

function security(): Promise<Recorded[]> {
  return collect(() => {
    new Security(
      "security",
      { environment: "qa", gatewayPorts: [80, 443] },
      { provider: testProviders().kubernetes },
    );
  });
}

describe("mesh-wide security", () => {
  it("demands mutual TLS everywhere", () => {
    const peers = strictMutualTls("qa");
    new PeerAuthentication(peers).validate();
    assert.equal(peers.metadata.namespace, "istio-system");
    assert.deepEqual(peers["spec"], { mtls: { mode: "STRICT" } });
  });

  it("allows nothing by default: a policy without selector and rules in the root namespace", () => {
    const deny = allowNothing("qa");
    new AuthorizationPolicy(deny).validate();
    assert.equal(deny.metadata.namespace, "istio-system");
    assert.deepEqual(deny["spec"], {});
  });

  it("allows requests into the ingress gateway at its ports, and into nothing else", () => {
    const allow = allowIngress("qa", [80, 443]);
    new AuthorizationPolicy(allow).validate();
    assert.deepEqual(allow["spec"], {
      selector: { matchLabels: { istio: "ingressgateway" } },
      action: "ALLOW",
      rules: [{ to: [{ operation: { ports: ["80", "443"] } }] }],
    });
  });

  it("is denied before it is allowed", async () => {
    const resources = await security();
    const type = "kubernetes:security.istio.io/v1:AuthorizationPolicy";
    const deny = find(resources, type, "security-authorizationpolicy-allow-nothing");
    const allow = find(resources, type, "security-authorizationpolicy-allow-istio-ingressgateway");
    assert.ok(allow.dependsOn.includes(deny.urn));
  });
});
