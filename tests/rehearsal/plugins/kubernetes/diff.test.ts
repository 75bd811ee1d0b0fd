import assert from "node:assert/strict";

import fc from "fast-check";

import {
  diffInputs,
  differences,
  formatPath,
  hasUnknown,
} from "../../../../rehearsal/plugins/kubernetes/diff.ts";
import { UNKNOWN, type Inputs } from "../../../../rehearsal/plugins/provider.ts";

const never = { replaces: () => false, ignoreChanges: [] };

describe("the difference of an object's inputs", () => {
  it("is named by its deepest path", () => {
    const route = (weight: number) => ({ spec: { http: [{ route: [{ weight: 20 }, { weight }] }] } });
    assert.deepEqual(diffInputs(route(80), route(70), never).detailed, {
      "spec.http[0].route[1].weight": "update",
    });
  });

  it("quotes keys that are no names", () => {
    assert.equal(
      formatPath(["metadata", "labels", "app.kubernetes.io/name"]),
      'metadata.labels["app.kubernetes.io/name"]',
    );
    assert.equal(formatPath(["data", "pool-size"]), "data.pool-size");
  });

  it("shows what came and what went as one each", () => {
    const result = diffInputs({ a: { b: 1 }, c: [1, 2] }, { c: [1], d: { e: 1 } }, never);
    assert.deepEqual(result.detailed, { a: "delete", "c[1]": "delete", d: "add" });
  });

  it("marks what replaces, and names the property above it", () => {
    const rules = { replaces: (path: string) => path === "spec.to.host", ignoreChanges: [] };
    const result = diffInputs({ spec: { to: [{ host: "a" }] } }, { spec: { to: [{ host: "b" }] } }, rules);
    assert.deepEqual(result, {
      changes: true,
      replaces: ["spec"],
      detailed: { "spec.to[0].host": "update-replace" },
    });
  });

  it("leaves out what is to be ignored, with everything below it", () => {
    const rules = { replaces: () => false, ignoreChanges: ["spec.replicas", "metadata.annotations"] };
    const old = { spec: { replicas: 1, replicasMax: 1 }, metadata: { annotations: { a: "1" } } };
    const now = { spec: { replicas: 2, replicasMax: 2 }, metadata: { annotations: { a: "2" } } };
    assert.deepEqual(diffInputs(old, now, rules).detailed, { "spec.replicasMax": "update" });
  });

  it("is empty for equal bags, and never for others", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (a, b) => {
          assert.deepEqual(differences(a, structuredClone(a)), []);
          const equal = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
          assert.equal(differences(a, b).length === 0, equal);
        },
      ),
    );
  });

  it("finds what is not known at any depth", () => {
    assert.equal(hasUnknown({ a: [{ b: UNKNOWN }] }), true);
    assert.equal(hasUnknown({ a: [{ b: null }] }), false);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : value;
  return Object.entries(value as Inputs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}
