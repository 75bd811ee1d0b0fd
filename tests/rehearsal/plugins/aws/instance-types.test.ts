import assert from "node:assert/strict";

import {
  allocatable,
  capacity,
  instanceType,
  maxPods,
} from "../../../../rehearsal/plugins/aws/instance-types.ts";

describe("instance types", () => {
  it("offer as many pods as EKS's own table says", () => {
    const expected: Record<string, number> = {
      "t3.micro": 4,
      "t3.small": 11,
      "t3a.small": 8,
      "t3.medium": 17,
      "t3.large": 35,
      "t3.xlarge": 58,
      "t4g.medium": 17,
      "m5.large": 29,
      "m6i.large": 29,
      "m6i.xlarge": 58,
      "m7i.4xlarge": 234,
      "c7g.medium": 8,
      "r6i.2xlarge": 58,
    };
    for (const [name, pods] of Object.entries(expected))
      assert.equal(maxPods(instanceType(name)), pods, name);
  });

  it("offer many more where addresses come in prefixes", () => {
    assert.equal(maxPods(instanceType("t3.medium"), true), 110);
    assert.equal(maxPods(instanceType("m6i.8xlarge"), true), 250);
  });

  it("leave to pods what the EKS images leave them", () => {
    const medium = instanceType("t3.medium");
    const room = allocatable(medium, maxPods(medium));
    assert.equal(room.cpu, 1930);
    // Measured on such nodes: 3309 MiB.
    assert.ok(Math.abs(room.memory - 3309) < 10, String(room.memory));
    assert.equal(allocatable(instanceType("m6i.xlarge"), 58).cpu, 3920);
    assert.equal(capacity(instanceType("m6i.2xlarge"), 58).cpu, 8000);
  });

  it("reserve no more memory for prefixes than for single addresses", () => {
    const medium = instanceType("t3.medium");
    assert.equal(allocatable(medium, 110).memory, allocatable(medium, 17).memory);
  });

  it("know their architecture", () => {
    for (const name of ["t4g.large", "m7g.large", "c6g.medium"])
      assert.equal(instanceType(name).architecture, "arm64", name);
    for (const name of ["t3.large", "m7i.large", "m7i-flex.large", "c6a.large"])
      assert.equal(instanceType(name).architecture, "amd64", name);
  });

  it("are refused by name when they are not in the table", () => {
    for (const name of ["t3.huge", "m5.medium", "x9.large", "", "t3"]) {
      assert.throws(
        () => instanceType(name),
        new RegExp(`does not know the instance type "${name}"; add it to rehearsal`),
      );
    }
  });
});
