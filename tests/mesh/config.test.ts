import assert from "node:assert/strict";

import { meshConfig } from "../../mesh/config.ts";
import { sourceOf } from "../helpers/placed.ts";
import { stacks } from "../helpers/program.ts";
import { raises } from "../helpers/raises.ts";

const istiod = { minReplicas: 2, maxReplicas: 4 };
const gateway = { minReplicas: 1, maxReplicas: 3 };

function read(over: Record<string, unknown>): ReturnType<typeof meshConfig> {
  return meshConfig(() =>
    Object.fromEntries(
      Object.entries({ istiod, gateway, ...over }).map(([key, value]) => [key, JSON.stringify(value)]),
    ),
  );
}

describe("mesh configuration", () => {
  it("redirects plain HTTP and lets everyone in, unless it says so", () => {
    const config = read({});
    assert.deepEqual(config.istiod, istiod);
    assert.deepEqual(config.gateway, { ...gateway, http: { mode: "redirect" } });
  });

  it("takes the redirect by its name", () => {
    assert.deepEqual(read({ gateway: { ...gateway, http: "redirect" } }).gateway.http, { mode: "redirect" });
  });

  it("serves plain HTTP for a reason", () => {
    const http = { mode: "serve", reason: "a demonstration without certificates" };
    assert.deepEqual(read({ gateway: { ...gateway, http } }).gateway.http, http);
  });

  it("refuses to serve plain HTTP without a reason", () => {
    const withHttp = (http: unknown) => () => read({ gateway: { ...gateway, http } });
    const { key, rule } = raises("CONFIG_INVALID", withHttp({ mode: "serve", reason: "  " }));
    assert.match(`${key}: ${rule}`, /^mesh:gateway\.http.*reason/);
    raises("CONFIG_INVALID", withHttp({ mode: "serve" }));
    raises("CONFIG_INVALID", withHttp("serve"));
  });

  it("refuses bounds that cross", () => {
    const error = raises("CONFIG_INVALID", () => read({ istiod: { minReplicas: 3, maxReplicas: 2 } }));
    assert.equal(error.key, "mesh:istiod.maxReplicas");
    assert.equal(error.value, 2);
    raises("CONFIG_INVALID", () => read({ gateway: { minReplicas: 3, maxReplicas: 2 } }));
  });

  it("refuses no replica, half a replica and a missing bound", () => {
    raises("CONFIG_INVALID", () => read({ istiod: { minReplicas: 0, maxReplicas: 2 } }));
    raises("CONFIG_INVALID", () => read({ istiod: { minReplicas: 1.5, maxReplicas: 2 } }));
    raises("CONFIG_MISSING", () => read({ istiod: { minReplicas: 1 } }));
  });

  it("refuses a key that it does not know", () => {
    raises("CONFIG_UNKNOWN_KEY", () => read({ istiodd: istiod }));
    raises("CONFIG_UNKNOWN_KEY", () => read({ gateway: { ...gateway, https: "redirect" } }));
  });

  it("knows no way around the platform's Helm values", () => {
    raises("CONFIG_UNKNOWN_KEY", () => read({ istiodValues: {} }));
    raises("CONFIG_UNKNOWN_KEY", () => read({ gatewayValues: {} }));
  });

  it("takes the networks whose clients come in, each once and at least one", () => {
    const withRanges = (sourceRanges: unknown) => read({ gateway: { ...gateway, sourceRanges } });
    const ranges = ["203.0.113.0/24", "198.51.100.7/32"];
    assert.deepEqual(withRanges(ranges).gateway.sourceRanges, ranges);
    const { key, rule } = raises("CIDR_INVALID", () => withRanges(["203.0.113.0/24", "203.0.113.7/24"]));
    assert.match(`${key}: ${rule}`, /^mesh:gateway\.sourceRanges.*the network is 203\.0\.113\.0/);
    raises("CONFIG_INVALID", () => withRanges([]));
    raises("CONFIG_INVALID", () => withRanges(["203.0.113.0/24", "203.0.113.0/24"]));
    raises("CONFIG_INVALID", () => withRanges("203.0.113.0/24"));
  });

  it("is right in every environment's file", () => {
    for (const stack of stacks) assert.equal(meshConfig(sourceOf(stack)).gateway.http.mode, "redirect");
  });
});
