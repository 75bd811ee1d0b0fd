import assert from "node:assert/strict";
import { inspect } from "node:util";

import { Diagnostics, printedErrors, readable } from "../../automation/diagnostics.ts";
import { PlatformError } from "../../lib/errors.ts";
import { diagnosticEvent, urnOf } from "./events.ts";

const error = new PlatformError({
  id: "CIDR_INVALID",
  key: "infra:network.cidr",
  value: "10.0.0.0/33",
  rule: "a prefix is 0 to 32",
  remedy: "Correct it.",
});

describe("what the engine reports", () => {
  it("loses colours, stack frames and the fields of the error object", () => {
    const message = `Running program '/checkout/index.ts' failed with an unhandled exception:\n${inspect(error, { colors: true })}`;
    assert.equal(readable(`<{%reset%}>${message}<{%reset%}>\n`), error.message);
  });

  it("keeps several lines of a provider's message", () => {
    const text = "1 error occurred:\n\t* creating EC2 VPC: VpcLimitExceeded: too many\n  in ap-south-1\n\n";
    assert.equal(readable(text), "creating EC2 VPC: VpcLimitExceeded: too many\n  in ap-south-1");
  });

  it("does not take a sentence with 'at' for a stack frame", () => {
    assert.equal(
      readable("no such file\n    at least one is needed"),
      "no such file\n    at least one is needed",
    );
  });

  it("keeps each error once, with its resource, and not what merely follows from it", () => {
    const diagnostics = new Diagnostics(() => assert.fail("no warning"));
    const urn = urnOf("platform:infra:Infra$aws:ec2/vpc:Vpc", "infra-vpc");
    for (const event of [
      diagnosticEvent("debug", "Registering resource: t=aws:ec2/vpc:Vpc"),
      diagnosticEvent("info#err", "printed by the program"),
      diagnosticEvent("error", "VpcLimitExceeded\n", urn),
      diagnosticEvent("error", "VpcLimitExceeded\n"),
      diagnosticEvent("error", "update failed\n"),
    ]) {
      diagnostics.observe(event);
    }
    assert.deepEqual(diagnostics.errors, [{ urn, message: "VpcLimitExceeded" }]);
  });

  it("passes warnings on, but not the one of every private installation", () => {
    const warnings: string[] = [];
    const diagnostics = new Diagnostics((text) => warnings.push(text));
    diagnostics.observe(
      diagnosticEvent("warning", "using pulumi-language-nodejs from $PATH at /x/pulumi-language-nodejs\n"),
    );
    diagnostics.observe(diagnosticEvent("warning", "the release is deprecated\n"));
    assert.deepEqual(warnings, ["the release is deprecated"]);
  });

  it("shortens the engine's advice on a run that was cut off, and names what it was doing", () => {
    const warnings: string[] = [];
    const urn = urnOf("platform:infra:Infra$aws:eks/cluster:Cluster", "infra-eksCluster");
    new Diagnostics((text) => warnings.push(text)).observe(
      diagnosticEvent(
        "warning",
        `Attempting to deploy or update resources with 1 pending operations from previous deployment.\n  * ${urn}, interrupted while creating\nThese resources are in an unknown state because …\n`,
      ),
    );
    assert.deepEqual(warnings, [
      "An earlier run was cut off in the middle: aws:eks/cluster:Cluster infra-eksCluster (interrupted while creating). 'platform refresh' settles it.",
    ]);
  });

  it("finds the error in what an engine prints that never began", () => {
    const printed =
      "warning: a new version is available\nerror: getting stack configuration: incorrect passphrase\n";
    assert.deepEqual(printedErrors(printed), [
      { message: "getting stack configuration: incorrect passphrase" },
    ]);
    assert.deepEqual(printedErrors(""), []);
  });
});
