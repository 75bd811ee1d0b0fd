import assert from "node:assert/strict";
import type { IDestinationRule } from "@kubernetes-models/istio/networking.istio.io/v1/DestinationRule";
import type { IVirtualService } from "@kubernetes-models/istio/networking.istio.io/v1/VirtualService";

import { destinationRule } from "../../../apps/objects/destination-rule.ts";
import { service } from "../../../apps/objects/service.ts";
import { sidecar } from "../../../apps/objects/sidecar.ts";
import { virtualService } from "../../../apps/objects/virtual-service.ts";
import { Caller, Rollout, type Service } from "../../../systems/types.ts";
import { calculatorOf, serviceOf } from "../../helpers/placed.ts";

const system = calculatorOf("qa");
const api = serviceOf(system, "calculator-api");
const add = serviceOf(system, "add-service");
const routesOf = (of: Service): NonNullable<IVirtualService["spec"]> =>
  virtualService(system, of)["spec"] as NonNullable<IVirtualService["spec"]>;

describe("the routes of a backend", () => {
  const spec = routesOf(add);

  it("hold for the sidecars, at the name by which they know it, and nowhere else", () => {
    assert.deepEqual([spec.hosts, spec.gateways], [["add-service.calculator.svc.cluster.local"], ["mesh"]]);
    assert.deepEqual(spec.exportTo, ["."]);
    assert.equal(spec.http?.[0]?.match, undefined);
  });

  it("split requests by weight", () => {
    assert.deepEqual(spec.http?.[0]?.route, [
      {
        destination: {
          host: "add-service.calculator.svc.cluster.local",
          subset: "v1",
          port: { number: 8001 },
        },
        weight: 70,
      },
      {
        destination: {
          host: "add-service.calculator.svc.cluster.local",
          subset: "v2",
          port: { number: 8001 },
        },
        weight: 30,
      },
    ]);
  });

  it("limit the time of a request and of each try, and pause between tries", () => {
    assert.equal(spec.http?.[0]?.timeout, "3s");
    assert.deepEqual(spec.http[0].retries, {
      attempts: 2,
      perTryTimeout: "1s",
      backoff: "25ms",
      retryOn: "connect-failure,refused-stream,unavailable,reset,503",
    });
  });

  it("list versions by name, whatever the order of the weights, and those of weight 0 too", () => {
    const route = routesOf({ ...add, rollout: Rollout.split({ v2: 100, v1: 0 }) }).http?.[0]?.route;
    assert.deepEqual(
      route?.map(({ destination, weight }) => [destination.subset, weight]),
      [
        ["v1", 0],
        ["v2", 100],
      ],
    );
  });
});

describe("the routes of an exposed service", () => {
  it("hold at the gateway, for the system's host, under the service's prefix", () => {
    assert.equal(virtualService(system, api).metadata.name, "calculator-api-main");
    const spec = routesOf(api);
    assert.deepEqual(spec.hosts, ["calculator.qa.mesh.example.com"]);
    assert.deepEqual(spec.gateways, ["istio-system/istio-ingressgateway"]);
    assert.deepEqual(spec.exportTo, [".", "istio-system"]);
    assert.deepEqual(spec.http?.[0]?.match, [
      { gateways: ["istio-system/istio-ingressgateway"], uri: { prefix: "/" } },
    ]);
  });

  it("hold for the sidecars too where another service calls it, under any path", () => {
    const spec = routesOf({ ...api, callers: [...api.callers, Caller.service("add-service")] });
    assert.deepEqual(spec.hosts, [
      "calculator.qa.mesh.example.com",
      "calculator-api.calculator.svc.cluster.local",
    ]);
    assert.deepEqual(spec.gateways, ["istio-system/istio-ingressgateway", "mesh"]);
    assert.deepEqual(spec.http?.[0]?.match, [
      { gateways: ["istio-system/istio-ingressgateway"], uri: { prefix: "/" } },
      { gateways: ["mesh"] },
    ]);
    assert.equal(spec.http.length, 1);
  });
});

describe("a destination rule", () => {
  const spec = destinationRule(system, add)["spec"] as NonNullable<IDestinationRule["spec"]>;

  it("is for one host, never for many: mutual TLS to a host without a proxy fails", () => {
    assert.equal(spec.host, "add-service.calculator.svc.cluster.local");
    assert.deepEqual(spec.trafficPolicy?.tls, { mode: "ISTIO_MUTUAL" });
  });

  it("holds every number of breaker and pool", () => {
    assert.deepEqual(spec.trafficPolicy?.outlierDetection, {
      consecutive5xxErrors: 5,
      interval: "30s",
      baseEjectionTime: "30s",
      maxEjectionPercent: 50,
    });
    assert.deepEqual(spec.trafficPolicy.connectionPool, {
      tcp: { maxConnections: 100, connectTimeout: "1s" },
      http: { http1MaxPendingRequests: 64, http2MaxRequests: 256 },
    });
  });

  it("spreads requests over all replicas, not over those of the caller's zone alone", () => {
    assert.deepEqual(spec.trafficPolicy?.loadBalancer, {
      simple: "LEAST_REQUEST",
      localityLbSetting: { enabled: false },
    });
  });

  it("has a subset for each version", () => {
    assert.deepEqual(spec.subsets, [
      { name: "v1", labels: { version: "v1" } },
      { name: "v2", labels: { version: "v2" } },
    ]);
  });

  it("is seen by the gateway only where the gateway calls", () => {
    assert.deepEqual(spec.exportTo, ["."]);
    assert.deepEqual((destinationRule(system, api)["spec"] as typeof spec).exportTo, [".", "istio-system"]);
  });
});

describe("a service's address", () => {
  it("has one port of the container's number, which says that it speaks HTTP", () => {
    assert.deepEqual(service(system, add)["spec"], {
      type: "ClusterIP",
      selector: { "app.kubernetes.io/name": "add-service" },
      ports: [{ name: "http", port: 8001, targetPort: "http", protocol: "TCP", appProtocol: "http" }],
    });
  });
});

describe("a system's proxies", () => {
  it("know their own namespace and the mesh's, and no more", () => {
    assert.deepEqual(sidecar(system)["spec"], { egress: [{ hosts: ["./*", "istio-system/*"] }] });
  });
});
