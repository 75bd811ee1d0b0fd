import { fail } from "../lib/errors.ts";

const dnsLabel = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A value breaks its rule. */
export function invalid(key: string, value: unknown, rule: string, remedy: string): never {
  fail({ id: "SYSTEM_INVALID", key, value, rule, remedy });
}

/** A name that Kubernetes takes for an object, a label value and a part of a host. */
export function checkName(name: string, key: string): void {
  if (dnsLabel.test(name)) return;
  invalid(
    key,
    name,
    "a DNS label: at most 63 lower-case letters, digits and hyphens, beginning with a letter",
    "Rename it.",
  );
}

/** A whole number between two bounds, both included. */
export function checkWhole(value: number, [low, high]: readonly [number, number], key: string): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  const bounds = high === Infinity ? `of at least ${low}` : `from ${low} to ${high}`;
  invalid(key, value, `a whole number ${bounds}`, "Correct it.");
}

/** Text of a given form. */
export function checkForm(value: string, form: RegExp, key: string, rule: string): void {
  if (!form.test(value)) invalid(key, value, rule, "Correct it.");
}

/** No name stands there twice. */
export function checkUnique(names: readonly string[], key: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  fail({
    id: "SYSTEM_DUPLICATE",
    key,
    value: twice,
    rule: "it stands there twice",
    remedy: "Rename one of the two.",
  });
}

/** A name is one of those that exist. */
export function checkReference(name: string, known: readonly string[], key: string, rule: string): void {
  if (known.includes(name)) return;
  fail({
    id: "SYSTEM_UNKNOWN_REFERENCE",
    key,
    value: name,
    rule,
    remedy: `Name one of ${known.join(", ")}.`,
  });
}
