import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { knownEnvironments, readEnvironmentFile } from "../../automation/config-file.ts";
import { raises } from "../helpers/raises.ts";

describe("an environment's file", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "environments-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (name: string, text: string): void => writeFileSync(join(root, name), text);

  it("is known by its name", () => {
    for (const name of ["Pulumi.yaml", "Pulumi.qa.yaml", "Pulumi.prod.yaml", "Pulumi.qa.yaml.bak"])
      write(name, "");
    assert.deepEqual(knownEnvironments(root), ["prod", "qa"]);
  });

  it("gives values as the engine does: text as it is, everything else as JSON", () => {
    write(
      "Pulumi.qa.yaml",
      `config:
  platform:accountId: "000011112222"
  platform:region: ap-south-1
  infra:secretRecoveryDays: 0
  infra:flag: true
  infra:cluster:
    version: "1.36"
    publicAccessCidrs: [203.0.113.0/24]
`,
    );
    const { source } = readEnvironmentFile(root, "qa");
    assert.deepEqual(source("platform"), { accountId: "000011112222", region: "ap-south-1" });
    assert.deepEqual(source("infra"), {
      secretRecoveryDays: "0",
      flag: "true",
      cluster: '{"version":"1.36","publicAccessCidrs":["203.0.113.0/24"]}',
    });
    assert.deepEqual(source("mesh"), {});
  });

  it("may be empty", () => {
    write("Pulumi.qa.yaml", "# nothing yet\n");
    assert.deepEqual(readEnvironmentFile(root, "qa").source("platform"), {});
  });

  it("says who encrypts the stack's secrets", () => {
    write("Pulumi.qa.yaml", "secretsprovider: awskms://alias/qa-state\nconfig: {}\n");
    assert.equal(readEnvironmentFile(root, "qa").secretsProvider, "awskms://alias/qa-state");
  });

  it("is refused if it is not there, naming the ones that are", () => {
    write("Pulumi.qa.yaml", "");
    const error = raises("ENVIRONMENT_UNKNOWN", () => readEnvironmentFile(root, "qs"));
    assert.equal(error.remedy, "Name one of qa.");
    rmSync(join(root, "Pulumi.qa.yaml"));
    assert.match(
      raises("ENVIRONMENT_UNKNOWN", () => readEnvironmentFile(root, "qa")).remedy,
      /the checkout\?/,
    );
  });

  it("cannot be named by a path", () => {
    raises("ENVIRONMENT_UNKNOWN", () => readEnvironmentFile(root, "../qa"));
  });

  it("is refused if it is not YAML, with the place", () => {
    write("Pulumi.qa.yaml", "config:\n  a: [1\n");
    const error = raises("CONFIG_INVALID", () => readEnvironmentFile(root, "qa"));
    assert.equal(error.key, "Pulumi.qa.yaml");
    assert.match(error.rule, /line \d+/);
  });
});
