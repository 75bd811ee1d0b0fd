import assert from "node:assert/strict";

import { exitCodeOf } from "../../../automation/terminal/exit-codes.ts";
import { plainReporter } from "../../../automation/terminal/reporter.ts";
import { errorText } from "../../../automation/terminal/session.ts";
import { RunFailure } from "../../../automation/errors.ts";
import type { Step } from "../../../automation/types.ts";
import { PlatformError } from "../../../lib/errors.ts";

const counts = { created: 0, updated: 0, replaced: 0, deleted: 0, unchanged: 0 };
const step: Step = {
  op: "create",
  type: "aws:ec2/vpc:Vpc",
  name: "infra-vpc",
  properties: [],
  state: "done",
};
const error = new PlatformError({
  id: "ENGINE_FAILED",
  key: "aws:ec2/vpc:Vpc infra-vpc",
  rule: "VpcLimitExceeded",
  remedy: "Raise it.",
});

describe("progress as plain lines", () => {
  it("has a line for what begins, changes, fails and ends", () => {
    const lines: string[] = [];
    const reporter = plainReporter((line) => lines.push(line));
    reporter.start(["infra"], "up");
    reporter.report({ kind: "begin", layer: "infra" });
    reporter.report({ kind: "step", layer: "infra", step: { ...step, state: "running" }, counts });
    reporter.report({ kind: "step", layer: "infra", step, counts });
    reporter.report({ kind: "step", layer: "infra", step: { ...step, op: "same" }, counts });
    reporter.report({ kind: "step", layer: "infra", step: { ...step, state: "failed" }, counts });
    reporter.report({ kind: "note", text: "a note" });
    const result = { ...counts, layer: "infra" as const, created: 1, resources: 1, seconds: 42 };
    reporter.report({ kind: "end", layer: "infra", result });
    assert.deepEqual(lines, [
      "== up",
      "infra: begins",
      "infra: + aws:ec2/vpc:Vpc infra-vpc",
      "infra: + aws:ec2/vpc:Vpc infra-vpc FAILED",
      "a note",
      "infra: 1 created, 42 s",
    ]);
  });
});

describe("an error at the end of a command", () => {
  it("says what was done, in which layer it happened, the cause and the remedy", () => {
    const done = [{ ...counts, layer: "infra" as const, resources: 3, created: 3, seconds: 2 }];
    const failure = new RunFailure([error, error], "mesh", done);
    assert.deepEqual(errorText(error, failure).split("\n"), [
      "Done before it:",
      "  infra       3 resources  3 created, 2.0 s",
      "In layer mesh:",
      "ENGINE_FAILED: aws:ec2/vpc:Vpc infra-vpc: VpcLimitExceeded.",
      "  Raise it.",
      "ENGINE_FAILED: aws:ec2/vpc:Vpc infra-vpc: VpcLimitExceeded.",
      "  Raise it.",
    ]);
  });

  it("sets the exit code", () => {
    const codeOf = (id: PlatformError["id"]): number =>
      exitCodeOf(new PlatformError({ id, key: "k", rule: "r", remedy: "m" }));
    assert.deepEqual([codeOf("ENGINE_FAILED"), codeOf("STALE_RENDERING"), codeOf("CANCELLED")], [1, 2, 130]);
  });
});
