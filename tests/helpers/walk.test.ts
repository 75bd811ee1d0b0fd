import assert from "node:assert/strict";

import { blankResource } from "./blank.ts";
import { graphOf } from "./graph.ts";
import { leaves, statements } from "./walk.ts";

describe("walking inputs", () => {
  it("finds every value with its path, also inside JSON texts", () => {
    const found = leaves({ a: [{ b: 1 }], c: '{"d":["x"]}', e: null });
    assert.deepEqual(
      found.map(({ path, value }) => [path, value]),
      [
        ["a[0].b", 1],
        ["c.d[0]", "x"],
        ["e", null],
      ],
    );
  });

  it("finds every statement of every policy, single or in a list", () => {
    const one = { Effect: "Allow", Action: "s3:*", Resource: "*", Principal: { AWS: ["*"] } };
    const found = statements({
      policy: JSON.stringify({ Statement: [one] }),
      other: { Statement: { ...one, Effect: "Deny" } },
    });
    assert.deepEqual(
      found.map(({ path, effect, actions, resources, principals }) => ({
        path,
        effect,
        actions,
        resources,
        principals,
      })),
      [
        {
          path: "policy.Statement[0]",
          effect: "Allow",
          actions: ["s3:*"],
          resources: ["*"],
          principals: ["*"],
        },
        { path: "other.Statement", effect: "Deny", actions: ["s3:*"], resources: ["*"], principals: ["*"] },
      ],
    );
  });
});

describe("the graph of a program", () => {
  const key = blankResource("key");
  const provider = blankResource("provider", { type: "pulumi:providers:kubernetes", dependsOn: ["key"] });
  const component = blankResource("component", { custom: false, dependsOn: ["key"] });
  const child = blankResource("child", { parent: "component" });
  const other = blankResource("other", { provider: "provider" });
  const last = blankResource("last", { dependsOn: ["component"] });
  const graph = graphOf([key, provider, component, child, other, last]);

  it("follows parents, providers and dependencies", () => {
    assert.ok(graph.follows(child, key));
    assert.ok(graph.follows(other, key));
    assert.ok(!graph.follows(key, child));
    assert.ok(!graph.follows(other, child));
  });

  it("takes a dependency on a component as one on everything below it", () => {
    assert.ok(graph.follows(last, child));
  });
});
