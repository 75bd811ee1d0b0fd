import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  Inputs,
  InvokeRequest,
  InvokeResult,
  Provider,
  ReadRequest,
  UpdateRequest,
} from "../provider.ts";
import { UNKNOWN } from "../provider.ts";
import { dataSource } from "./data-sources.ts";
import { diffResource } from "./diff.ts";
import { createObject, deleteObject, updateObject } from "./lifecycle.ts";
import { withName, withoutDefaults } from "./names.ts";
import { resourceType } from "./resource-types.ts";
import type { ResourceType } from "./resource-type.ts";
import { readSettings, type Settings } from "./settings.ts";
import { Account } from "./store.ts";
import { allTags, tagFailures } from "./tags.ts";
import { at, hasUnknown, isBag, text, withValue } from "./values.ts";

/** The version of the real provider whose rules are simulated; the same as the npm package's. */
export const AWS_VERSION = "7.48.0";

/** The stand-in for the AWS provider: answers the engine from the simulated account and changes nothing anywhere else. */
export class SimulatedAws implements Provider {
  readonly name = "aws";
  readonly version = AWS_VERSION;
  readonly #directory: string;
  readonly #accountId: string;
  #settings: Settings | undefined;

  /** @param directory where the account's state is kept */
  constructor(directory: string, accountId: string) {
    this.#directory = directory;
    this.#accountId = accountId;
  }

  async configure(config: Inputs): Promise<void> {
    this.#settings = readSettings(config, this.#accountId);
  }

  async diffConfig(r: { oldInputs: Inputs; newInputs: Inputs }): Promise<{ replaces: string[] }> {
    // Another region holds other objects: nothing of the old one can be kept.
    return { replaces: r.oldInputs["region"] === r.newInputs["region"] ? [] : ["region"] };
  }

  async check(r: CheckRequest): Promise<CheckResult> {
    const type = resourceType(r.type);
    const named = withName(type.autoname, r);
    const inputs = documentsAsText(type, named.inputs);
    const failures = [
      ...(named.reason === undefined
        ? []
        : [{ property: type.autoname?.property ?? "name", reason: named.reason }]),
      ...(type.required ?? [])
        .filter((property) => inputs[property] === undefined)
        .map((property) => ({ property, reason: `Missing required property '${property}'` })),
      ...(type.taggable === true ? tagFailures(inputs, this.#configured.defaultTags) : []),
      ...(type.check?.(withoutDefaults(inputs), this.#region(inputs)) ?? []),
    ];
    return { inputs, failures };
  }

  async diff(r: DiffRequest): Promise<DiffResult> {
    const type = resourceType(r.type);
    const regional = type.regional === false ? [] : ["region"];
    const withRegion = { ...type, replace: [...(type.replace ?? []), ...regional] };
    return diffResource(withRegion, r, this.#configured.defaultTags);
  }

  async create(r: CreateRequest): Promise<{ id: string; outputs: Inputs }> {
    const type = resourceType(r.type);
    const inputs = withoutDefaults(r.inputs);
    const outputs = this.#echo(type, inputs);
    if (r.preview) return { id: "", outputs: unknowns(type.computed, outputs) };
    const made = await createObject(type, {
      ...this.#place(inputs),
      type: r.type,
      urn: r.urn,
      name: r.name,
      inputs,
      echo: outputs,
    });
    return { id: made.id, outputs: made.outputs };
  }

  async read(r: ReadRequest): Promise<{ id: string; inputs: Inputs; outputs: Inputs } | undefined> {
    const found = this.#place(r.outputs).account.get(r.type, r.id);
    if (found === undefined) return undefined;
    const inputs = Object.keys(r.inputs).length > 0 ? r.inputs : found.inputs;
    return { id: r.id, inputs, outputs: found.outputs };
  }

  async update(r: UpdateRequest): Promise<{ outputs: Inputs }> {
    const type = resourceType(r.type);
    const inputs = withoutDefaults(r.newInputs);
    if (r.preview) {
      const kept = keptOutputs(type, r.oldOutputs, this.#echo(type, inputs));
      return { outputs: unknowns(type.changing ?? [], kept, true) };
    }
    const changed = await updateObject(type, {
      ...this.#place(inputs),
      type: r.type,
      urn: r.urn,
      name: r.name,
      id: r.id,
      inputs,
      echo: this.#echo(type, inputs),
    });
    return { outputs: changed.outputs };
  }

  async delete(r: DeleteRequest): Promise<void> {
    await deleteObject(resourceType(r.type), this.#place(r.outputs).account, r.type, r.id);
  }

  async invoke(r: InvokeRequest): Promise<InvokeResult> {
    return { result: await dataSource(r.token)(r.args, this.#place(r.args)) };
  }

  /** The outputs that follow from the inputs alone. */
  #echo(type: ResourceType, inputs: Inputs): Inputs {
    return {
      ...type.defaults,
      ...inputs,
      ...(type.regional === false ? {} : { region: this.#region(inputs) }),
      ...(type.taggable === true ? { tagsAll: allTags(this.#configured.defaultTags, inputs) } : {}),
    };
  }

  /** The account as it looks from the region that the inputs or outputs name. */
  #place(bag: Inputs): { account: Account; region: string } {
    const region = this.#region(bag);
    return { region, account: new Account(this.#directory, this.#accountId, region) };
  }

  #region(inputs: Inputs): string {
    return text(inputs, "region") ?? this.#configured.region;
  }

  get #configured(): Settings {
    if (this.#settings === undefined) throw new Error("the simulated AWS was asked before it was configured");
    return this.#settings;
  }
}

function documentsAsText(type: ResourceType, inputs: Inputs): Inputs {
  const documents = (type.documents ?? []).filter((property) => isBag(inputs[property]));
  return documents.reduce<Inputs>((bag, property) => {
    // One unknown inside makes the whole text unknown.
    const document = inputs[property];
    return { ...bag, [property]: hasUnknown(document) ? UNKNOWN : JSON.stringify(document) };
  }, inputs);
}

/** The outputs with these paths not known yet; those that the program itself says are left, unless they change. */
function unknowns(paths: readonly string[], outputs: Inputs, always = false): Inputs {
  return paths.reduce(
    (bag, path) => (always || at(bag, path) === undefined ? withValue(bag, path, UNKNOWN) : bag),
    outputs,
  );
}

/** What an update in place leaves as it was: the computed outputs, below what the inputs say now. */
function keptOutputs(type: ResourceType, old: Inputs, echo: Inputs): Inputs {
  return type.computed.reduce(
    (bag, path) => (at(bag, path) === undefined ? withValue(bag, path, at(old, path)) : bag),
    echo,
  );
}
