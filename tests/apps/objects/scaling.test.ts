import assert from "node:assert/strict";
import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";

import { autoscaler } from "../../../apps/objects/autoscaler.ts";
import { deployment } from "../../../apps/objects/deployment.ts";
import { disruptionBudget } from "../../../apps/objects/disruption-budget.ts";
import { calculatorOf, serviceOf } from "../../helpers/placed.ts";

const system = calculatorOf("prod");
const service = serviceOf(system, "calculator-api");
const [version] = service.versions;
assert.ok(version);
const pods = deployment(system, service, version, { accountId: "111122223333", region: "ap-south-1" });

describe("a version's autoscaler", () => {
  const spec = autoscaler(system, service, version)["spec"] as NonNullable<IHorizontalPodAutoscaler["spec"]>;

  it("scales the version's deployment between the environment's bounds", () => {
    assert.deepEqual(spec.scaleTargetRef, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: pods.metadata.name,
    });
    assert.deepEqual([spec.minReplicas, spec.maxReplicas], [3, 12]);
  });

  it("goes by what the service's own container uses, not by its proxy", () => {
    const metrics = spec.metrics?.map(({ type, containerResource }) => [
      type,
      containerResource?.container,
      containerResource?.name,
    ]);
    assert.deepEqual(metrics, [
      ["ContainerResource", "calculator-api", "cpu"],
      ["ContainerResource", "calculator-api", "memory"],
    ]);
    const { template } = pods["spec"] as { template: { spec: { containers: { name: string }[] } } };
    assert.deepEqual(
      template.spec.containers.map(({ name }) => name),
      ["calculator-api"],
    );
  });

  it("grows at once and shrinks slowly", () => {
    assert.equal(spec.behavior?.scaleUp?.stabilizationWindowSeconds, 0);
    assert.equal(spec.behavior?.scaleDown?.stabilizationWindowSeconds, 300);
  });
});

describe("a version's disruption budget", () => {
  it("lets one replica of the version go at a time, and broken ones at any time", () => {
    const { metadata, ...budget } = disruptionBudget(system, service, version);
    assert.equal(metadata.name, "calculator-api-v1");
    assert.deepEqual(budget["spec"], {
      maxUnavailable: 1,
      selector: { matchLabels: { "app.kubernetes.io/name": "calculator-api", version: "v1" } },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });
});
