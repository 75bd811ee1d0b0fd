import { Application } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application";
import { AppProject } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject";
import assert from "node:assert/strict";

import { systemObjects } from "../../apps/system-objects.ts";
import { application, applicationName } from "../../argocd/application.ts";
import { appProject } from "../../argocd/project.ts";
import { appKinds, istioConfigKinds, type Kind } from "../../lib/delivery.ts";
import type { Manifest } from "../../lib/manifests.ts";
import { calculatorOf, placeOf } from "../helpers/placed.ts";
import { leaves } from "../helpers/walk.ts";

const system = calculatorOf("prod");
const source = { repository: "https://github.com/example/mesh-platform", revision: "main" };

const kindsOf = (manifests: readonly Manifest[]): string[] =>
  [...new Set(manifests.map(({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`))].sort();
const groupOf = (apiVersion: string): string => apiVersion.split("/").slice(0, -1).join("/");
const listed = (kinds: readonly Kind[]): string[] =>
  kinds.map(({ group, kind }) => `${group}/${kind}`).sort();

describe("the kinds that are delivered", () => {
  it("are those that calculator's objects are of, part by part", () => {
    const { app, istioConfig } = systemObjects(system, placeOf("prod").environment);
    assert.deepEqual(kindsOf(app), listed(appKinds));
    assert.deepEqual(kindsOf(istioConfig), listed(istioConfigKinds));
  });
});

describe("a system's project", () => {
  const project = appProject(system, source.repository);
  const spec = project["spec"] as Record<string, unknown>;

  it("fits its kind's schema and has the system's name", () => {
    new AppProject(project as never).validate();
    assert.equal(project.metadata.name, "calculator");
  });

  it("allows one repository and one namespace of the cluster itself", () => {
    assert.deepEqual(spec["sourceRepos"], [source.repository]);
    assert.deepEqual(spec["destinations"], [
      { server: "https://kubernetes.default.svc", namespace: "calculator" },
    ]);
  });

  it("allows the delivered kinds and no object of the whole cluster", () => {
    assert.deepEqual(spec["clusterResourceWhitelist"], []);
    assert.deepEqual(spec["namespaceResourceWhitelist"], [...appKinds, ...istioConfigKinds]);
  });

  it("has no wildcard anywhere", () => {
    assert.deepEqual(
      leaves(project).filter(({ value }) => typeof value === "string" && value.includes("*")),
      [],
    );
  });
});

describe("an application", () => {
  const app = application(system, "app", source);
  const spec = app["spec"] as {
    project: string;
    source: Record<string, string>;
    syncPolicy: { automated: object; syncOptions: string[] };
  };

  it("fits its kind's schema", () => {
    new Application(app as never).validate();
    new Application(application(system, "istio-config", source) as never).validate();
  });

  it("keeps the name that calculator's users know, and a name of its own for every other system", () => {
    assert.equal(applicationName(system, "app"), "calculator-app");
    assert.equal(applicationName(system, "istio-config"), "istio-config-app");
    assert.equal(applicationName({ name: "shopflow" }, "app"), "shopflow-app");
    assert.equal(applicationName({ name: "shopflow" }, "istio-config"), "shopflow-istio-config");
  });

  it("syncs the folder that is rendered for it, at the configured revision", () => {
    assert.deepEqual(spec.source, {
      repoURL: source.repository,
      targetRevision: "main",
      path: "gitops/prod/calculator/app",
    });
    assert.equal(spec.project, "calculator");
  });

  it("heals and prunes by itself, and leaves the namespace to its owner", () => {
    assert.deepEqual(spec.syncPolicy.automated, { prune: true, selfHeal: true });
    assert.ok(spec.syncPolicy.syncOptions.includes("CreateNamespace=false"));
    assert.ok(spec.syncPolicy.syncOptions.includes("ServerSideApply=true"));
  });

  it("takes what it brought along when it goes", () => {
    assert.deepEqual(app.metadata.finalizers, ["resources-finalizer.argocd.argoproj.io/foreground"]);
  });
});
