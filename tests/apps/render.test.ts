import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

import { renderFiles } from "../../apps/render.ts";
import { systemObjects } from "../../apps/system-objects.ts";
import type { Manifest } from "../../lib/manifests.ts";
import { checkRendering } from "../../lib/render.ts";
import { identityOf } from "../helpers/objects.ts";
import { calculatorOf, placeOf } from "../helpers/placed.ts";
import { stacks } from "../helpers/program.ts";

const filesOf = (over: Record<string, unknown> = {}): Map<string, string> => {
  const { environment, systems } = placeOf("prod", over);
  return renderFiles(environment, systems);
};

const withWeights = (weights: object): Record<string, unknown> => ({
  "apps:systems": { calculator: { delivery: "gitops", services: { "add-service": { weights } } } },
});

describe("rendering", () => {
  it("writes every object that Argo CD delivers, one a file, in the folder of its application", () => {
    const files = [...filesOf()];
    const { app, istioConfig } = systemObjects(calculatorOf("prod"), placeOf("prod").environment);
    for (const [folder, objects] of [
      ["gitops/prod/calculator/app/", app],
      ["gitops/prod/calculator/istio-config/", istioConfig],
    ] as const) {
      const rendered = files
        .filter(([path]) => path.startsWith(folder))
        .map(([, text]) => parse(text) as Manifest);
      assert.deepEqual(rendered.map(identityOf).sort(), objects.map(identityOf).sort());
    }
    assert.equal(files.length, app.length + istioConfig.length);
  });

  it("writes nothing of what the apps layer keeps: namespace, accounts, secrets", () => {
    const kinds = new Set([...filesOf().values()].map((text) => (parse(text) as Manifest).kind));
    for (const kind of ["Namespace", "ServiceAccount", "SecretProviderClass", "Secret"])
      assert.ok(!kinds.has(kind), kind);
  });

  it("writes nothing of a system that the apps layer delivers itself", () => {
    assert.equal(filesOf({ "apps:systems": { calculator: { delivery: "pulumi" } } }).size, 0);
  });

  it("writes the very objects that the apps layer would create, but for the wave in which Argo CD applies them", () => {
    const { app, istioConfig } = systemObjects(calculatorOf("prod"), placeOf("prod").environment);
    const rendered = new Map(
      [...filesOf().values()].map((text) => {
        const object = parse(text) as Manifest;
        return [identityOf(object), object];
      }),
    );
    for (const object of [...app, ...istioConfig]) {
      const { annotations, ...metadata } = rendered.get(identityOf(object))?.metadata ?? { name: "" };
      assert.deepEqual({ ...rendered.get(identityOf(object)), metadata }, object);
      const routes = object.kind === "VirtualService";
      assert.deepEqual(annotations, routes ? { "argocd.argoproj.io/sync-wave": "1" } : undefined);
    }
  });

  it("is the same every time, whatever the order of the configuration", () => {
    assert.deepEqual(filesOf(withWeights({ v1: 10, v2: 90 })), filesOf(withWeights({ v2: 90, v1: 10 })));
  });

  it("changes exactly one file when one split changes", () => {
    const before = filesOf(withWeights({ v1: 70, v2: 30 }));
    const after = filesOf(withWeights({ v1: 60, v2: 40 }));
    assert.deepEqual([...before.keys()], [...after.keys()]);
    const changed = [...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
    assert.deepEqual(changed, ["gitops/prod/calculator/istio-config/virtualservice-add-service.yaml"]);
  });

  for (const stack of stacks) {
    it(`is committed for ${stack} as the program renders it`, () => {
      const { environment, systems } = placeOf(stack);
      const root = fileURLToPath(new URL("../..", import.meta.url));
      checkRendering(root, stack, renderFiles(environment, systems));
    });
  }
});
