import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { z } from "zod";

import { programConfig, readBag, type ConfigSource } from "../../lib/config.ts";
import { PlatformError } from "../../lib/errors.ts";
import { collect } from "../helpers/mocks.ts";
import { raises } from "../helpers/raises.ts";

const schema = z.object({
  account: z.string().regex(/^\d{12}$/, "the 12 digits of an account"),
  days: z.int().min(0).default(7),
  protect: z.boolean().optional(),
  cluster: z
    .object({ version: z.string(), cidrs: z.array(z.string()).default([]) })
    .strict()
    .optional(),
  size: z.enum(["small", "large"]).optional(),
});

const source =
  (values: Record<string, string>): ConfigSource =>
  (bag) =>
    bag === "test" ? values : {};

const read = (values: Record<string, string>): z.infer<typeof schema> =>
  readBag("test", schema, source(values));

const account = "111122223333";

describe("reading a bag", () => {
  it("keeps strings that look like numbers where the schema wants strings", () => {
    assert.equal(read({ account }).account, "111122223333");
    assert.equal(read({ account, cluster: '{"version":"1.30"}' }).cluster?.version, "1.30");
  });

  it("reads numbers, booleans, lists and maps from their text", () => {
    const values = read({
      account,
      days: "30",
      protect: "true",
      cluster: '{"version":"1.36","cidrs":["10.0.0.0/8"]}',
    });
    assert.deepEqual(values, {
      account,
      days: 30,
      protect: true,
      cluster: { version: "1.36", cidrs: ["10.0.0.0/8"] },
    });
  });

  it("fills in defaults", () => {
    assert.deepEqual(read({ account }), { account, days: 7 });
  });

  it("does not see other bags", () => {
    assert.deepEqual(readBag("other", z.object({}), source({ account })), {});
  });

  it("refuses an unknown key and lists the known ones", () => {
    const error = raises("CONFIG_UNKNOWN_KEY", () => read({ account, dayz: "3" }));
    assert.equal(error.key, "test:dayz");
    assert.match(error.remedy, /Known keys of test: account, cluster, days, protect, size\./);
  });

  it("refuses an unknown key deep inside and names its path", () => {
    const error = raises("CONFIG_UNKNOWN_KEY", () =>
      read({ account, cluster: '{"version":"1.36","cidr":[]}' }),
    );
    assert.equal(error.key, "test:cluster.cidr");
  });

  it("refuses a missing key and says how to set it", () => {
    const error = raises("CONFIG_MISSING", () => read({}));
    assert.equal(error.message, "CONFIG_MISSING: test:account: it is required (string). " + error.remedy);
    assert.match(error.remedy, /pulumi config set --path 'test:account' <value>/);
  });

  it("refuses a value of the wrong type by key and value", () => {
    const error = raises("CONFIG_INVALID", () => read({ account, days: "soon" }));
    assert.equal(error.key, "test:days");
    assert.equal(error.value, "soon");
  });

  it("blames the rule, not the type, for a string of digits that is too short", () => {
    const error = raises("CONFIG_INVALID", () => read({ account: "123" }));
    assert.equal(error.value, "123");
    assert.equal(error.rule, "the 12 digits of an account");
  });

  it("takes a number for what it is where the schema wants a string inside a map", () => {
    const error = raises("CONFIG_INVALID", () => read({ account, cluster: '{"version":1.3}' }));
    assert.equal(error.key, "test:cluster.version");
    assert.equal(error.value, 1.3);
  });

  it("names the place in a list", () => {
    const error = raises("CONFIG_INVALID", () =>
      read({ account, cluster: '{"version":"1.36","cidrs":["a",2]}' }),
    );
    assert.equal(error.key, "test:cluster.cidrs[1]");
  });

  it("tells everything that is wrong at once", () => {
    const error = raises("CONFIG_INVALID", () => read({ account: "1", days: "-1", size: "huge", more: "x" }));
    assert.equal(error.key, "test:account");
    for (const other of ["test:days", "test:size", "test:more"])
      assert.match(error.remedy, new RegExp(`${other}: `));
  });

  it("lets a check of the schema name its own id and remedy", () => {
    const own = z.object({
      cidr: z.string().superRefine((value, ctx) => {
        const params = { id: "CIDR_INVALID", remedy: "Write a.b.c.d/n." };
        if (!value.includes("/")) ctx.addIssue({ code: "custom", message: "a CIDR block", params });
      }),
    });
    const error = raises("CIDR_INVALID", () => readBag("net", own, () => ({ cidr: "10.0.0.0" })));
    assert.ok(error instanceof PlatformError);
    assert.equal(error.message, 'CIDR_INVALID: net:cidr = "10.0.0.0": a CIDR block. Write a.b.c.d/n.');
  });
});

describe("a value that must not be shown", () => {
  it("is left out of the error where the rule says that it may hold a credential", () => {
    const own = z.object({
      address: z.string().refine(() => false, { message: "no credential", params: { hideValue: true } }),
    });
    const error = raises("CONFIG_INVALID", () => readBag("net", own, () => ({ address: "hunter2" })));
    assert.equal(error.value, undefined);
    assert.ok(!error.message.includes("hunter2"));
  });

  it("is left out where the engine keeps the key secret, however deep the mistake or wide the rule", async () => {
    const whole = z.object({ cluster: z.unknown() }).refine(() => false, "never right");
    await collect(() => {
      const config = { "test:account": account, "test:cluster": '{"version":["hunter2"]}' };
      pulumi.runtime.setAllConfig(config, ["test:cluster"]);
      for (const read of [
        () => readBag("test", schema),
        () => readBag("test", whole.safeExtend({ account: z.string() })),
      ]) {
        const error = raises("CONFIG_INVALID", read);
        assert.equal(error.value, undefined);
        assert.ok(!error.message.includes("hunter2"));
      }
      pulumi.runtime.setAllConfig(config);
      assert.deepEqual(raises("CONFIG_INVALID", () => readBag("test", schema)).value, ["hunter2"]);
    });
  });
});

describe("the program's configuration", () => {
  it("is the engine's, by bag", async () => {
    const seen: unknown[] = [];
    const config = { "infra:zones": "[1]", "infrared:x": "1", "mesh:a:b": "2" };
    await collect(() => void seen.push(programConfig("infra"), programConfig("mesh")), { config });
    assert.deepEqual(seen, [{ zones: "[1]" }, { "a:b": "2" }]);
  });
});
