import assert from "node:assert/strict";

import { readEnvironment, requireTopology, type Environment } from "../../lib/environment.ts";
import { raises } from "../helpers/raises.ts";

const values = {
  topology: "composed",
  region: "ap-south-1",
  accountId: "111122223333",
  domain: "mesh.example.com",
  owner: "team",
  costCentre: "cc-1",
};

const read = (over: Record<string, string> = {}): Environment =>
  readEnvironment(() => ({ ...values, ...over }), "qa");

describe("the environment", () => {
  it("is the platform bag under the stack's name", () => {
    assert.deepEqual(read(), { name: "qa", ...values });
  });

  it("keeps an account id with leading zeros", () => {
    assert.equal(read({ accountId: "001122223333" }).accountId, "001122223333");
  });

  it("refuses malformed values by key", () => {
    for (const [key, value] of [
      ["topology", "flat"],
      ["region", "mumbai"],
      ["accountId", "1234"],
      ["domain", "nodots"],
      ["owner", ""],
      ["owner", "team,admin=true"],
      ["owner", "team "],
      ["costCentre", "cc-1,cc-2"],
      ["costCentre", "c".repeat(257)],
    ] as const) {
      assert.equal(raises("CONFIG_INVALID", () => read({ [key]: value })).key, `platform:${key}`);
    }
  });

  it("has a name that fits into hosts and names of AWS objects", () => {
    const named = (name: string): Environment => readEnvironment(() => values, name);
    for (const name of ["", "QA", "1qa", "qa_1", "qa.eu", "-qa", "q".repeat(17)]) {
      const error = raises("CONFIG_INVALID", () => named(name));
      assert.deepEqual([error.key, error.value], ["environment", name]);
    }
    for (const name of ["q", "qa-2", "q".repeat(16)]) assert.equal(named(name).name, name);
  });

  it("takes owners and cost centres as tags hold them", () => {
    for (const owner of ["platform-team", "Team 7", "team@example.com", "7"]) {
      assert.equal(read({ owner }).owner, owner);
    }
  });

  it("refuses what is missing", () => {
    const withoutOwner = Object.fromEntries(Object.entries(values).filter(([key]) => key !== "owner"));
    assert.equal(
      raises("CONFIG_MISSING", () => readEnvironment(() => withoutOwner, "qa")).key,
      "platform:owner",
    );
  });
});

describe("the topology", () => {
  it("lets the entry point of its own kind run", () => {
    requireTopology(read(), "composed");
    requireTopology(read({ topology: "layered" }), "layered");
  });

  it("refuses the layers' entry points in a composed environment and points to the root", () => {
    const error = raises("TOPOLOGY_WRONG", () => requireTopology(read(), "layered"));
    assert.match(error.remedy, /pulumi up -s qa' at the root/);
  });

  it("refuses the root in a layered environment and names the layers in order", () => {
    const error = raises("TOPOLOGY_WRONG", () => requireTopology(read({ topology: "layered" }), "composed"));
    assert.equal(error.key, "platform:topology");
    assert.match(error.remedy, /infra\/, mesh\/, apps\/, argocd\/, in that order/);
  });
});
