import assert from "node:assert/strict";

import { reservedNamespaces } from "../../systems/reserved.ts";
import { placeOf } from "../helpers/placed.ts";
import { program, stacks } from "../helpers/program.ts";

for (const stack of stacks) {
  describe(`the namespaces of ${stack}`, () => {
    it("that are no system's own are reserved, so that no system can have them", async () => {
      const { resources } = await program(stack);
      const used = resources.flatMap(({ type, inputs }) => {
        const { name, namespace } = (inputs["metadata"] ?? {}) as { name?: string; namespace?: string };
        if (type === "kubernetes:core/v1:Namespace") return name ?? [];
        if (type === "kubernetes:helm.sh/v3:Release") return String(inputs["namespace"]);
        return namespace ?? [];
      });
      const systems = placeOf(stack).systems.map(({ namespace }) => namespace);
      const platform = [...new Set(used)].filter((name) => !systems.includes(name)).sort();
      assert.deepEqual(platform, ["argocd", "cert-manager", "istio-cni", "istio-system", "kube-system"]);
      assert.deepEqual(
        platform.filter((name) => !reservedNamespaces.some((reserved) => reserved === name)),
        [],
      );
    });
  });
}
