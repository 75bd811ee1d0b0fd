import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";

import { locateManifests } from "../../../rehearsal/tools.ts";
import { rejects } from "../../helpers/raises.ts";
import { FakeGo } from "./fake-go.ts";

describe("the manifests that come with Go modules", () => {
  let go: FakeGo;

  beforeEach(() => (go = new FakeGo()));
  afterEach(() => go.remove());

  it("are located in one call, at the versions of go.mod, and remembered", async () => {
    const located = await locateManifests({ cache: go.cache });
    const [call, ...more] = go.calls();
    assert.deepEqual(more, []);
    assert.match(call ?? "", /^manifests: mod download -json .*istio\.io\/istio@v\S+/);
    const istio = located.istio;
    assert.equal(istio.directory, join(go.directory, `modules/istio.io/istio@${istio.version}`));
    assert.equal(istio.charts["gateway"], join(istio.directory, "manifests/charts/gateway"));
    assert.equal(located.gatewayApi.crds, join(located.gatewayApi.directory, "config/crd/standard"));

    go.uninstall();
    assert.deepEqual(await locateManifests({ cache: go.cache }), located);
  });

  it("are fetched again when Go's module cache was cleaned", async () => {
    const { argocd } = await locateManifests({ cache: go.cache, only: ["argocd"] });
    rmSync(argocd.directory, { recursive: true });
    go.calls();
    await locateManifests({ cache: go.cache });
    assert.match(go.calls()[0] ?? "", /argo-cd\/v3@/);
  });

  it("say which module cannot be fetched", async () => {
    const object =
      '{"Path":"istio.io/istio","Error":"istio.io/istio@v0.0.0-1: dial tcp 1.2.3.4:443: i/o timeout"}';
    go.behave({ download: `printf '%s\\n}\\n' '${object.slice(0, -1)}'; exit 1` });
    const error = await rejects("TOOL_NO_NETWORK", locateManifests({ cache: go.cache, only: ["istio"] }));
    assert.equal(error.value, "istio.io/istio@v0.0.0-1");
  });
});
