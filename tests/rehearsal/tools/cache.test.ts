import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  cacheFailure,
  openCache,
  readCached,
  requireSpace,
  writeCached,
} from "../../../rehearsal/tools/cache.ts";
import { raises } from "../../helpers/raises.ts";

describe("the tool cache", () => {
  let directory: string;

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "cache-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it("is made with everything above it", () => {
    assert.equal(openCache(join(directory, "a/b")), join(directory, "a/b"));
    assert.deepEqual(readdirSync(directory), ["a"]);
  });

  it("must be a directory that can be written", () => {
    writeFileSync(join(directory, "file"), "");
    raises("CACHE_UNWRITABLE", () => openCache(join(directory, "file")));
    const denied = Object.assign(new Error("EACCES"), { code: "EACCES" });
    assert.equal(raises("CACHE_UNWRITABLE", () => cacheFailure(denied, directory)).cause, denied);
  });

  it("must have room for what is missing, before anything is built", () => {
    requireSpace(directory, 1);
    const error = raises("CACHE_FULL", () => requireSpace(directory, 2 ** 40));
    assert.equal(error.key, directory);
    assert.match(String(error.value), /^\d+ MB free$/);
  });

  it("says that the disk is full when a write fails for it, and passes other failures on", () => {
    const full = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    assert.match(raises("CACHE_FULL", () => cacheFailure(full, directory)).message, /PLATFORM_CACHE/);
    assert.throws(() => cacheFailure(new Error("something else"), directory), /^Error: something else$/);
  });

  it("remembers JSON, and takes a damaged file for none", () => {
    const file = join(directory, "deep/memory.json");
    assert.equal(readCached(file), undefined);
    writeCached(file, { a: 1 });
    assert.deepEqual(readCached(file), { a: 1 });
    assert.deepEqual(readdirSync(join(directory, "deep")), ["memory.json"]);
    writeFileSync(file, readFileSync(file, "utf8").slice(0, 3));
    assert.equal(readCached(file), undefined);
  });
});
