import assert from "node:assert/strict";

import { calculator } from "../../systems/calculator.ts";
import { milliseconds } from "../../systems/units.ts";

const byName = Object.fromEntries(calculator.services.map((service) => [service.name, service]));
const backends = ["add-service", "subtract-service", "multiply-service"];

describe("the calculator", () => {
  it("has its four services at their ports, each in two versions", () => {
    assert.deepEqual(Object.fromEntries(calculator.services.map(({ name, port }) => [name, port])), {
      "calculator-api": 8000,
      "add-service": 8001,
      "subtract-service": 8002,
      "multiply-service": 8003,
    });
    for (const { versions } of calculator.services)
      assert.deepEqual(
        versions.map(({ name }) => name),
        ["v1", "v2"],
      );
  });

  it("splits requests as its users know it", () => {
    assert.deepEqual(
      Object.fromEntries(calculator.services.map(({ name, rollout }) => [name, rollout.weights])),
      {
        "calculator-api": { v1: 80, v2: 20 },
        "add-service": { v1: 70, v2: 30 },
        "subtract-service": { v1: 60, v2: 40 },
        "multiply-service": { v1: 50, v2: 50 },
      },
    );
  });

  it("breaks the circuit of every backend after five errors, for half a minute, for half of the replicas at most", () => {
    for (const name of backends) {
      assert.deepEqual(byName[name]?.resilience.breaker, {
        consecutive5xxErrors: 5,
        interval: "30s",
        baseEjectionTime: "30s",
        maxEjectionPercent: 50,
      });
    }
  });

  it("lets only the gateway call the api, and only the api the backends", () => {
    assert.deepEqual(byName["calculator-api"]?.callers, [{ kind: "ingress" }]);
    for (const name of backends)
      assert.deepEqual(byName[name]?.callers, [{ kind: "service", name: "calculator-api" }]);
  });

  it("tells the api where its backends are", () => {
    assert.deepEqual(byName["calculator-api"]?.environment, {
      ADD_SERVICE_URL: "http://add-service:8001",
      SUBTRACT_SERVICE_URL: "http://subtract-service:8002",
      MULTIPLY_SERVICE_URL: "http://multiply-service:8003",
    });
  });

  it("gives a backend time to give up before the api's try does", () => {
    const api = byName["calculator-api"];
    assert.ok(api);
    for (const name of backends) {
      const backend = byName[name];
      assert.ok(backend);
      assert.ok(
        milliseconds(backend.resilience.timeout) < milliseconds(api.resilience.retries.perTryTimeout),
      );
    }
  });

  it("reads one secret in all four services, and calculator-sa may read it too", () => {
    assert.equal(calculator.secrets?.length, 1);
    assert.deepEqual(calculator.secrets?.[0]?.readers, Object.keys(byName));
    assert.equal(calculator.secrets?.[0]?.serviceAccount, "calculator-sa");
  });

  it("keeps the name of the api's routes that its users look for", () => {
    assert.equal(byName["calculator-api"]?.virtualService, "calculator-api-main");
  });
});
