import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import { parseDocument } from "yaml";

import { destroyEnvironment } from "../../automation/destroy.ts";
import { requireOwnValues } from "../../automation/placeholders.ts";
import { previewEnvironment } from "../../automation/preview.ts";
import { refreshEnvironment } from "../../automation/refresh.ts";
import { upEnvironment } from "../../automation/up.ts";
import { raises, rejects } from "../helpers/raises.ts";
import { FakeEngine } from "./fake-engine.ts";

const checkout = fileURLToPath(new URL("../../", import.meta.url));
const nothingOnPath = { PATH: "/nowhere" };

describe("placeholders in the configuration", () => {
  for (const environment of ["qa", "prod"]) {
    it(`are refused by up and preview as ${environment} is shipped, each with its key`, async () => {
      const context = { root: checkout, environment, envVars: nothingOnPath };
      const error = await rejects("PLACEHOLDER_VALUE", upEnvironment(context));
      assert.deepEqual(error.value, {
        "platform:accountId": "111122223333",
        "platform:domain": "mesh.example.com",
        "infra:cluster.publicAccessCidrs[0]": "203.0.113.0/24",
        "argocd:repository": "https://github.com/example/mesh-platform",
      });
      await rejects("PLACEHOLDER_VALUE", previewEnvironment(context));
    });
  }

  it("are accepted where the context allows them", async () => {
    const context = { root: checkout, environment: "qa", envVars: nothingOnPath, allowPlaceholders: true };
    // The next thing that is looked at.
    await rejects("AWS_CLI_MISSING", upEnvironment(context));
  });

  const refused = [
    "111122223333",
    "arn:aws:iam::111122223333:role/admin",
    "example.org",
    "team@example.com",
    "192.0.2.7/32",
    "198.51.100.0/24",
    "git@github.com:example/mesh.git",
  ];
  const accepted = [
    "210987654321",
    "1111222233334",
    "example.com.au",
    "myexample.com",
    "203.0.112.0/24",
    "1203.0.113.0",
    "https://github.com/examples/mesh",
  ];
  for (const [values, isRefused] of [[refused, true] as const, [accepted, false] as const]) {
    for (const value of values) {
      it(`${isRefused ? "are" : "are not"} values like ${value}`, () => {
        const document = parseDocument(JSON.stringify({ config: { "a:b": { c: [value] } } }));
        const check = (): void => requireOwnValues({ document }, "qa");
        if (!isRefused) return check();
        assert.deepEqual(raises("PLACEHOLDER_VALUE", check).value, { "a:b.c[0]": value });
      });
    }
  }
});

describe("the AWS command line", () => {
  let engine: FakeEngine;
  beforeEach(() => (engine = new FakeEngine("qa")));
  afterEach(() => engine.close());

  it("must be on the PATH of the engine before it starts", async () => {
    const context = { ...engine.context(), envVars: nothingOnPath };
    for (const operation of [upEnvironment, previewEnvironment, refreshEnvironment, destroyEnvironment])
      await rejects("AWS_CLI_MISSING", operation(context));
  });
});
