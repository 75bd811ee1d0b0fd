import assert from "node:assert/strict";

import { requireSecrets, secretsOf } from "../../automation/secrets.ts";
import { placeAll } from "../../lib/systems.ts";
import { raises } from "../helpers/raises.ts";

const environment = { name: "qa", domain: "mesh.example.com", region: "ap-south-1" };
const secrets = secretsOf(placeAll(environment, { calculator: { delivery: "pulumi" } }), environment);

describe("the secrets of an environment", () => {
  it("are the entries that its systems declare, under the environment's own name", () => {
    assert.deepEqual(secrets, [{ system: "calculator", name: "qa/calculator/config", keys: ["apiKey"] }]);
  });

  it("are refused while some have no value, with the commands that set them", () => {
    const error = raises("SECRETS_EMPTY", () => requireSecrets(secrets, environment));
    assert.deepEqual(error.value, ["qa/calculator/config"]);
    assert.match(error.remedy, /'platform up qa' again/);
    const command = `aws secretsmanager put-secret-value --region ap-south-1 --secret-id qa/calculator/config --secret-string '{"apiKey":"…"}'`;
    assert.equal(error.remedy.split("\n  ").at(-1), command);
  });

  it("are no hindrance once all have a value", () => {
    requireSecrets([], environment);
  });
});
