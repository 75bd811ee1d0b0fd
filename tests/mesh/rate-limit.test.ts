import assert from "node:assert/strict";
import { EnvoyFilter } from "@kubernetes-models/istio/networking.istio.io/v1alpha3/EnvoyFilter";

import { virtualService } from "../../apps/objects/virtual-service.ts";
import type { Manifest } from "../../lib/manifests.ts";
import { rateLimits, tokenBucket } from "../../mesh/rate-limit.ts";
import { calculatorOf, serviceOf } from "../helpers/placed.ts";

interface Patch {
  applyTo: string;
  match: {
    context: string;
    routeConfiguration?: { vhost: { domainName: string; route: { name: string } } };
  };
  patch: {
    operation: string;
    value: { typed_per_filter_config?: Record<string, Record<string, unknown>> } & Record<string, unknown>;
  };
}

const system = calculatorOf("qa");
const patchOf = (manifest: Manifest): Patch => {
  const [only] = (manifest["spec"] as { configPatches: [Patch] }).configPatches;
  return only;
};

describe("rate limits", () => {
  const manifests = rateLimits("qa", [system]);

  it("are one filter and a bucket for each exposed service", () => {
    assert.deepEqual(
      manifests.map(({ metadata }) => metadata.name),
      ["rate-limit", "rate-limit-calculator-calculator-api"],
    );
    for (const manifest of manifests) new EnvoyFilter(manifest).validate();
  });

  it("reach the ingress gateway only", () => {
    for (const manifest of manifests) {
      assert.equal(manifest.metadata.namespace, "istio-system");
      const { workloadSelector } = manifest["spec"] as { workloadSelector: unknown };
      assert.deepEqual(workloadSelector, { labels: { istio: "ingressgateway" } });
      assert.equal(patchOf(manifest).match.context, "GATEWAY");
    }
  });

  it("leave routes without a bucket alone", () => {
    const { patch } = patchOf(manifests[0] as Manifest);
    assert.equal(patch.operation, "INSERT_FIRST");
    assert.equal(patch.value["name"], "envoy.filters.http.local_ratelimit");
    assert.equal(Object.hasOwn(patch.value["typed_config"] as object, "token_bucket"), false);
  });

  it("fill the bucket as the service declares, and are enforced", () => {
    const { patch } = patchOf(manifests[1] as Manifest);
    const config = patch.value.typed_per_filter_config?.["envoy.filters.http.local_ratelimit"] ?? {};
    assert.deepEqual(config["token_bucket"], { max_tokens: 200, tokens_per_fill: 100, fill_interval: "1s" });
    const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };
    assert.deepEqual([config["filter_enabled"], config["filter_enforced"]], [always, always]);
  });

  it("go by the name and the host of the route that the service has", () => {
    const { vhost } = patchOf(manifests[1] as Manifest).match.routeConfiguration ?? {};
    const { hosts, http } = virtualService(system, serviceOf(system, "calculator-api"))["spec"] as {
      hosts: string[];
      http: { name: string }[];
    };
    assert.ok(hosts.includes(vhost?.domainName ?? ""));
    assert.deepEqual(
      http.map(({ name }) => name),
      [vhost?.route.name],
    );
  });

  it("are not there where no service is exposed", () => {
    const inner = system.services.filter(({ exposure }) => exposure === undefined);
    assert.deepEqual(rateLimits("qa", [{ ...system, services: inner }]), []);
  });

  it("write their durations in seconds, as the proxy reads them", () => {
    assert.deepEqual(tokenBucket({ requests: 5, per: "250ms", burst: 10 }), {
      max_tokens: 10,
      tokens_per_fill: 5,
      fill_interval: "0.25s",
    });
  });
});
