import assert from "node:assert/strict";

import {
  addonVersion,
  addonVersions,
  charts,
  checkVersions,
  istioSupports,
  istioVersion,
  kubernetesVersions,
  minorOf,
} from "../../lib/versions.ts";
import { raises } from "../helpers/raises.ts";

describe("the versions", () => {
  it("are exact: no range, no latest", () => {
    for (const chart of Object.values(charts)) assert.match(chart.shipped, /^v?\d+\.\d+\.\d+$/, chart.chart);
  });

  it("come from addresses over TLS", () => {
    for (const chart of Object.values(charts)) assert.match(chart.repository, /^https:\/\//, chart.chart);
  });

  it("are one for all of Istio", () => {
    for (const chart of [charts.istioBase, charts.istioCni, charts.istiod, charts.gateway])
      assert.equal(chart.shipped, istioVersion);
  });

  it("are all supported together as shipped", () => {
    for (const kubernetes of Object.keys(kubernetesVersions)) checkVersions(kubernetes);
  });

  it("name the end of support as a date", () => {
    for (const { standardSupportEnds } of Object.values(kubernetesVersions)) {
      assert.equal(new Date(standardSupportEnds).toISOString().slice(0, 10), standardSupportEnds);
    }
  });

  it("know which Kubernetes the shipped Istio supports", () => {
    assert.ok(istioSupports[minorOf(istioVersion)]);
  });

  it("refuse a Kubernetes that the platform does not install", () => {
    const error = raises("VERSION_UNSUPPORTED", () => checkVersions("1.20"));
    assert.equal(error.key, "infra:cluster.version");
    assert.match(error.rule, /1\.35 or 1\.36/);
  });

  it("refuse a pair that Istio does not support", () => {
    assert.match(
      raises("VERSION_UNSUPPORTED", () => checkVersions("1.36", "1.29.1")).rule,
      /Istio 1\.29\.1 supports/,
    );
  });

  it("have every add-on for every Kubernetes, in an exact build", () => {
    for (const [addon, versions] of Object.entries(addonVersions)) {
      assert.deepEqual(Object.keys(versions), Object.keys(kubernetesVersions), addon);
      for (const version of Object.values(versions)) assert.match(version, /^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
    }
  });

  it("keep kube-proxy at the minor of its cluster", () => {
    for (const kubernetes of Object.keys(kubernetesVersions)) {
      assert.equal(minorOf(addonVersion("kube-proxy", kubernetes)), kubernetes);
    }
  });

  it("refuse a Kubernetes for which an add-on has no version", () => {
    assert.match(
      raises("VERSION_UNSUPPORTED", () => addonVersion("coredns", "1.20")).rule,
      /1\.35 and 1\.36/,
    );
  });

  it("reduce to their minor line", () => {
    assert.deepEqual(["1.31.1", "v1.21.0", "1.36"].map(minorOf), ["1.31", "1.21", "1.36"]);
  });
});
