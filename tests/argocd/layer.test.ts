import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";

import { argocdConfig } from "../../argocd/config.ts";
import { argocdContract } from "../../argocd/contract.ts";
import { requireHandover } from "../../argocd/delivered-system.ts";
import { Argocd } from "../../argocd/layer.ts";
import { argocdValues } from "../../argocd/argocd-values.ts";
import { exportContract } from "../../lib/contract.ts";
import { graphOf } from "../helpers/graph.ts";
import { collect, find, runUnderMocks, testProviders } from "../helpers/mocks.ts";
import { calculatorOf, placeOf, sourceOf } from "../helpers/placed.ts";
import type { Stack } from "../helpers/program.ts";
import { raises, rejects } from "../helpers/raises.ts";

type Delivery = "pulumi" | "gitops";

function argocd(stack: Stack, applied?: Delivery): Argocd {
  const place = placeOf(stack);
  const systems = Object.fromEntries(
    place.systems.map(({ name, namespace, delivery, host }) => [
      name,
      { namespace, delivery: applied ?? delivery, host },
    ]),
  );
  return new Argocd(
    "argocd",
    {
      ...argocdConfig(sourceOf(stack)),
      ...place,
      infra: {} as never,
      apps: { systems: pulumi.output(systems) },
    },
    { provider: testProviders().kubernetes },
  );
}

const application = "kubernetes:argoproj.io/v1alpha1:Application";

describe("the argocd layer", () => {
  it("has a project but no application for a system that Pulumi delivers", async () => {
    const resources = await collect(() => argocd("qa"));
    find(resources, "kubernetes:argoproj.io/v1alpha1:AppProject");
    assert.equal(
      resources.some(({ type }) => type === application),
      false,
    );
  });

  it("has an application for each part of a system that Argo CD delivers", async () => {
    const { outputs } = await runUnderMocks(() => exportContract(argocdContract, argocd("prod")));
    assert.deepEqual(outputs["argocdProjects"], ["calculator"]);
    assert.deepEqual(outputs["argocdApplications"], ["calculator-app", "istio-config-app"]);
    assert.equal(outputs["argocdNamespace"], "argocd");
  });

  it("creates applications after their project, and both after Argo CD, so that they go before it", async () => {
    const resources = await collect(() => argocd("prod"));
    const graph = graphOf(resources);
    const release = find(resources, "kubernetes:helm.sh/v3:Release");
    const project = find(resources, "kubernetes:argoproj.io/v1alpha1:AppProject");
    assert.ok(graph.follows(project, release));
    const applications = resources.filter(({ type }) => type === application);
    assert.equal(applications.length, 2);
    for (const resource of applications) assert.ok(graph.follows(resource, project), resource.name);
  });

  it("keeps its namespace out of the mesh", async () => {
    const { inputs } = find(await collect(() => argocd("qa")), "kubernetes:core/v1:Namespace");
    const { labels } = inputs["metadata"] as { labels: Record<string, string> };
    assert.equal(labels["istio-injection"], "disabled");
  });

  it("refuses to take over a system that the apps layer still delivers", async () => {
    await rejects(
      "CONTRACT_INVALID",
      collect(() => argocd("prod", "pulumi")),
    );
  });
});

describe("the handover of a system", () => {
  const system = calculatorOf("prod");
  const applied = { namespace: "calculator", delivery: "gitops" as const, host: system.host };

  it("wants the apps layer to have let go of the system in the same namespace", () => {
    requireHandover(system, { calculator: applied });
    raises("CONTRACT_INVALID", () =>
      requireHandover(system, { calculator: { ...applied, delivery: "pulumi" } }),
    );
    raises("CONTRACT_INVALID", () =>
      requireHandover(system, { calculator: { ...applied, namespace: "other" } }),
    );
    assert.equal(
      raises("CONTRACT_INVALID", () => requireHandover(system, {})).key,
      "platform-apps.systems.calculator",
    );
  });
});

describe("Argo CD's values", () => {
  const single = argocdValues({ highAvailability: false, host: "argocd.qa.example.com" });
  const replicated = argocdValues({ highAvailability: true, host: "argocd.prod.example.com" });

  it("replicate every part that can be where high availability is asked for", () => {
    const replicas = (values: typeof single): unknown[] =>
      ["server", "repoServer", "applicationSet"].map(
        (part) => (values[part] as { replicas: number }).replicas,
      );
    assert.deepEqual(replicas(single), [1, 1, 1]);
    assert.deepEqual(replicas(replicated), [2, 2, 2]);
    assert.deepEqual(
      [single["redis-ha"], (replicated["redis-ha"] as { enabled: boolean }).enabled],
      [undefined, true],
    );
  });

  it("speak TLS, run no identity provider of their own and keep the kinds", () => {
    for (const values of [single, replicated]) {
      assert.deepEqual(values["configs"], { params: { "server.insecure": false } });
      assert.deepEqual(values["dex"], { enabled: false });
      assert.deepEqual(values["crds"], { install: true, keep: true });
    }
  });
});
