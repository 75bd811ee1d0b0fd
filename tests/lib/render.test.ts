import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Manifest } from "../../lib/manifests.ts";
import {
  checkRendering,
  renderedFile,
  renderedFolder,
  renderManifest,
  writeRendering,
} from "../../lib/render.ts";
import { raises } from "../helpers/raises.ts";

const object: Manifest = { kind: "Service", apiVersion: "v1", metadata: { namespace: "a", name: "b" } };
const text = renderManifest("prod", object);

describe("renderManifest", () => {
  it("says where the file comes from, and then the object with its keys sorted", () => {
    assert.equal(
      text,
      "# Rendered by platform render prod; do not edit.\napiVersion: v1\nkind: Service\nmetadata:\n  name: b\n  namespace: a\n",
    );
  });

  it("goes into a file of the object's kind and name", () => {
    assert.equal(renderedFile(object), "service-b.yaml");
  });
});

describe("a rendered folder", () => {
  const one = "gitops/prod/shop/app/service-one.yaml";
  const two = "gitops/prod/shop/istio-config/service-two.yaml";
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "render-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("lies under the environment's name", () => {
    assert.equal(renderedFolder("prod"), "gitops/prod");
  });

  it("comes to be with every file", () => {
    const result = writeRendering(
      root,
      "prod",
      new Map([
        [two, text],
        [one, text],
      ]),
    );
    assert.deepEqual(result, { written: [one, two], removed: [], unchanged: [] });
    assert.equal(readFileSync(join(root, one), "utf8"), text);
  });

  it("is not touched when it is right", () => {
    writeRendering(root, "prod", new Map([[one, text]]));
    utimesSync(join(root, one), 1, 1);
    const result = writeRendering(root, "prod", new Map([[one, text]]));
    assert.deepEqual(result, { written: [], removed: [], unchanged: [one] });
    assert.equal(statSync(join(root, one)).mtimeMs, 1000);
  });

  it("loses what is not rendered any more, and folders that are empty then", () => {
    writeRendering(
      root,
      "prod",
      new Map([
        [one, text],
        [two, text],
      ]),
    );
    const result = writeRendering(root, "prod", new Map([[one, text]]));
    assert.deepEqual(result, { written: [], removed: [two], unchanged: [one] });
    assert.ok(!existsSync(join(root, "gitops/prod/shop/istio-config")));
  });

  it("goes away as a whole when nothing is rendered, and other environments stay", () => {
    writeRendering(root, "prod", new Map([[one, text]]));
    writeRendering(root, "stage", new Map([["gitops/stage/x.yaml", text]]));
    writeRendering(root, "prod", new Map());
    assert.ok(!existsSync(join(root, "gitops/prod")));
    assert.ok(existsSync(join(root, "gitops/stage/x.yaml")));
  });

  it("that holds a file from elsewhere is refused before anything is written", () => {
    mkdirSync(join(root, "gitops/prod/shop"), { recursive: true });
    writeFileSync(join(root, "gitops/prod/shop/mine.yaml"), "kind: ConfigMap\n");
    const error = raises("STALE_RENDERING", () => writeRendering(root, "prod", new Map([[one, text]])));
    assert.equal(error.key, "gitops/prod/shop/mine.yaml");
    assert.ok(!existsSync(join(root, one)));
  });

  it("passes the check when it is right, and else the check names the files", () => {
    writeRendering(
      root,
      "prod",
      new Map([
        [one, text],
        [two, text],
      ]),
    );
    checkRendering(
      root,
      "prod",
      new Map([
        [one, text],
        [two, text],
      ]),
    );
    const error = raises("STALE_RENDERING", () => checkRendering(root, "prod", new Map([[one, `${text}#`]])));
    assert.deepEqual(error.value, [one, two]);
    assert.match(error.message, /platform render prod/);
  });

  it("passes the check when nothing is rendered and nothing is there", () => {
    checkRendering(root, "qa", new Map());
  });
});
