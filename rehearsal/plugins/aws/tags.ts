import { UNKNOWN, type CheckFailure, type Inputs } from "../provider.ts";
import { bagAt, isBag } from "./values.ts";

const MAX_TAGS = 50;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The tags that an object carries: its own win over the provider's default ones. */
export function allTags(defaultTags: Inputs, inputs: Inputs): Inputs | string {
  return inputs["tags"] === UNKNOWN ? UNKNOWN : { ...defaultTags, ...bagAt(inputs, "tags") };
}

/** What AWS refuses of tags: reserved or overlong keys, foreign characters, too many. */
export function tagFailures(inputs: Inputs, defaultTags: Inputs): CheckFailure[] {
  const own = inputs["tags"];
  if (own !== undefined && own !== UNKNOWN && !isBag(own))
    return [{ property: "tags", reason: "expected a map of texts" }];
  const all = allTags(defaultTags, inputs);
  if (!isBag(all)) return [];
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  if (Object.keys(all).length > MAX_TAGS) fail("tags", `an object carries at most ${MAX_TAGS} tags`);
  for (const [key, value] of Object.entries(all)) {
    const property = `tags.${key}`;
    if (/^aws:/i.test(key)) fail(property, "tag keys that begin with aws: are reserved");
    if (key.length === 0 || key.length > 128) fail(property, "a tag key has 1 to 128 characters");
    if (!ALLOWED.test(key)) fail(property, "a tag key holds letters, digits, spaces and _ . : / = + - @");
    if (typeof value !== "string" || value === UNKNOWN) continue;
    if (value.length > 256) fail(property, "a tag value has at most 256 characters");
    if (!ALLOWED.test(value)) fail(property, "a tag value holds letters, digits, spaces and _ . : / = + - @");
  }
  return failures;
}
