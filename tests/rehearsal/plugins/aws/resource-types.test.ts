import assert from "node:assert/strict";

import { resourceTypes } from "../../../../rehearsal/plugins/aws/resource-types.ts";
import { UNKNOWN } from "../../../../rehearsal/plugins/provider.ts";
import { Driver, REGION } from "./simulated.ts";

/** Inputs of which AWS wants one or another. */
const alsoNeeded: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/vpc:Vpc": ["cidrBlock"],
  "aws:ec2/route:Route": ["destinationCidrBlock"],
  "aws:ec2/natGateway:NatGateway": ["allocationId"],
  "aws:ec2/flowLog:FlowLog": ["iamRoleArn"],
  "aws:ec2/securityGroupRule:SecurityGroupRule": ["cidrBlocks"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["cidrIpv4"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["cidrIpv4"],
};

describe("the table of simulated resource types", () => {
  it("holds tokens of the real provider's form", () => {
    for (const token of Object.keys(resourceTypes)) {
      assert.match(token, /^aws:[a-z0-9]+\/[a-zA-Z0-9]+:[A-Z]\w+$/);
      const [, path = "", name = ""] = token.split(":");
      assert.equal(path.split("/")[1]?.toLowerCase(), name.toLowerCase(), token);
    }
  });

  it("judges nothing that is not known yet", async () => {
    const driver = await Driver.start();
    try {
      for (const [token, type] of Object.entries(resourceTypes)) {
        const named = [
          type.required,
          type.sets,
          type.documents,
          Object.keys(type.defaults ?? {}),
          alsoNeeded[token],
        ];
        const properties = named.flatMap((paths) => paths ?? []).map((path) => path.split(".")[0] ?? path);
        const news = Object.fromEntries([...properties, "tags"].map((property) => [property, UNKNOWN]));
        assert.deepEqual((await driver.check(token, "x", news)).failures, [], token);
      }
    } finally {
      driver.stop();
    }
  });

  it("names made by the engine's seed fit the longest name that AWS takes", async () => {
    const driver = await Driver.start();
    try {
      for (const [token, type] of Object.entries(resourceTypes)) {
        if (type.autoname === undefined) continue;
        const property = type.autoname.property ?? "name";
        const { inputs } = await driver.check(token, "Work", {});
        const prefix = type.autoname.prefix ?? "";
        const expected = type.autoname.lowerCase === true ? /^work-[0-9a-f]{7}$/ : /^Work-[0-9a-f]{7}$/;
        assert.match(String(inputs[property]).slice(prefix.length), expected, `${token} ${REGION}`);
      }
    } finally {
      driver.stop();
    }
  });
});
