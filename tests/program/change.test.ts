import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

import { rendered, type Placed } from "../helpers/objects.ts";
import {
  configOf,
  program,
  runProgram,
  stacks,
  type ProgramOptions,
  type Stack,
} from "../helpers/program.ts";
import { rejects } from "../helpers/raises.ts";
import { keyOf, snapshotOf } from "../helpers/snapshot.ts";

/** The environment with other shares for add-service. */
function weighing(stack: Stack, weights: Record<string, number>): ProgramOptions {
  const systems = JSON.parse(configOf(stack)["apps:systems"] ?? "{}") as Record<
    string,
    { services?: object }
  >;
  const calculator = {
    ...systems["calculator"],
    services: { ...systems["calculator"]?.services, "add-service": { weights } },
  };
  return { config: { "apps:systems": JSON.stringify({ ...systems, calculator }) } };
}

const weights = { v1: 35, v2: 65 };

describe("another weight", () => {
  it("changes exactly one object in qa: the service's routes", async () => {
    const before = snapshotOf((await program("qa")).resources);
    const after = snapshotOf((await program("qa", weighing("qa", weights))).resources);
    assert.deepEqual(after.map(keyOf), before.map(keyOf));
    const changed = after.filter((entry, index) => !isDeepStrictEqual(entry, before[index]));
    assert.deepEqual(changed.map(keyOf), [
      "kubernetes:networking.istio.io/v1:VirtualService apps-calculator-add-service-virtualservice-add-service",
    ]);
  });

  it("changes exactly one file of prod, and nothing that Pulumi makes", async () => {
    const [before, after] = [rendered("prod"), rendered("prod", weighing("prod", weights))];
    const fileOf = ({ owner }: Placed): string => owner;
    assert.deepEqual(after.map(fileOf), before.map(fileOf));
    const changed = after.filter((entry, index) => !isDeepStrictEqual(entry, before[index]));
    assert.deepEqual(changed.map(fileOf), [
      "gitops/prod/calculator/istio-config/virtualservice-add-service.yaml",
    ]);
    const made = await program("prod", weighing("prod", weights));
    assert.deepEqual(snapshotOf(made.resources), snapshotOf((await program("prod")).resources));
  });

  for (const stack of stacks) {
    it(`is refused in ${stack} before anything is created if the shares do not sum to 100`, async () => {
      await rejects("SYSTEM_WEIGHTS", runProgram(stack, weighing(stack, { v1: 35, v2: 60 })));
    });

    it(`is refused in ${stack} if it is of a version that does not exist`, async () => {
      await rejects("SYSTEM_UNKNOWN_REFERENCE", runProgram(stack, weighing(stack, { v1: 35, v3: 65 })));
    });
  }
});
