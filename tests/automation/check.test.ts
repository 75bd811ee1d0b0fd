import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { checkEnvironment } from "../../automation/check.ts";
import { throwIfCancelled } from "../../automation/operate.ts";
import { raises, rejects } from "../helpers/raises.ts";

const checkout = fileURLToPath(new URL("../../", import.meta.url));

describe("the check of an environment", () => {
  const root = mkdtempSync(join(tmpdir(), "platform-check-"));
  after(() => rmSync(root, { recursive: true }));

  for (const key of ["infa:cluster", "platfrom:owner", "aws:region", "owner"]) {
    it(`refuses ${key}, which nothing reads`, async () => {
      cpSync(join(checkout, "Pulumi.qa.yaml"), join(root, "Pulumi.qa.yaml"));
      appendFileSync(join(root, "Pulumi.qa.yaml"), `  ${key}: x\n`);
      const error = await rejects("CONFIG_UNKNOWN_KEY", checkEnvironment({ root, environment: "qa" }));
      assert.equal(error.key, key);
    });
  }
});

describe("a cancelled run", () => {
  const context = { root: "", environment: "qa", signal: AbortSignal.abort() };

  it("goes on by its own command", () => {
    const error = raises("CANCELLED", () => throwIfCancelled(context, "platform up qa"));
    assert.match(error.remedy, /'platform up qa' again: it goes on/);
  });

  it("that worked on a copy begins anew, and never by a command that would reach the real environment", () => {
    const command = "platform rehearse qa";
    const error = raises("CANCELLED", () => throwIfCancelled({ ...context, command }, command));
    assert.equal(error.key, command);
    assert.match(error.remedy, /'platform rehearse qa' again: it begins anew/);
  });
});
