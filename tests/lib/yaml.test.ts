import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";

import { toYaml } from "../../lib/yaml.ts";

describe("toYaml", () => {
  it("sorts keys at every depth", () => {
    assert.equal(toYaml({ b: { d: 1, c: 2 }, a: [] }), "a: []\nb:\n  c: 2\n  d: 1\n");
  });

  it("writes a value that stands twice out twice, without an alias", () => {
    const labels = { app: "x" };
    assert.equal(toYaml({ a: labels, b: labels }), "a:\n  app: x\nb:\n  app: x\n");
  });

  it("quotes text that readers of YAML 1.1 take for something else", () => {
    for (const text of ["on", "no", "yes", "null", "~", "1:30", "0x10", "1e3", "012", "2026-01-01"]) {
      assert.match(toYaml({ text }), /^text: ["']/, text);
    }
  });

  it("reads back as it was, by either version of YAML, whatever the text", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
        const plain = { ...value };
        for (const version of ["1.1", "1.2"] as const)
          assert.deepEqual(parse(toYaml(plain), { version }), plain);
      }),
    );
  });
});
