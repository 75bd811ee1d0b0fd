import assert from "node:assert/strict";
import fc from "fast-check";

import { helmRelease, mergeValues, type Values } from "../../lib/helm.ts";
import { charts } from "../../lib/versions.ts";
import { collect, find, testProviders } from "../helpers/mocks.ts";

describe("merging Helm values", () => {
  it("merges maps key by key", () => {
    assert.deepEqual(mergeValues({ a: { b: 1, c: 2 }, d: 3 }, { a: { c: 4, e: 5 } }), {
      a: { b: 1, c: 4, e: 5 },
      d: 3,
    });
  });

  it("replaces arrays and scalars as a whole", () => {
    assert.deepEqual(
      mergeValues({ list: [1, 2], map: { a: 1 }, flag: true }, { list: [3], map: "none", flag: false }),
      {
        list: [3],
        map: "none",
        flag: false,
      },
    );
  });

  it("replaces a scalar by a map and clears a value by null", () => {
    assert.deepEqual(mergeValues({ a: 1, b: 2 }, { a: { x: 1 }, b: null }), { a: { x: 1 }, b: null });
  });

  it("leaves both sides as they were", () => {
    const base: Values = { a: { b: 1 } };
    const over: Values = { a: { c: 2 } };
    mergeValues(base, over);
    assert.deepEqual([base, over], [{ a: { b: 1 } }, { a: { c: 2 } }]);
  });

  it("changes nothing when merged with nothing or with itself, and keeps every key", () => {
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        fc.integer(),
        fc.array(fc.integer(), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom("a", "b", "c"), tie("node"), { noNullPrototype: true }),
      ),
    })).node;
    const values = fc.dictionary(fc.constantFrom("a", "b", "c"), tree, {
      noNullPrototype: true,
    }) as fc.Arbitrary<Values>;
    fc.assert(
      fc.property(values, values, (base, over) => {
        assert.deepEqual(mergeValues(base, {}), base);
        assert.deepEqual(mergeValues(base, base), base);
        const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
        assert.deepEqual(new Set(Object.keys(mergeValues(base, over))), keys);
      }),
    );
  });
});

describe("a Helm release", () => {
  it("is named, pinned, atomic and from the chart's own address", async () => {
    const resources = await collect(() => {
      const { kubernetes } = testProviders();
      const args = {
        chart: charts.istiod,
        name: "istiod",
        namespace: "istio-system",
        values: { a: { b: 1 } },
        overrides: { a: { c: 2 } },
      };
      helmRelease("mesh-istiod", args, { provider: kubernetes });
    });
    assert.deepEqual(find(resources, "kubernetes:helm.sh/v3:Release", "mesh-istiod").inputs, {
      name: "istiod",
      namespace: "istio-system",
      chart: "istiod",
      version: charts.istiod.shipped,
      repositoryOpts: { repo: charts.istiod.repository },
      values: { a: { b: 1, c: 2 } },
      atomic: true,
      cleanupOnFail: true,
      maxHistory: 5,
      timeout: 600,
      compat: "true",
    });
  });
});
