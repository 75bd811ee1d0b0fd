import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stop } from "../../automation/commands/rehearse.ts";
import { rejects } from "../helpers/raises.ts";

describe("platform rehearse --stop", () => {
  it("says that there is nothing to stop, and leaves nothing behind", async () => {
    const checkout = mkdtempSync(join(tmpdir(), "checkout-"));
    try {
      const error = await rejects("REHEARSAL_NOT_RUNNING", stop(checkout, "qa"));
      assert.match(error.remedy, /platform rehearse qa --keep/);
      assert.deepEqual(readdirSync(checkout), []);
    } finally {
      rmSync(checkout, { recursive: true });
    }
  });
});
