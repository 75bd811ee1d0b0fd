/** The stand-in behind the toy program. It writes down what it is asked in the file that TOY_LOG names. */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import {
  InitError,
  UNKNOWN,
  type DiffKind,
  type Inputs,
  type Provider,
} from "../../../rehearsal/plugins/provider.ts";
import { serveProvider } from "../../../rehearsal/plugins/serve.ts";

function note(call: string, detail: unknown): void {
  appendFileSync(process.env["TOY_LOG"] ?? "/dev/null", `${JSON.stringify({ call, detail })}\n`);
}

let serial = 0;

function made(name: string, inputs: Inputs, preview: boolean): { id: string; outputs: Inputs } {
  serial += 1;
  return {
    id: preview ? "" : `toy-${name}`,
    outputs: { ...inputs, serial: preview ? UNKNOWN : `serial-${serial}` },
  };
}

const toy: Provider = {
  name: "toy",
  version: "1.2.3",
  async configure(config) {
    note("configure", config);
  },
  async check({ news, name, seed }) {
    const failures = news["size"] === -1 ? [{ property: "size", reason: "a size is not negative" }] : [];
    note("check", { name, seed: seed.length });
    return { inputs: news, failures };
  },
  async diff({ oldInputs, newInputs }) {
    const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])];
    const changed = keys.filter((key) => JSON.stringify(oldInputs[key]) !== JSON.stringify(newInputs[key]));
    const replaces = changed.filter((key) => key === "kind");
    const detailed = Object.fromEntries(
      changed.map((key): [string, DiffKind] => [key, key === "kind" ? "update-replace" : "update"]),
    );
    return { changes: changed.length > 0, replaces, detailed, deleteBeforeReplace: true };
  },
  async create({ name, inputs, preview, signal }) {
    note("create", { name, inputs, preview });
    const { id, outputs } = made(name, inputs, preview);
    if (inputs["fragile"] === true && !preview) {
      throw new InitError(id, outputs, ["it broke at once"]);
    }
    if (inputs["slow"] === true && !preview) {
      await sleep(60_000, undefined, { signal });
    }
    return { id, outputs };
  },
  async update({ name, newInputs, oldOutputs, preview }) {
    note("update", { name, preview });
    return { outputs: { ...oldOutputs, ...newInputs } };
  },
  async delete({ name, id }) {
    note("delete", { name, id });
  },
  async invoke({ token, args }) {
    note("invoke", { token, args });
    return { result: { zones: [`${String(args["region"])}a`, `${String(args["region"])}b`] } };
  },
};

await serveProvider(toy);
