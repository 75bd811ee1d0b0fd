import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  readApplication,
  readObjects,
  readSources,
  tracked,
} from "../../../rehearsal/controllers/application.ts";
import { hostname } from "../../../rehearsal/controllers/load-balancers.ts";
import { refusesObject, refusesSource } from "../../../rehearsal/controllers/project.ts";
import { readInjection } from "../../../rehearsal/controllers/sidecars.ts";
import type { KubeObject } from "../../../rehearsal/kubernetes/api.ts";

describe("a rehearsed Argo CD", () => {
  const destination = { server: "https://kubernetes.default.svc", namespace: "shop" };
  const project = (spec: object): KubeObject => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "shop" },
    spec: { sourceRepos: ["https://git.example/*"], destinations: [destination], ...spec },
  });

  it("permits what a project names, and nothing cluster-wide that it does not", () => {
    const open = project({});
    assert.equal(refusesSource(open, "https://git.example/platform"), undefined);
    assert.match(refusesSource(open, "https://elsewhere/x") ?? "", /does not permit the repository/);
    const object = { group: "apps", kind: "Deployment", namespace: "shop" };
    assert.equal(refusesObject(open, object, destination), undefined);
    assert.match(
      refusesObject(open, { ...object, namespace: "other" }, destination) ?? "",
      /the namespace other/,
    );
    const role = { group: "rbac.authorization.k8s.io", kind: "ClusterRole" };
    assert.match(refusesObject(open, role, destination) ?? "", /rbac\.authorization\.k8s\.io\/ClusterRole/);
    const wide = project({ clusterResourceWhitelist: [{ group: "rbac.*", kind: "*" }] });
    assert.equal(refusesObject(wide, role, destination), undefined);
  });

  it("permits only the named kinds once a project names some", () => {
    const narrow = project({ namespaceResourceWhitelist: [{ group: "apps", kind: "Deployment" }] });
    const object = { group: "", kind: "Secret", namespace: "shop" };
    assert.match(refusesObject(narrow, object, destination) ?? "", /does not permit core\/Secret/);
    assert.equal(
      refusesObject(narrow, { ...object, group: "apps", kind: "Deployment" }, destination),
      undefined,
    );
  });

  it("does not permit another cluster", () => {
    const object = { group: "apps", kind: "Deployment", namespace: "shop" };
    assert.match(
      refusesObject(project({}), object, { ...destination, server: "https://other" }) ?? "",
      /namespace shop/,
    );
  });

  it("reads the files of an application in order, subfolders only when told", () => {
    const checkout = mkdtempSync(join(tmpdir(), "gitops-"));
    mkdirSync(join(checkout, "apps/deeper"), { recursive: true });
    const write = (path: string, kind: string, wave = "0"): void => {
      const metadata = { name: kind.toLowerCase(), annotations: { "argocd.argoproj.io/sync-wave": wave } };
      writeFileSync(join(checkout, "apps", path), JSON.stringify({ apiVersion: "v1", kind, metadata }));
    };
    write("b.yaml", "Deployment");
    write("c.yml", "Namespace");
    write("d.yaml", "Migration", "-1");
    write("deeper/a.yaml", "Service");
    writeFileSync(join(checkout, "apps/README.md"), "no object");
    const read = (recurse: boolean): string[] => {
      const source = { repoURL: "x", path: "apps", directory: { recurse } };
      const object = {
        apiVersion: "v1",
        kind: "Application",
        metadata: { name: "a" },
        spec: { source, destination },
      };
      return readObjects(readSources(readApplication(object), checkout)).map(({ kind }) => kind);
    };
    assert.deepEqual(read(false), ["Migration", "Namespace", "Deployment"]);
    assert.deepEqual(read(true), ["Migration", "Namespace", "Service", "Deployment"]);
    rmSync(checkout, { recursive: true });
  });

  it("says which folder is missing", () => {
    const spec = { source: { repoURL: "x", path: "gitops/prod" }, destination };
    const object = { apiVersion: "v1", kind: "Application", metadata: { name: "a" }, spec };
    assert.throws(
      () => readSources(readApplication(object), tmpdir()),
      /gitops\/prod does not exist in the checkout/,
    );
  });

  it("marks its objects as Argo CD does", () => {
    const object = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop" },
    };
    assert.deepEqual(tracked(object, "shop-app").metadata.annotations, {
      "argocd.argoproj.io/tracking-id": "shop-app:apps/Deployment:shop/web",
    });
  });
});

describe("a rehearsed cloud", () => {
  it("names load balancers so that two clusters' differ, within the length of a name", () => {
    const service = (uid: string, name: string): KubeObject => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "shop", uid },
    });
    const first = hostname(service("1", "front"), "eu-west-1");
    assert.match(first, /^front-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$/);
    assert.notEqual(first, hostname(service("2", "front"), "eu-west-1"));
    assert.ok(hostname(service("1", "x".repeat(60)), "eu-west-1").split(".")[0]!.length <= 63);
  });
});

describe("a rehearsed istiod", () => {
  it("injects by the values it was installed with, or by Istio's own", () => {
    assert.equal(readInjection({}).cni, false);
    assert.deepEqual(readInjection({}).resources.requests, { cpu: "100m", memory: "128Mi" });
    const proxy = { resources: { requests: { cpu: "50m" } }, seccompProfile: { type: "RuntimeDefault" } };
    assert.deepEqual(readInjection({ global: { proxy }, pilot: { cni: { enabled: true } } }), {
      resources: proxy.resources,
      cni: true,
      seccompProfile: "RuntimeDefault",
    });
  });
});
