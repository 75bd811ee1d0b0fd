import { UNKNOWN, type CheckRequest, type Inputs } from "../provider.ts";
import type { Autoname } from "./resource-type.ts";
import { sha256 } from "./disk.ts";
import { text, texts } from "./values.ts";

/** Where the bridged providers keep which inputs are theirs and not the program's; the engine does not show it. */
export const DEFAULTS = "__defaults";

const DIGITS = 7;

/** The inputs with a name: the program's, or else the one of the last run, or else a new one. */
export function withName(
  rule: Autoname | undefined,
  request: CheckRequest,
): { inputs: Inputs; reason?: string } {
  const property = rule?.property ?? "name";
  if (
    rule === undefined ||
    request.news[property] !== undefined ||
    request.news[`${property}Prefix`] !== undefined
  ) {
    return { inputs: request.news };
  }
  const kept = texts(request.olds, DEFAULTS).includes(property) ? text(request.olds, property) : undefined;
  const name = kept ?? newName(rule, request.name, request.seed);
  const reason =
    name.length > rule.max
      ? `the name "${name}", made from the resource's, is longer than ${rule.max} characters: give "${property}"`
      : undefined;
  return { inputs: { ...request.news, [property]: name, [DEFAULTS]: [property] }, reason };
}

/** Whether the name was given by the program and stays: then the new object cannot exist beside the old one. */
export function keepsGivenName(rule: Autoname | undefined, oldInputs: Inputs, newInputs: Inputs): boolean {
  const property = rule?.property ?? "name";
  const name = newInputs[property];
  if (rule === undefined || name === undefined || name === UNKNOWN) return false;
  return name === oldInputs[property] && !texts(newInputs, DEFAULTS).includes(property);
}

/** A property bag without the provider's own notes. */
export function withoutDefaults(inputs: Inputs): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== DEFAULTS));
}

function newName(rule: Autoname, name: string, seed: Uint8Array): string {
  const digits = sha256(`${name}/${Buffer.from(seed).toString("hex")}`).slice(0, DIGITS);
  const full = `${rule.prefix ?? ""}${name}-${digits}`;
  return rule.lowerCase === true ? full.toLowerCase() : full;
}
