import assert from "node:assert/strict";

import { bytes, millicores, milliseconds } from "../../systems/units.ts";
import { raises } from "../helpers/raises.ts";

describe("units", () => {
  it("read durations", () => {
    assert.deepEqual(
      ["250ms", "30s", "1.5s"].map((text) => milliseconds(text)),
      [250, 30_000, 1500],
    );
    for (const text of ["", "30", "s", "-1s", "1m", "1 s"])
      raises("SYSTEM_INVALID", () => milliseconds(text));
  });

  it("read processor time", () => {
    assert.deepEqual(
      ["50m", "2", "0.5"].map((text) => millicores(text)),
      [50, 2000, 500],
    );
    for (const text of ["", "m", "-1", "1c"]) raises("SYSTEM_INVALID", () => millicores(text));
  });

  it("read memory", () => {
    assert.deepEqual(
      ["1Ki", "96Mi", "2Gi"].map((text) => bytes(text)),
      [1024, 96 * 1024 ** 2, 2 * 1024 ** 3],
    );
    for (const text of ["", "1", "1.5Gi", "1G", "Mi"]) raises("SYSTEM_INVALID", () => bytes(text));
  });

  it("say where a wrong value stands", () => {
    assert.equal(
      raises("SYSTEM_INVALID", () => milliseconds("x", "shop.back.timeout")).key,
      "shop.back.timeout",
    );
  });
});
