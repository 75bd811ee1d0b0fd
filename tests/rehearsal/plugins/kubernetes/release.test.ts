import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { KubeObject } from "../../../../rehearsal/kubernetes/api.ts";
import { byWeight } from "../../../../rehearsal/plugins/kubernetes/hooks.ts";
import { inInstallOrder } from "../../../../rehearsal/plugins/kubernetes/manifest-order.ts";
import {
  knownValues,
  readRelease,
  releaseFailures,
} from "../../../../rehearsal/plugins/kubernetes/release-inputs.ts";
import { makeRecord, objectsOf } from "../../../../rehearsal/plugins/kubernetes/release-record.ts";
import { checkValues } from "../../../../rehearsal/plugins/kubernetes/render.ts";
import { unknownValueKeys } from "../../../../rehearsal/plugins/kubernetes/values-keys.ts";
import { withoutWebhookServers } from "../../../../rehearsal/plugins/kubernetes/webhooks.ts";
import { UNKNOWN } from "../../../../rehearsal/plugins/provider.ts";
import { raises } from "../../../helpers/raises.ts";

const complete = {
  name: "web",
  namespace: "shop",
  chart: "web",
  version: "1.0.0",
  repositoryOpts: { repo: "https://charts" },
};

describe("the inputs of a Helm release", () => {
  it("must name release, chart, version and repository", () => {
    assert.deepEqual(releaseFailures(complete), []);
    assert.deepEqual(
      releaseFailures({ namespace: "shop", chart: "web" }).map(({ property }) => property),
      ["name", "version", "repositoryOpts.repo"],
    );
  });

  it("are refused by name where the stand-in does not know an option", () => {
    const failures = releaseFailures({
      ...complete,
      postrender: "sed",
      verify: false,
      repositoryOpts: { repo: "r", caFile: "c" },
    });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["postrender", "repositoryOpts.caFile"],
    );
  });

  it("have Helm's defaults", () => {
    const { atomic, timeout, skipAwait, maxHistory, values } = readRelease(complete);
    assert.deepEqual(
      { atomic, timeout, skipAwait, maxHistory, values },
      {
        atomic: false,
        timeout: 300,
        skipAwait: false,
        maxHistory: 10,
        values: {},
      },
    );
  });

  it("are judged in a preview without what it does not know", () => {
    assert.deepEqual(knownValues({ a: UNKNOWN, b: { c: UNKNOWN, d: 1 } }), { b: { d: 1 } });
  });
});

describe("the keys of a chart's values", () => {
  let chart: string;

  before(() => {
    chart = mkdtempSync(join(tmpdir(), "chart-"));
    mkdirSync(join(chart, "templates"));
    writeFileSync(
      join(chart, "Chart.yaml"),
      "name: web\nversion: 1.0.0\ndependencies:\n- {name: redis}\n- {name: redis, alias: cache}\n",
    );
    const values = {
      _internal_defaults_do_not_set: { inner: { a: 1 } },
      service: { type: "ClusterIP", ports: [] },
      open: {},
      nothing: null,
      podAnnotations: { scrape: "true" },
    };
    writeFileSync(join(chart, "values.yaml"), JSON.stringify(values));
    writeFileSync(join(chart, "templates/web.yaml"), "x: {{ .Values.hidden.flag }}\n");
  });

  after(() => rmSync(chart, { recursive: true }));

  it("are known by the chart's defaults, where an empty map takes anything", () => {
    const values = {
      service: { type: "x", ports: [{ any: 1 }] },
      open: { any: { thing: 1 } },
      nothing: { any: 1 },
      global: { hub: "x" },
    };
    assert.deepEqual(unknownValueKeys(chart, values), []);
  });

  it("are known inside Istio's hidden defaults, by the names of dependencies, and by what templates read", () => {
    assert.deepEqual(
      unknownValueKeys(chart, { inner: { a: 2 }, redis: { x: 1 }, cache: { x: 1 }, hidden: { flag: true } }),
      [],
    );
  });

  it("are free where the user names things: annotations, labels, selectors", () => {
    assert.deepEqual(unknownValueKeys(chart, { podAnnotations: { mine: "x" } }), []);
  });

  it("are named by their path where they are unknown", () => {
    const values = { servise: { type: "x" }, service: { tpye: "x" }, inner: { b: 1 } };
    assert.deepEqual(unknownValueKeys(chart, values), ["servise", "service.tpye", "inner.b"]);
    const release = readRelease({ ...complete, values: { servise: {} } });
    const error = raises("VALUES_UNKNOWN_KEY", () => checkValues(chart, release));
    assert.equal(error.value, "servise");
  });
});

describe("a rendered chart", () => {
  const named = (kind: string, name: string): KubeObject => ({ apiVersion: "v1", kind, metadata: { name } });

  it("is installed in Helm's order of kinds, others last", () => {
    const objects = [
      "Gateway",
      "Deployment",
      "ServiceAccount",
      "CustomResourceDefinition",
      "Service",
      "Namespace",
    ];
    assert.deepEqual(
      inInstallOrder(objects.map((kind) => named(kind, "a"))).map(({ kind }) => kind),
      ["Namespace", "ServiceAccount", "CustomResourceDefinition", "Service", "Deployment", "Gateway"],
    );
  });

  it("has its hooks run by weight", () => {
    const hook = (name: string, weight?: string): KubeObject => ({
      ...named("Job", name),
      metadata: { name, annotations: weight === undefined ? {} : { "helm.sh/hook-weight": weight } },
    });
    const order = byWeight([hook("late", "10"), hook("b"), hook("early", "-5"), hook("a")]);
    assert.deepEqual(
      order.map(({ metadata }) => metadata.name),
      ["early", "a", "b", "late"],
    );
  });

  it("has webhooks that fail at once and are then ignored", () => {
    const webhook = (clientConfig: object) => ({ name: "w", failurePolicy: "Fail", clientConfig });
    const { webhooks } = withoutWebhookServers({
      ...named("ValidatingWebhookConfiguration", "w"),
      webhooks: [
        webhook({ service: { namespace: "a", name: "b", path: "/validate" }, caBundle: "Cg==" }),
        webhook({ url: "https://istiod.a.svc/inject?x=1" }),
      ],
    }) as unknown as { webhooks: object[] };
    assert.deepEqual(webhooks, [
      {
        name: "w",
        failurePolicy: "Ignore",
        clientConfig: { caBundle: "Cg==", url: "https://127.0.0.1:9/validate" },
      },
      { name: "w", failurePolicy: "Ignore", clientConfig: { url: "https://127.0.0.1:9/inject" } },
    ]);
    const other = named("ConfigMap", "x");
    assert.equal(withoutWebhookServers(other), other);
  });

  it("is kept in a record from which every object comes back", () => {
    const objects = [
      named("Namespace", "a"),
      { ...named("ConfigMap", "b"), data: { text: "one\n---\ntwo" } },
    ];
    const release = readRelease(complete);
    const record = makeRecord({
      release,
      revision: 1,
      status: "deployed",
      appVersion: "1",
      objects,
      hooks: [],
    });
    assert.deepEqual(objectsOf(record), objects);
    assert.deepEqual(
      objectsOf(
        makeRecord({ release, revision: 1, status: "deployed", appVersion: "", objects: [], hooks: [] }),
      ),
      [],
    );
  });
});
