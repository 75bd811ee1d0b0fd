import assert from "node:assert/strict";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";

import { deployment } from "../../../apps/objects/deployment.ts";
import { drainSeconds, graceSeconds } from "../../../apps/objects/drain.ts";
import { milliseconds } from "../../../systems/units.ts";
import { calculatorOf, serviceOf } from "../../helpers/placed.ts";

const system = calculatorOf("qa");
const registry = { accountId: "111122223333", region: "ap-south-1" };
const service = serviceOf(system, "calculator-api");
const [version] = service.versions;
assert.ok(version);
const made = deployment(system, service, version, registry);
const spec = made["spec"] as NonNullable<IDeployment["spec"]>;
const pod = spec.template.spec;
const container = pod?.containers[0];

describe("a version's deployment", () => {
  it("is named after the service and the version", () => {
    assert.equal(made.metadata.name, "calculator-api-v1");
  });

  it("leaves the number of replicas to the autoscaler", () => {
    assert.ok(!("replicas" in spec));
  });

  it("replaces pods one by one, a new one first, and waits until it has been ready for a while", () => {
    assert.deepEqual(spec.strategy, {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    assert.equal(spec.minReadySeconds, 5);
  });

  it("gives its pods the labels that it and the subset pick them by", () => {
    const labels = spec.template.metadata?.labels ?? {};
    assert.deepEqual(spec.selector.matchLabels, { app: "calculator-api", version: "v1" });
    for (const [key, value] of Object.entries(spec.selector.matchLabels ?? {}))
      assert.equal(labels[key], value);
    assert.equal(labels["app.kubernetes.io/name"], "calculator-api");
  });

  it("runs the version's image from the account's registry", () => {
    assert.equal(
      container?.image,
      "111122223333.dkr.ecr.ap-south-1.amazonaws.com/qa/calculator/calculator-api:1.0.0",
    );
  });

  it("runs as the service's own account, without a token of the API server", () => {
    assert.equal(pod?.serviceAccountName, "calculator-api");
    assert.equal(pod.automountServiceAccountToken, false);
  });

  it("asks for health over HTTP three times: to have started, to get requests, to live on", () => {
    for (const probe of [container?.startupProbe, container?.readinessProbe, container?.livenessProbe]) {
      assert.deepEqual(probe?.httpGet, { path: "/health", port: "http" });
    }
    assert.deepEqual(container?.ports, [{ name: "http", containerPort: 8000, protocol: "TCP" }]);
  });

  it("gives a slow start a minute before it counts as failed", () => {
    const { periodSeconds = 0, failureThreshold = 0 } = container?.startupProbe ?? {};
    assert.equal(periodSeconds * failureThreshold, 60);
  });

  it("answers on for a while when told to stop, without a shell, and then ends its last request", () => {
    assert.deepEqual(container?.lifecycle, { preStop: { sleep: { seconds: drainSeconds } } });
    for (const of of system.services) {
      assert.ok(drainSeconds + milliseconds(of.resilience.timeout) / 1000 < graceSeconds(of));
    }
    assert.equal(pod?.terminationGracePeriodSeconds, graceSeconds(service));
  });

  it("mounts the service's secrets as files, read-only, and tells it where", () => {
    assert.deepEqual(
      pod?.volumes?.find(({ csi }) => csi !== undefined),
      {
        name: "secret-config",
        csi: {
          driver: "secrets-store.csi.k8s.io",
          readOnly: true,
          volumeAttributes: { secretProviderClass: "config" },
        },
      },
    );
    assert.deepEqual(
      container?.volumeMounts?.find(({ name }) => name === "secret-config"),
      {
        name: "secret-config",
        mountPath: "/var/run/secrets/platform/config",
        readOnly: true,
      },
    );
    assert.equal(variables()["SECRETS_DIR"], "/var/run/secrets/platform");
  });

  it("mounts nothing of the kind in a service that reads no secret", () => {
    const bare = { ...system, secrets: [] };
    const template = (deployment(bare, service, version, registry)["spec"] as typeof spec).template.spec;
    assert.deepEqual(
      template?.volumes?.map(({ name }) => name),
      ["tmp"],
    );
    assert.ok(!template.containers[0]?.env?.some(({ name }) => name === "SECRETS_DIR"));
  });

  it("says which service and version it is, where it listens and where its backends are", () => {
    assert.deepEqual(variables(), {
      PORT: "8000",
      SERVICE_NAME: "calculator-api",
      SERVICE_VERSION: "v1",
      ENVIRONMENT: "qa",
      SECRETS_DIR: "/var/run/secrets/platform",
      ADD_SERVICE_URL: "http://add-service:8001",
      SUBTRACT_SERVICE_URL: "http://subtract-service:8002",
      MULTIPLY_SERVICE_URL: "http://multiply-service:8003",
    });
    assert.equal(pod?.enableServiceLinks, false);
  });

  it("spreads each revision over zones and nodes, but would rather run crowded than not at all", () => {
    const spread = pod?.topologySpreadConstraints ?? [];
    assert.deepEqual(
      spread.map(({ topologyKey }) => topologyKey),
      ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
    );
    for (const constraint of spread) {
      assert.equal(constraint.whenUnsatisfiable, "ScheduleAnyway");
      assert.deepEqual(constraint.matchLabelKeys, ["pod-template-hash"]);
      assert.deepEqual(constraint.labelSelector?.matchLabels, {
        "app.kubernetes.io/name": "calculator-api",
        version: "v1",
      });
    }
  });

  it("can write to /tmp and nowhere else", () => {
    assert.equal(container?.securityContext?.readOnlyRootFilesystem, true);
    const writable = container.volumeMounts?.filter(({ readOnly }) => readOnly !== true);
    assert.deepEqual(writable, [{ name: "tmp", mountPath: "/tmp" }]);
  });
});

function variables(): Record<string, string | undefined> {
  return Object.fromEntries(container?.env?.map(({ name, value }) => [name, value]) ?? []);
}
