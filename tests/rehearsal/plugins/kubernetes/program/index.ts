/** A program that uses what a stand-in for the Kubernetes provider must get right; the configuration brings it into trouble. */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { KubernetesObject, type Manifest } from "../../../../../lib/manifests.ts";

const config = new pulumi.Config();
const trouble = config.get("trouble");

const provider = new kubernetes.Provider("cluster", {
  kubeconfig: config.require("kubeconfig"),
  clusterIdentifier: "arn:of:cluster",
  enableServerSideApply: true,
});

function object(manifest: Manifest, dependsOn: pulumi.Resource[] = []): KubernetesObject {
  const name = `${manifest.kind.toLowerCase()}-${manifest.metadata.name}`;
  return new KubernetesObject(name, manifest, { provider, dependsOn });
}

const namespace = "shop";
const labels = { app: "web" };
const space = object({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: namespace, labels: { "istio-injection": "enabled" } },
});
const inside = (name: string): Manifest["metadata"] => ({ name, namespace, labels });

object(
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: inside("web"),
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "web",
              image: config.get("image") ?? "web:1",
              resources: { requests: { cpu: trouble === "unschedulable" ? "64" : "0.5" } },
            },
          ],
        },
      },
    },
  },
  [space],
);
object(
  {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: inside("web"),
    spec: {
      minReplicas: 2,
      maxReplicas: 4,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    },
  },
  [space],
);
const service = object(
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: inside("web"),
    spec: { type: "LoadBalancer", selector: labels, ports: [{ name: "http", port: 80 }] },
  },
  [space],
);
object(
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: inside("settings"),
    data: { color: config.get("color") ?? "red" },
  },
  [space],
);
const definition = object({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "routes.example.test" },
  spec: {
    group: "example.test",
    scope: "Namespaced",
    names: { plural: "routes", singular: "route", kind: "Route" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  to: {
                    type: "array",
                    items: {
                      type: "object",
                      required: ["host"],
                      properties: { host: { type: "string" }, weight: { type: "integer", maximum: 100 } },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
});
const weight = config.getNumber("weight") ?? 80;
object(
  {
    apiVersion: "example.test/v1",
    kind: "Route",
    metadata: inside("web"),
    spec: {
      to: [
        { host: "one", weight },
        { host: "two", weight: 100 - weight },
      ],
    },
  },
  [space, definition],
);
object(
  {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: inside("migrate"),
    spec: {
      template: { spec: { restartPolicy: "Never", containers: [{ name: "migrate", image: "migrate:1" }] } },
    },
  },
  [space],
);
if (trouble === "invalid") {
  object({ apiVersion: "v1", kind: "ConfigMap", metadata: inside("No_Name"), data: {} }, [space]);
}
if (trouble === "taken") {
  object({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "taken", namespace: "default" },
    data: {},
  });
}
if (trouble === "unknown") {
  object({ apiVersion: "example.test/v1", kind: "Road", metadata: inside("web") }, [space]);
}

export const address = service.status.apply((status) => {
  const { loadBalancer } = status as { loadBalancer?: { ingress?: { hostname: string }[] } };
  return loadBalancer?.ingress?.[0]?.hostname;
});
