import assert from "node:assert/strict";
import fc from "fast-check";

import { PlatformError } from "../../lib/errors.ts";
import { defineSystem } from "../../systems/define.ts";
import { Rollout, type Resilience, type Version } from "../../systems/types.ts";
import { raises } from "../helpers/raises.ts";
import { validService, withBack } from "./valid.ts";

const version: Version = { name: "v1", tag: "1.0.0", replicas: { min: 2, max: 4 } };
const { resilience } = validService({});
const withResilience = (over: Partial<Resilience>): unknown =>
  defineSystem(withBack({ resilience: { ...resilience, ...over } }));

describe("the versions of a service", () => {
  it("are at least one, each of its own name", () => {
    raises("SYSTEM_INVALID", () => defineSystem(withBack({ versions: [], rollout: Rollout.split({}) })));
    raises("SYSTEM_DUPLICATE", () =>
      defineSystem(withBack({ versions: [version, version], rollout: Rollout.split({ v1: 100 }) })),
    );
  });

  it("have names that fit into a deployment's", () => {
    for (const name of ["V1", "1", "v".repeat(60)]) {
      raises("SYSTEM_INVALID", () =>
        defineSystem(withBack({ versions: [{ ...version, name }], rollout: Rollout.split({ [name]: 100 }) })),
      );
    }
  });

  it("have a tag of one image, never latest", () => {
    for (const tag of ["latest", "", "a b", "-1", "x".repeat(129)]) {
      raises("SYSTEM_INVALID", () =>
        defineSystem(withBack({ versions: [{ ...version, tag }], rollout: Rollout.split({ v1: 100 }) })),
      );
    }
  });

  it("have bounds in order", () => {
    for (const replicas of [
      { min: 0, max: 4 },
      { min: 5, max: 4 },
      { min: 2.5, max: 4 },
      { min: 2, max: Infinity },
    ]) {
      raises("SYSTEM_INVALID", () =>
        defineSystem(withBack({ versions: [{ ...version, replicas }], rollout: Rollout.split({ v1: 100 }) })),
      );
    }
  });

  it("are at least two replicas each where half may be taken out, for of one none would be", () => {
    const versions = [{ ...version, replicas: { min: 1, max: 4 } }];
    const error = raises("SYSTEM_INVALID", () =>
      defineSystem(withBack({ versions, rollout: Rollout.split({ v1: 100 }) })),
    );
    assert.equal(error.key, "shop.back.versions.v1.replicas.min");
    assert.match(error.rule, /below 2 replicas/);
  });
});

describe("the weights of a split", () => {
  it("sum to 100", () => {
    const error = raises("SYSTEM_WEIGHTS", () =>
      defineSystem(withBack({ rollout: Rollout.split({ v1: 70, v2: 20 }) })),
    );
    assert.match(error.message, /shop\.back\.rollout\.weights = \{"v1":70,"v2":20\}: the weights sum to 90/);
  });

  it("name versions that exist, and all of them: a subset renamed in one place only is refused", () => {
    raises("SYSTEM_UNKNOWN_REFERENCE", () =>
      defineSystem(withBack({ rollout: Rollout.split({ v1: 70, v3: 30 }) })),
    );
    raises("SYSTEM_UNKNOWN_REFERENCE", () => defineSystem(withBack({ rollout: Rollout.split({ v1: 100 }) })));
    const renamed = [version, { ...version, name: "v2b" }];
    raises("SYSTEM_UNKNOWN_REFERENCE", () =>
      defineSystem(withBack({ versions: renamed, rollout: Rollout.split({ v1: 70, v2: 30 }) })),
    );
    defineSystem(withBack({ versions: renamed, rollout: Rollout.split({ v1: 70, v2b: 30 }) }));
  });

  it("are not taken from what every object inherits", () => {
    const versions = [version, { ...version, name: "constructor" }];
    raises("SYSTEM_UNKNOWN_REFERENCE", () =>
      defineSystem(withBack({ versions, rollout: Rollout.split({ v1: 100 }) })),
    );
  });

  it("are accepted exactly if they are whole, from 0 to 100, and sum to 100", () => {
    const weight = fc.oneof(fc.integer({ min: -20, max: 120 }), fc.double({ min: 0, max: 100, noNaN: true }));
    const weights = fc.oneof(
      fc.array(weight, { minLength: 1, maxLength: 4 }),
      // Random numbers hardly ever sum to 100: these always do.
      fc
        .array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 3 })
        .map((some) => [...some, 100 - some.reduce((sum, one) => sum + one, 0)]),
    );
    fc.assert(
      fc.property(weights, (list) => {
        const names = list.map((_, index) => `v${index}`);
        const versions = names.map((name) => ({ ...version, name }));
        const rollout = Rollout.split(
          Object.fromEntries(names.map((name, index) => [name, list[index] ?? 0])),
        );
        const right =
          list.every((one) => Number.isInteger(one) && one >= 0 && one <= 100) &&
          list.reduce((sum, one) => sum + one, 0) === 100;
        assert.equal(
          accepts(() => defineSystem(withBack({ versions, rollout }))),
          right,
        );
      }),
    );
  });
});

describe("the resilience of a service", () => {
  it("tries no longer than the whole request, after at least a millisecond", () => {
    const { retries } = resilience;
    raises("SYSTEM_INVALID", () => withResilience({ retries: { ...retries, perTryTimeout: "3.1s" } }));
    raises("SYSTEM_INVALID", () => withResilience({ retries: { ...retries, perTryTimeout: "0.5ms" } }));
    raises("SYSTEM_INVALID", () => withResilience({ retries: { ...retries, backoff: "0s" } }));
    raises("SYSTEM_INVALID", () => withResilience({ timeout: "3m" as "3s" }));
    withResilience({ retries: { ...retries, perTryTimeout: "3000ms" } });
  });

  it("retries a few times, on conditions that Envoy can know", () => {
    const { retries } = resilience;
    for (const attempts of [-1, 1.5, 11])
      raises("SYSTEM_INVALID", () => withResilience({ retries: { ...retries, attempts } }));
    for (const on of ["", "5xx, reset", ",5xx", "5XX"]) {
      raises("SYSTEM_INVALID", () => withResilience({ retries: { ...retries, on } }));
    }
  });

  it("has a breaker and a pool of whole numbers in range", () => {
    const { breaker, pool } = resilience;
    for (const over of [
      { breaker: { ...breaker, maxEjectionPercent: 0 } },
      { breaker: { ...breaker, maxEjectionPercent: 101 } },
      { breaker: { ...breaker, consecutive5xxErrors: 0 } },
      { breaker: { ...breaker, interval: "0s" as const } },
      { breaker: { ...breaker, baseEjectionTime: "x" as "0s" } },
      { pool: { ...pool, maxConnections: 0 } },
      { pool: { ...pool, maxPendingRequests: -1 } },
      { pool: { ...pool, maxRequests: 1.5 } },
    ]) {
      raises("SYSTEM_INVALID", () => withResilience(over));
    }
  });

  it("has a breaker that can take out at least one replica, whatever the numbers", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 100 }),
        (min, maxEjectionPercent) => {
          const accepted = accepts(() =>
            defineSystem(
              withBack({
                versions: [{ ...version, replicas: { min, max: 20 } }],
                rollout: Rollout.split({ v1: 100 }),
                resilience: { ...resilience, breaker: { ...resilience.breaker, maxEjectionPercent } },
              }),
            ),
          );
          assert.equal(accepted, Math.floor((min * maxEjectionPercent) / 100) >= 1);
        },
      ),
    );
  });
});

function accepts(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof PlatformError) return false;
    throw error;
  }
}
