import assert from "node:assert/strict";
import { DestinationRule } from "@kubernetes-models/istio/networking.istio.io/v1/DestinationRule";
import { Sidecar } from "@kubernetes-models/istio/networking.istio.io/v1/Sidecar";
import { VirtualService } from "@kubernetes-models/istio/networking.istio.io/v1/VirtualService";
import { AuthorizationPolicy } from "@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { Service } from "kubernetes-models/v1/Service";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";

import { namespace } from "../../apps/objects/namespace.ts";
import { serviceStages, systemDefaults, systemObjects } from "../../apps/system-objects.ts";
import type { Manifest } from "../../lib/manifests.ts";
import { identityOf } from "../helpers/objects.ts";
import { calculatorOf, placeOf, serviceOf } from "../helpers/placed.ts";
import { stacks } from "../helpers/program.ts";

type Model = new (data: never) => { validate(): void };

/** Models that check an object against its kind's schema. A SecretProviderClass has none; the rehearsal's API server checks it. */
const models: Readonly<Record<string, Model>> = {
  AuthorizationPolicy,
  Deployment,
  DestinationRule,
  HorizontalPodAutoscaler,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
  Sidecar,
  VirtualService,
};

const kinds = (manifests: readonly Manifest[]): string[] =>
  [...new Set(manifests.map(({ kind }) => kind))].sort();

for (const stack of stacks) {
  describe(`the objects of calculator in ${stack}`, () => {
    const { environment } = placeOf(stack);
    const system = calculatorOf(stack);
    const { identity, app, istioConfig } = systemObjects(system, environment);
    const all = [namespace(system, { "istio.io/rev": "default" }), ...identity, ...app, ...istioConfig];

    it("fit their kinds' schemas", () => {
      for (const manifest of all) {
        const Kind = models[manifest.kind];
        if (Kind === undefined) assert.equal(manifest.kind, "SecretProviderClass");
        else assert.doesNotThrow(() => new Kind(manifest as never).validate(), identityOf(manifest));
      }
    });

    it("stand in exactly one group each", () => {
      const identities = all.map(identityOf);
      assert.deepEqual(identities, [...new Set(identities)]);
    });

    it("are grouped by who looks after them", () => {
      assert.deepEqual(kinds(identity), ["SecretProviderClass", "ServiceAccount"]);
      assert.deepEqual(kinds(app), [
        "Deployment",
        "HorizontalPodAutoscaler",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Service",
      ]);
      assert.deepEqual(kinds(istioConfig), [
        "AuthorizationPolicy",
        "DestinationRule",
        "Sidecar",
        "VirtualService",
      ]);
    });

    it("stand in the system's namespace and are labelled as its own", () => {
      for (const { metadata } of [...identity, ...app, ...istioConfig]) {
        assert.equal(metadata.namespace, "calculator");
        assert.equal(metadata.labels?.["app.kubernetes.io/part-of"], "calculator");
        assert.equal(metadata.labels["platform.mesh/environment"], stack);
      }
    });

    it("deny by default before they allow anything", () => {
      assert.equal(app[0]?.metadata.name, "default-deny");
      assert.equal(systemDefaults(system)[0]?.[0]?.metadata.name, "default-deny");
    });

    it("say who may call before there are pods, and route only to pods that are there", () => {
      for (const service of system.services) {
        const stages = serviceStages(system, service, environment);
        const stageOf = (kind: string): number =>
          stages.findIndex((stage) => stage.some((object) => object.kind === kind));
        for (const policy of ["NetworkPolicy", "AuthorizationPolicy"])
          assert.ok(stageOf(policy) < stageOf("Deployment"));
        assert.ok(stageOf("DestinationRule") < stageOf("VirtualService"));
        // The engine waits until a Service has a pod that answers: pods that waited for their Service would never start.
        assert.ok(stageOf("Deployment") < stageOf("Service"));
        assert.ok(stageOf("Service") < stageOf("VirtualService"));
      }
    });

    it("route only to subsets that exist and have pods", () => {
      for (const service of system.services) {
        const objects = serviceStages(system, service, environment).flat();
        const routed = specOf<{ http: { route: { destination: { subset: string } }[] }[] }>(
          objects,
          "VirtualService",
        ).http.flatMap(({ route }) => route.map(({ destination }) => destination.subset));
        const subsets = specOf<{ subsets: { name: string; labels: object }[] }>(
          objects,
          "DestinationRule",
        ).subsets;
        assert.deepEqual(
          routed,
          subsets.map(({ name }) => name),
        );
        const pods = objects
          .filter(({ kind }) => kind === "Deployment")
          .map((object) => (object["spec"] as { template: Manifest }).template.metadata.labels ?? {});
        for (const { labels } of subsets) {
          assert.ok(pods.some((pod) => Object.entries(labels).every(([key, value]) => pod[key] === value)));
        }
      }
    });
  });
}

describe("a change of one split", () => {
  it("changes exactly one object", () => {
    const { environment } = placeOf("qa");
    const over = {
      "apps:systems": {
        calculator: { delivery: "pulumi", services: { "add-service": { weights: { v1: 0, v2: 100 } } } },
      },
    };
    const [before, after] = [calculatorOf("qa"), calculatorOf("qa", over)].map((system) => {
      const { identity, app, istioConfig } = systemObjects(system, environment);
      return [...identity, ...app, ...istioConfig];
    }) as [Manifest[], Manifest[]];
    assert.deepEqual(before.map(identityOf), after.map(identityOf));
    const changed = after.filter((object, index) => JSON.stringify(object) !== JSON.stringify(before[index]));
    assert.deepEqual(changed.map(identityOf), ["networking.istio.io/VirtualService/calculator/add-service"]);
  });
});

describe("a change of one image", () => {
  it("changes exactly one object", () => {
    const { environment } = placeOf("qa");
    const system = calculatorOf("qa");
    const service = serviceOf(system, "add-service");
    const versions = service.versions.map((version) => ({
      ...version,
      tag: version.name === "v2" ? "2.0.1" : version.tag,
    }));
    const stages = (of: typeof service): Manifest[] => serviceStages(system, of, environment).flat();
    const before = stages(service);
    const changed = stages({ ...service, versions }).filter(
      (object, index) => JSON.stringify(object) !== JSON.stringify(before[index]),
    );
    assert.deepEqual(changed.map(identityOf), ["apps/Deployment/calculator/add-service-v2"]);
  });
});

function specOf<T>(objects: readonly Manifest[], kind: string): T {
  const found = objects.filter((object) => object.kind === kind);
  assert.equal(found.length, 1);
  return found[0]?.["spec"] as T;
}
