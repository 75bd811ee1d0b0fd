import assert from "node:assert/strict";

import { checkObject, isAutonamed, type CheckArgs } from "../../../../rehearsal/plugins/kubernetes/check.ts";
import type { Inputs } from "../../../../rehearsal/plugins/provider.ts";

const seed = Buffer.from("0123456789abcdef", "hex");

function check(news: Inputs, more: Partial<CheckArgs> = {}) {
  const { apiVersion, kind } = { apiVersion: "v1", kind: "ConfigMap" };
  const common = {
    apiVersion,
    kind,
    name: "settings",
    olds: {},
    seed,
    namespaced: true,
    defaultNamespace: "default",
  };
  return checkObject({ ...common, label: false, news, ...more });
}

describe("checking a Kubernetes object", () => {
  it("fills in kind and namespace", () => {
    const { inputs, failures } = check({ metadata: { name: "a" } });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "default" },
    });
  });

  it("takes a namespace away from what has none", () => {
    const { inputs } = check({ metadata: { name: "a", namespace: "b" } }, { namespaced: false });
    assert.deepEqual(inputs["metadata"], { name: "a" });
  });

  it("makes a name from the resource's and the seed, and keeps it", () => {
    const { inputs } = check({});
    const metadata = inputs["metadata"] as Inputs;
    assert.equal(metadata["name"], "settings-01234567");
    assert.equal(isAutonamed(metadata), true);
    const again = check({}, { olds: inputs, seed: Buffer.from("ffffffffffff", "hex") });
    assert.equal((again.inputs["metadata"] as Inputs)["name"], "settings-01234567");
  });

  it("makes a new name where the old one was given", () => {
    const { inputs } = check({}, { olds: { metadata: { name: "given" } } });
    assert.equal((inputs["metadata"] as Inputs)["name"], "settings-01234567");
  });

  it("labels what is not applied on the server, and goes on as it began", () => {
    const labelled = check({ metadata: { name: "a" } }, { label: true }).inputs;
    assert.deepEqual((labelled["metadata"] as Inputs)["labels"], {
      "app.kubernetes.io/managed-by": "pulumi",
    });
    const kept = check({ metadata: { name: "a" } }, { olds: labelled }).inputs;
    assert.deepEqual(kept, labelled);
    const without = check(
      { metadata: { name: "a" } },
      { olds: { metadata: { name: "a" } }, label: true },
    ).inputs;
    assert.equal((without["metadata"] as Inputs)["labels"], undefined);
  });

  it("refuses a kind that contradicts the type", () => {
    const { failures } = check({ kind: "Secret", metadata: { name: "a" } });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["kind"],
    );
  });
});
