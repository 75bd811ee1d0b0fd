import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeWorkspace, withOwnSecrets } from "../../rehearsal/workspace.ts";

describe("the shadow of the checkout", () => {
  let directory: string;
  let checkout: string;
  let shadow: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "workspace-"));
    checkout = join(directory, "checkout");
    shadow = join(checkout, ".rehearsal/qa/workspace");
    for (const folder of ["infra", "infra/deep", "lib", ".git"]) {
      mkdirSync(join(checkout, folder), { recursive: true });
    }
    put("Pulumi.yaml", "name: platform\n");
    put("Pulumi.qa.yaml", "config:\n  a: 1\n");
    put("infra/Pulumi.yaml", "name: platform-infra\n");
    put("infra/index.ts", "");
    put("lib/errors.ts", "");
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  function put(path: string, text: string): void {
    writeFileSync(join(checkout, path), text);
  }

  function isLink(path: string): boolean {
    return lstatSync(join(shadow, path)).isSymbolicLink();
  }

  it("has real folders for projects, copies of stack files, and links for the rest", () => {
    assert.deepEqual(makeWorkspace(checkout, shadow), ["", "infra"]);
    assert.deepEqual([isLink("infra"), isLink("Pulumi.qa.yaml")], [false, false]);
    assert.deepEqual(
      ["Pulumi.yaml", "lib", "infra/index.ts", "infra/Pulumi.yaml", "infra/deep"].map(isLink),
      [true, true, true, true, true],
    );
    assert.equal(readlinkSync(join(shadow, "infra/index.ts")), join(checkout, "infra/index.ts"));
    assert.ok(!existsSync(join(shadow, ".git")));
  });

  it("follows the checkout when it is refreshed: new, changed, removed, moved", () => {
    makeWorkspace(checkout, shadow);
    put("Pulumi.qa.yaml", "config:\n  a: 2\n");
    put("infra/layer.ts", "");
    rmSync(join(checkout, "lib"), { recursive: true });
    mkdirSync(join(checkout, "lib"));
    put("lib/Pulumi.yaml", "name: lib\n");
    rmSync(join(checkout, "infra/Pulumi.yaml"));
    assert.deepEqual(makeWorkspace(checkout, shadow), ["", "lib"]);
    assert.equal(readFileSync(join(shadow, "Pulumi.qa.yaml"), "utf8"), "config:\n  a: 2\n");
    assert.deepEqual([isLink("infra"), isLink("lib"), isLink("lib/Pulumi.yaml")], [true, false, true]);
    assert.ok(existsSync(join(shadow, "infra/layer.ts")));
    assert.ok(
      existsSync(join(checkout, "infra/index.ts")),
      "refreshing must not follow a link and delete behind it",
    );

    rmSync(join(checkout, "infra"), { recursive: true });
    makeWorkspace(checkout, shadow);
    assert.equal(lstatSync(join(shadow, "infra"), { throwIfNoEntry: false }), undefined);
  });

  it("keeps the salt of its own stack, and never writes one into the checkout", () => {
    makeWorkspace(checkout, shadow);
    writeFileSync(join(shadow, "Pulumi.qa.yaml"), "config:\n  a: 1\nencryptionsalt: v1:own\n");
    put("Pulumi.qa.yaml", "config:\n  a: 3\n");
    makeWorkspace(checkout, shadow);
    assert.equal(
      readFileSync(join(shadow, "Pulumi.qa.yaml"), "utf8"),
      "config:\n  a: 3\nencryptionsalt: v1:own\n",
    );
    assert.equal(readFileSync(join(checkout, "Pulumi.qa.yaml"), "utf8"), "config:\n  a: 3\n");
  });

  it("leaves the checkout's secrets provider out: a rehearsal has no key of the account", () => {
    const text = "secretsprovider: awskms://alias/x\nencryptedkey: abc\nconfig:\n  a: 1";
    assert.equal(withOwnSecrets(text, []), "config:\n  a: 1");
    assert.equal(
      withOwnSecrets(text, ["encryptionsalt: v1:own\n"]),
      "config:\n  a: 1\nencryptionsalt: v1:own\n",
    );
    assert.equal(
      withOwnSecrets("encryptionsalt: v1:theirs\n", ["encryptionsalt: v1:own"]),
      "encryptionsalt: v1:own\n",
    );
  });
});
