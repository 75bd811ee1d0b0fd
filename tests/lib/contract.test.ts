import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { z } from "zod";

import { checkValue, defineContract, exportContract, readContract } from "../../lib/contract.ts";
import { runUnderMocks, secretValue, type Run } from "../helpers/mocks.ts";
import { raises, rejects } from "../helpers/raises.ts";
import type { Raw } from "../helpers/wire.ts";

const contract = defineContract("infra", { version: z.literal(1), vpcId: z.string(), token: z.string() }, [
  "token",
]);

const outputs = (
  over: Record<string, unknown> = {},
): Parameters<typeof exportContract<typeof contract.shape>>[1] => {
  const values = { version: 1, vpcId: "vpc-1", token: "t", ...over };
  const entries = Object.entries(values).map(([key, value]) => [key, pulumi.output(value)]);
  return Object.fromEntries(entries) as Parameters<typeof exportContract<typeof contract.shape>>[1];
};

const readFrom = (reference: Raw): Promise<Run> =>
  runUnderMocks(() => ({ ...readContract(contract) }), { references: { "platform-infra": reference } });

describe("exporting a contract", () => {
  it("gives exactly its keys, secret where they are declared so", async () => {
    const run = await runUnderMocks(() =>
      exportContract(contract, { ...outputs(), extra: pulumi.output("no") } as never),
    );
    assert.deepEqual(run.outputs, { version: 1, vpcId: "vpc-1", token: secretValue("t") });
  });

  it("refuses what is secret and not declared so, and never makes it plain", async () => {
    for (const preview of [false, true]) {
      const error = await rejects(
        "CONTRACT_INVALID",
        runUnderMocks(() => exportContract(contract, { ...outputs(), vpcId: pulumi.secret("hunter2") }), {
          preview,
        }),
      );
      assert.equal(error.key, "platform-infra.vpcId");
      assert.ok(!error.message.includes("hunter2"));
    }
  });

  it("refuses a value that breaks it", async () => {
    const error = await rejects(
      "CONTRACT_INVALID",
      runUnderMocks(() => exportContract(contract, outputs({ vpcId: 7 }))),
    );
    assert.equal(error.key, "platform-infra.vpcId");
    assert.equal(error.value, 7);
  });
});

describe("reading a contract", () => {
  it("keeps secrets secret", async () => {
    const run = await readFrom({ version: 1, vpcId: "vpc-1", token: secretValue("t") });
    assert.deepEqual(run.outputs, { version: 1, vpcId: "vpc-1", token: secretValue("t") });
  });

  it("refuses a layer without outputs and says which to run first", async () => {
    const error = await rejects("CONTRACT_MISSING", readFrom({}));
    assert.match(error.remedy, /Run layer infra first: platform up qa --layer infra/);
  });

  it("refuses another version of the contract", async () => {
    const error = await rejects(
      "CONTRACT_INVALID",
      readFrom({ version: 2, vpcId: "vpc-1", token: secretValue("t") }),
    );
    assert.equal(error.key, "platform-infra.version");
  });

  it("never shows a secret value that breaks it", () => {
    const error = raises("CONTRACT_INVALID", () => checkValue(contract, "token", ["hunter2"]));
    assert.ok(!error.message.includes("hunter2"));
  });

  it("refuses a stack that does not exist", async () => {
    await assert.rejects(
      runUnderMocks(() => ({ ...readContract(contract) })),
      /unknown stack "organization\/platform-infra\/qa"/,
    );
  });
});
