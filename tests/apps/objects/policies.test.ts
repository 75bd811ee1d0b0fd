import assert from "node:assert/strict";

import { authorizationPolicy } from "../../../apps/objects/authorization-policy.ts";
import { allowMesh, allowService, defaultDeny } from "../../../apps/objects/network-policy.ts";
import { Caller } from "../../../systems/types.ts";
import { calculatorOf, serviceOf } from "../../helpers/placed.ts";

const system = calculatorOf("qa");
const api = serviceOf(system, "calculator-api");
const add = serviceOf(system, "add-service");
const pods = (name: string): object => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } });
const podsIn = (namespace: string, labels: object): object => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: labels },
});

describe("network policies", () => {
  it("refuse every pod everything by default", () => {
    assert.deepEqual(defaultDeny(system)["spec"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it("let every pod ask for names, over either protocol, and speak to istiod, and nothing else", () => {
    assert.deepEqual(allowMesh(system)["spec"], {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [podsIn("kube-system", { "k8s-app": "kube-dns" })],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
        { to: [podsIn("istio-system", { app: "istiod" })], ports: [{ protocol: "TCP", port: 15012 }] },
      ],
    });
  });

  it("let the gateway in to the api, and the api out to its backends", () => {
    assert.deepEqual(allowService(system, api)["spec"], {
      ...pods("calculator-api"),
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [podsIn("istio-system", { istio: "ingressgateway" })],
          ports: [{ protocol: "TCP", port: 8000 }],
        },
      ],
      egress: [
        { to: [pods("add-service")], ports: [{ protocol: "TCP", port: 8001 }] },
        { to: [pods("subtract-service")], ports: [{ protocol: "TCP", port: 8002 }] },
        { to: [pods("multiply-service")], ports: [{ protocol: "TCP", port: 8003 }] },
      ],
    });
  });

  it("let the api in to a backend, and the backend out to nobody", () => {
    assert.deepEqual(allowService(system, add)["spec"], {
      ...pods("add-service"),
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [pods("calculator-api")], ports: [{ protocol: "TCP", port: 8001 }] }],
    });
  });
});

describe("authorization policies", () => {
  it("let exactly the gateway's identity in to the api, at its port", () => {
    assert.deepEqual(authorizationPolicy(system, api)["spec"], {
      selector: { matchLabels: { "app.kubernetes.io/name": "calculator-api" } },
      action: "ALLOW",
      rules: [
        {
          from: [{ source: { principals: ["cluster.local/ns/istio-system/sa/istio-ingressgateway"] } }],
          to: [{ operation: { ports: ["8000"] } }],
        },
      ],
    });
  });

  it("let exactly the api's identity in to every backend", () => {
    for (const service of system.services.filter(({ name }) => name !== "calculator-api")) {
      const { rules } = authorizationPolicy(system, service)["spec"] as { rules: { from: unknown }[] };
      assert.deepEqual(
        rules.map(({ from }) => from),
        [[{ source: { principals: ["cluster.local/ns/calculator/sa/calculator-api"] } }]],
      );
    }
  });

  it("refuse everyone where there is no caller", () => {
    const spec = authorizationPolicy(system, { ...add, callers: [] })["spec"] as object;
    assert.ok(!("rules" in spec));
  });

  it("do not depend on the order in which callers are declared", () => {
    const callers = [Caller.service("calculator-api"), Caller.service("multiply-service")];
    assert.deepEqual(
      authorizationPolicy(system, { ...add, callers }),
      authorizationPolicy(system, { ...add, callers: callers.toReversed() }),
    );
  });
});
