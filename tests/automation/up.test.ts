import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { RunFailure } from "../../automation/errors.ts";
import type { ImageRegistry } from "../../automation/images.ts";
import { previewEnvironment } from "../../automation/preview.ts";
import type { SecretStore } from "../../automation/secrets.ts";
import type { SupplySources } from "../../automation/supplies.ts";
import { upEnvironment } from "../../automation/up.ts";
import type { ErrorId } from "../../lib/errors.ts";
import { raises, rejects } from "../helpers/raises.ts";
import { FakeEngine } from "./fake-engine.ts";

const allSet: SecretStore = { empty: async () => [] };
const noneSet: SecretStore = { empty: async (secrets) => [...secrets] };
const allThere: SupplySources = { images: { missing: async () => [] }, secrets: allSet };
const nonePushed: ImageRegistry = { missing: async (images) => [...images] };

/** The failure of a run, whose cause has this id. */
async function failure(id: ErrorId, run: Promise<unknown>): Promise<RunFailure> {
  const error = await run.then(
    () => new Error("the run did not fail"),
    (reason: Error) => reason,
  );
  if (!(error instanceof RunFailure)) throw error;
  raises(id, () => {
    throw error.error;
  });
  return error;
}

describe("up", () => {
  let engine: FakeEngine;
  const start = (environment: "qa" | "prod"): FakeEngine => (engine = new FakeEngine(environment));
  afterEach(() => engine.close());

  it("makes and applies the layers of a layered environment in order", async () => {
    start("prod");
    const result = await upEnvironment(engine.context(), { ...allThere });
    assert.deepEqual(engine.calls(), [
      ...["infra stack init prod", "infra up", "mesh stack init prod", "mesh up"],
      ...["apps stack init prod", "apps up", "argocd stack init prod", "argocd up"],
    ]);
    assert.deepEqual(
      result.layers.map(({ layer }) => layer),
      ["infra", "mesh", "apps", "argocd"],
    );
  });

  it("stops at the first layer that fails, names it, and goes on there when it is run again", async () => {
    start("prod");
    engine.fail("up", "mesh", "error: the cloud says no\n");
    const failed = await failure("ENGINE_FAILED", upEnvironment(engine.context(), { ...allThere }));
    assert.equal(failed.layer, "mesh");
    assert.match(failed.message, /the cloud says no\. .*'platform up prod' again/);
    assert.deepEqual(
      failed.done.map(({ layer }) => layer),
      ["infra", "mesh"],
    );
    engine.mend("up", "mesh");
    await upEnvironment(engine.context(), { ...allThere });
    assert.deepEqual(engine.calls(/^up$/), [
      "infra up",
      "mesh up",
      "infra up",
      "mesh up",
      "apps up",
      "argocd up",
    ]);
  });

  it("applies one layer alone if that was asked for", async () => {
    start("prod");
    await upEnvironment(engine.context(), { layer: "mesh", ...allThere });
    assert.deepEqual(engine.calls(/^up$/), ["mesh up"]);
  });

  it("looks for the images before the apps layer, not before", async () => {
    start("prod");
    const failed = await failure(
      "IMAGES_MISSING",
      upEnvironment(engine.context(), { ...allThere, images: nonePushed }),
    );
    assert.equal(failed.layer, "apps");
    assert.deepEqual(engine.calls(/^up$/), ["infra up", "mesh up"]);
  });

  it("looks for the secrets' values there too, and tells what is lacking of both at once", async () => {
    start("prod");
    const empty = await failure(
      "SECRETS_EMPTY",
      upEnvironment(engine.context(), { ...allThere, secrets: noneSet }),
    );
    assert.deepEqual([empty.layer, empty.others], ["apps", []]);
    const both = upEnvironment(engine.context(), { images: nonePushed, secrets: noneSet });
    const { others, done } = await failure("IMAGES_MISSING", both);
    assert.deepEqual(
      others.map(({ id }) => id),
      ["SECRETS_EMPTY"],
    );
    assert.deepEqual(
      done.map(({ layer }) => layer),
      ["infra", "mesh"],
    );
  });

  it("says what is wrong if Secrets Manager cannot be read", async () => {
    start("prod");
    const empty = async (): Promise<never> => {
      throw new Error("no access");
    };
    const failed = await failure(
      "ENGINE_FAILED",
      upEnvironment(engine.context(), { ...allThere, secrets: { empty } }),
    );
    assert.match(failed.message, /Secrets Manager cannot be read: no access/);
  });

  it("says what is wrong if the registry cannot be read", async () => {
    start("prod");
    const missing = async (): Promise<never> => {
      throw new Error("Could not load credentials from any providers");
    };
    await failure(
      "CREDENTIALS_MISSING",
      upEnvironment(engine.context(), { ...allThere, images: { missing } }),
    );
  });

  it("applies a composed environment in one go where every image is there", async () => {
    start("qa");
    await upEnvironment(engine.context(), { ...allThere });
    assert.deepEqual(engine.calls(), ["root stack init qa", "root up"]);
  });

  it("applies a composed environment up to infra on a fresh account, and then asks for the images", async () => {
    start("qa");
    await failure("IMAGES_MISSING", upEnvironment(engine.context(), { ...allThere, images: nonePushed }));
    const targets =
      "--target urn:pulumi:qa::platform::platform:infra:** --target urn:pulumi:qa::platform::pulumi:providers:*::*-infra";
    assert.deepEqual(engine.calls(/^up$/), [`root up ${targets}`]);
  });

  it("applies a composed environment up to infra first if only secrets are lacking that have no entry yet", async () => {
    start("qa");
    const run = (): Promise<unknown> => upEnvironment(engine.context(), { ...allThere, secrets: noneSet });
    await failure("SECRETS_EMPTY", run());
    assert.equal(engine.calls(/^up$/).length, 1);
    engine.outputs("root", { secretArns: { "qa/calculator/config": "address" } });
    await failure("SECRETS_EMPTY", run());
    assert.equal(engine.calls(/^up$/).length, 1);
  });

  it("goes on with everything if the images have been pushed meanwhile", async () => {
    start("qa");
    let looks = 0;
    const images: ImageRegistry = { missing: async (all) => (looks++ === 0 ? [...all] : []) };
    await upEnvironment(engine.context(), { ...allThere, images });
    assert.equal(engine.calls(/^up$/).length, 2);
    assert.equal(engine.calls(/^up$/)[1], "root up");
  });

  it("asks for images at once where the repositories exist", async () => {
    start("qa");
    engine.stand("root", 60);
    const services = ["calculator-api", "add-service", "subtract-service", "multiply-service"];
    const urls = Object.fromEntries(services.map((name) => [`qa/calculator/${name}`, "address"]));
    engine.outputs("root", { repositoryUrls: urls });
    await failure("IMAGES_MISSING", upEnvironment(engine.context(), { ...allThere, images: nonePushed }));
    assert.deepEqual(engine.calls(/^up$/), []);
  });

  it("refuses a mistake in the last layer before the first is touched", async () => {
    start("prod");
    const file = join(engine.root, "Pulumi.prod.yaml");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(file, `${readFileSync(file, "utf8")}  argocd:highAvailabilty: true\n`);
    await rejects("CONFIG_UNKNOWN_KEY", upEnvironment(engine.context(), { ...allThere }));
    assert.throws(() => engine.log(), { code: "ENOENT" });
  });

  it("says who holds the lock", async () => {
    start("qa");
    engine.fail(
      "up",
      "root",
      "error: the stack is currently locked by 1 lock(s).\n  file:///x: created by ana@laptop (pid 7) at 2026-11-21T08:40:47Z\n",
    );
    const failed = await failure("STACK_LOCKED", upEnvironment(engine.context(), { ...allThere }));
    assert.match(failed.message, /created by ana@laptop \(pid 7\)/);
  });

  it("explains a stack that cannot even be opened", async () => {
    start("qa");
    const { writeFileSync } = await import("node:fs");
    const text =
      "#!/bin/sh\n[ $1 = version ] && echo v3.259.0 && exit\necho 'error: PULUMI_ACCESS_TOKEN must be set for login' >&2; exit 255\n";
    writeFileSync(join(engine.root, "fake/bin/pulumi"), text);
    await failure("BACKEND_UNREACHABLE", upEnvironment(engine.context(), { ...allThere }));
  });

  it("does not begin once it was interrupted", async () => {
    start("prod");
    const controller = new AbortController();
    controller.abort();
    await rejects("CANCELLED", upEnvironment(engine.context({ signal: controller.signal }), { ...allThere }));
  });

  it("ends between two layers when it is interrupted there", async () => {
    start("prod");
    const controller = new AbortController();
    const failed = await failure(
      "CANCELLED",
      upEnvironment(engine.context({ signal: controller.signal }), {
        ...allThere,
        onProgress: (progress) => (progress.kind === "end" ? controller.abort() : undefined),
      }),
    );
    assert.deepEqual(engine.calls(/^up$/), ["infra up"]);
    assert.match(failed.message, /'platform up prod' again: it goes on from here/);
  });
});

describe("preview", () => {
  let engine: FakeEngine;
  beforeEach(() => (engine = new FakeEngine("prod")));
  afterEach(() => engine.close());

  const missing = 'error: Preview failed: unknown stack "organization/platform-infra/prod"\n';

  it("skips layers whose lower layer was never applied, and says which", async () => {
    engine.fail("preview", "mesh", missing);
    const notes: string[] = [];
    const result = await previewEnvironment(engine.context(), {
      onProgress: (progress) => (progress.kind === "note" ? notes.push(progress.text) : undefined),
    });
    assert.deepEqual(result.skipped, ["mesh", "apps", "argocd"]);
    assert.match(notes.join(), /Run layer infra first: platform up prod --layer infra/);
  });

  it("fails if just that layer was asked for", async () => {
    engine.fail("preview", "mesh", missing);
    await failure("CONTRACT_MISSING", previewEnvironment(engine.context(), { layer: "mesh" }));
  });
});
