import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { errorIds, fail, PlatformError, type ErrorId } from "../../lib/errors.ts";
import { raises } from "../helpers/raises.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ids = Object.keys(errorIds) as ErrorId[];

describe("an error of the platform", () => {
  it("says id, key, value, rule and remedy in one line", () => {
    const details = {
      id: "CONFIG_INVALID",
      key: "infra:days",
      value: "x",
      rule: "a number",
      remedy: "Write 7.",
    } as const;
    const error = raises("CONFIG_INVALID", () => fail(details));
    assert.equal(error.message, 'CONFIG_INVALID: infra:days = "x": a number. Write 7.');
  });

  it("leaves the value out where there is none", () => {
    const error = new PlatformError({
      id: "CONFIG_MISSING",
      key: "infra:days",
      rule: "it is required",
      remedy: "Set it.",
    });
    assert.equal(error.message, "CONFIG_MISSING: infra:days: it is required. Set it.");
  });

  it("keeps its cause", () => {
    const cause = new Error("no space");
    const error = new PlatformError({ id: "CACHE_FULL", key: "cache", rule: "r", remedy: "m", cause });
    assert.equal(error.cause, cause);
  });
});

describe("the table of errors", () => {
  const rows = readFileSync(`${root}/docs/errors.md`, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")))
    .map(([, id, when, remedy]) => [id, when, remedy]);

  it("is alphabetical", () => {
    assert.deepEqual(ids, [...ids].sort());
  });

  it("has a row for every id in docs/errors.md, in the same order", () => {
    assert.deepEqual(
      rows.map(([id]) => id),
      ids,
    );
  });

  it("says of each when it comes and what to do", () => {
    for (const [id, when, remedy] of rows) {
      assert.ok((when ?? "").trim().length > 10 && (remedy ?? "").trim().length > 10, id);
    }
  });
});

describe("the tests", () => {
  it("reach every error", () => {
    const tests = globSync("tests/**/*.test.ts", { cwd: root }).map((file) =>
      readFileSync(`${root}/${file}`, "utf8"),
    );
    const reached = new Set(
      tests.flatMap((text) =>
        [...text.matchAll(/\b(?:raises|rejects)\(\s*"([A-Z_]+)"/g)].map((match) => match[1]),
      ),
    );
    assert.deepEqual(
      ids.filter((id) => !reached.has(id)),
      [],
      "no test raises these",
    );
  });
});
