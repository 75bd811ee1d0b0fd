import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { planOf } from "../../bench/plan.ts";
import { blankResource } from "../helpers/blank.ts";
import { collect, type Recorded } from "../helpers/mocks.ts";
import { program } from "../helpers/program.ts";
import { snapshotOf } from "../helpers/snapshot.ts";

/** What must be the same for the floor to be one: everything that the engine and the plugins have to work on. */
const essence = (resources: readonly Recorded[]): object[] =>
  snapshotOf(resources).map(({ type, name, inputs }) => ({ type, name, inputs }));

describe("the bare program of the benchmark", () => {
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  after(() => rmSync(directory, { recursive: true }));

  it("registers exactly what qa registers, with the same inputs", async () => {
    const { resources } = await program("qa");
    const file = join(directory, "plan.json");
    writeFileSync(file, JSON.stringify(planOf(resources)));
    process.env["BENCH_PLAN"] = file;
    try {
      const bare = await collect(() => import("../../bench/bare.ts"));
      assert.deepEqual(essence(bare), essence(resources));
    } finally {
      delete process.env["BENCH_PLAN"];
    }
  });

  it("puts outputs where their values stand, the longest first", () => {
    const computed = { id: "key-of-the-cluster", arn: "arn:aws:kms:key-of-the-cluster" };
    const inputs = { both: "x arn:aws:kms:key-of-the-cluster y", plain: "short" };
    const [first, second] = planOf([
      blankResource("key", { computed }),
      blankResource("user", { inputs, dependsOn: ["key"] }),
    ]);
    assert.deepEqual(second?.inputs, {
      both: { $text: ["x ", { from: 0, path: ["arn"] }, " y"] },
      plain: "short",
    });
    assert.deepEqual(first?.asked, ["arn"]);
    assert.deepEqual(second?.dependsOn, [0]);
  });

  it("leaves out dependencies that others imply", () => {
    const resources = [
      blankResource("a"),
      blankResource("b", { dependsOn: ["a"] }),
      blankResource("c", { dependsOn: ["a", "b"] }),
      blankResource("d", { dependsOn: ["a"] }),
    ];
    assert.deepEqual(
      planOf(resources).map(({ dependsOn }) => dependsOn),
      [[], [0], [1], [0]],
    );
  });
});
