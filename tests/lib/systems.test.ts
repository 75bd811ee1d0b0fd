import assert from "node:assert/strict";
import fc from "fast-check";

import { placeAll, placeSystems } from "../../lib/systems.ts";
import type { System } from "../../systems/types.ts";
import { calculatorOf, placeOf, serviceOf } from "../helpers/placed.ts";
import { stacks } from "../helpers/program.ts";
import { raises } from "../helpers/raises.ts";
import { validSystem } from "../systems/valid.ts";

const qa = { name: "qa", domain: "mesh.example.com" };
const sized = (services: unknown): unknown =>
  placeOf("qa", { "apps:systems": { calculator: { delivery: "pulumi", services } } });

describe("the systems of an environment", () => {
  for (const stack of stacks) {
    it(`are calculator in ${stack}, with its host and namespace`, () => {
      const { systems } = placeOf(stack);
      assert.deepEqual(
        systems.map(({ name, environment, namespace, host, delivery }) => ({
          name,
          environment,
          namespace,
          host,
          delivery,
        })),
        [
          {
            name: "calculator",
            environment: stack,
            namespace: "calculator",
            host: `calculator.${stack}.mesh.example.com`,
            delivery: stack === "qa" ? "pulumi" : "gitops",
          },
        ],
      );
    });
  }

  it("may be none", () => {
    assert.deepEqual(placeOf("qa", { "apps:systems": {} }).systems, []);
  });

  it("are as declared where nothing else is said", () => {
    const { services } = calculatorOf("qa", { "apps:systems": { calculator: { delivery: "pulumi" } } });
    assert.deepEqual(
      services.map(({ rollout }) => rollout.weights["v1"]),
      [80, 70, 60, 50],
    );
  });

  it("must be configured", () => {
    const error = raises("CONFIG_MISSING", () => placeSystems({ ...placeOf("qa").environment }, () => ({})));
    assert.equal(error.key, "apps:systems");
    assert.match(error.remedy, /pulumi config set --path 'apps:systems'/);
  });

  it("are read with the rest of their bag, so that every layer refuses what is wrong in it", () => {
    raises("CONFIG_INVALID", () => placeOf("qa", { "apps:readyTimeout": "1" }));
    raises("CONFIG_UNKNOWN_KEY", () => placeOf("qa", { "apps:sytems": "{}" }));
  });

  it("tell everything that is wrong at once", () => {
    const error = raises("CONFIG_INVALID", () =>
      placeOf("qa", {
        "apps:systems": {
          calculator: { delivery: "helm", services: { "add-service": { weights: { v1: "50%" } } } },
        },
      }),
    );
    assert.match(error.remedy, /apps:systems\.calculator\.services\.add-service\.weights\.v1: /);
  });

  it("must exist, and not only by what every object inherits", () => {
    for (const name of ["calculatr", "constructor", "toString"]) {
      const error = raises("SYSTEM_UNKNOWN_REFERENCE", () =>
        placeOf("qa", { "apps:systems": { [name]: { delivery: "pulumi" } } }),
      );
      assert.equal(error.key, `apps:systems.${name}`);
      assert.match(error.remedy, /calculator/);
    }
  });

  it("say who delivers them", () => {
    const missing = raises("CONFIG_MISSING", () => placeOf("qa", { "apps:systems": { calculator: {} } }));
    assert.equal(missing.key, "apps:systems.calculator.delivery");
    const error = raises("CONFIG_INVALID", () =>
      placeOf("qa", { "apps:systems": { calculator: { delivery: "helm" } } }),
    );
    assert.equal(error.key, "apps:systems.calculator.delivery");
    assert.equal(error.value, "helm");
  });

  it("have no unknown key", () => {
    const error = raises("CONFIG_UNKNOWN_KEY", () =>
      placeOf("qa", { "apps:systems": { calculator: { delivery: "pulumi", weight: 1 } } }),
    );
    assert.equal(error.key, "apps:systems.calculator.weight");
    raises("CONFIG_UNKNOWN_KEY", () => sized({ "add-service": { version: "v1" } }));
  });

  it("are a map", () => {
    for (const text of ["calculator", "[]", "1", "null"]) {
      raises("CONFIG_INVALID", () => placeSystems(placeOf("qa").environment, () => ({ systems: text })));
    }
  });

  it("do not get in each other's way", () => {
    const declared: Record<string, System> = {
      shop: validSystem(),
      other: validSystem({ name: "other", namespace: "shop-qa" }),
    };
    raises("CATALOGUE_CONFLICT", () =>
      placeAll(qa, { shop: { delivery: "pulumi" }, other: { delivery: "gitops" } }, declared),
    );
  });
});

describe("what an environment sets on top of a declaration", () => {
  it("replaces the weights of a service as a whole, and nothing else", () => {
    const over = {
      "apps:systems": {
        calculator: { delivery: "pulumi", services: { "add-service": { weights: { v2: 95, v1: 5 } } } },
      },
    };
    const system = calculatorOf("qa", over);
    assert.deepEqual(serviceOf(system, "add-service").rollout.weights, { v1: 5, v2: 95 });
    const plain = calculatorOf("qa");
    assert.deepEqual(serviceOf(system, "multiply-service"), serviceOf(plain, "multiply-service"));
    assert.deepEqual(serviceOf(system, "add-service").versions, serviceOf(plain, "add-service").versions);
  });

  it("replaces the bounds of the versions that it names", () => {
    const over = {
      "apps:systems": {
        calculator: {
          delivery: "pulumi",
          services: { "add-service": { replicas: { v2: { min: 3, max: 9 } } } },
        },
      },
    };
    assert.deepEqual(
      serviceOf(calculatorOf("qa", over), "add-service").versions.map(({ replicas }) => replicas),
      [
        { min: 2, max: 6 },
        { min: 3, max: 9 },
      ],
    );
  });

  it("is checked like the declaration, and the error names the key in the configuration", () => {
    const wrong: [services: unknown, id: Parameters<typeof raises>[0], key: string][] = [
      [{ "add-service": { weights: { v1: 50, v2: 40 } } }, "SYSTEM_WEIGHTS", "add-service.weights"],
      [{ "add-service": { weights: { v1: 50, v3: 50 } } }, "SYSTEM_UNKNOWN_REFERENCE", "add-service.weights"],
      [{ "add-service": { weights: { v1: 101, v2: -1 } } }, "SYSTEM_INVALID", "add-service.weights.v1"],
      [
        { "add-service": { replicas: { v1: { min: 1, max: 2 } } } },
        "SYSTEM_INVALID",
        "add-service.replicas.v1.min",
      ],
      [
        { "add-service": { replicas: { v1: { min: 3, max: 2 } } } },
        "SYSTEM_INVALID",
        "add-service.replicas.v1",
      ],
      [
        { "add-service": { replicas: { v9: { min: 2, max: 2 } } } },
        "SYSTEM_UNKNOWN_REFERENCE",
        "add-service.replicas.v9",
      ],
      [{ "ad-service": {} }, "SYSTEM_UNKNOWN_REFERENCE", "ad-service"],
    ];
    for (const [services, id, key] of wrong) {
      assert.equal(raises(id, () => sized(services)).key, `apps:systems.calculator.services.${key}`);
    }
  });

  it("holds for any split that sums to 100", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (v1) => {
        const weights = { v1, v2: 100 - v1 };
        const [system] = placeAll(qa, {
          calculator: { delivery: "pulumi", services: { "add-service": { weights } } },
        });
        assert.ok(system);
        assert.deepEqual(serviceOf(system, "add-service").rollout.weights, weights);
      }),
    );
  });
});
